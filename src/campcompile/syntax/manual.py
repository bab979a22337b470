"""The one form of a manual page: what `campcompile explain CODE` prints."""

from __future__ import annotations

from textwrap import dedent


def page(*, what: str, why: str, example: str, instead: str, sources: tuple[str, ...]) -> str:
    """A manual page in Markdown; `example` and `instead` are YAML or, in a layout, HTML."""
    return "\n\n".join(
        (
            f"## What it does\n\n{dedent(what).strip()}",
            f"## Why it matters\n\n{dedent(why).strip()}",
            f"## Example\n\n{_code(example)}",
            f"## Use instead\n\n{_code(instead)}",
            "## Sources\n\n" + "\n".join(f"- {source}" for source in sources),
        )
    )


def short_page(what: str, why: str, example: str, instead: str, sources: str = "the campaign language") -> str:
    """The same, for pages of a line each; `sources` are parted by `; `."""
    return page(what=what, why=why, example=example, instead=instead, sources=tuple(sources.split("; ")))


def _code(text: str) -> str:
    code = dedent(text).strip("\n").rstrip()
    return f"```{'html' if code.startswith('<') else 'yaml'}\n{code}\n```"
