"""The words of Handlebars, which several services speak: `{{t1}}`, `{{{t1}}}`, `{{#if c1}} … {{else}} … {{/if}}`."""

from __future__ import annotations

from campcompile.dialects.dialect import Medium, UnsayableError

SIGN = "{{"
# A comment inside each arm keeps Handlebars from taking a tag that is alone on its line away with the line.
_GUARD = "{{!}}"


def escaped_variable(name: str, is_html: bool) -> str:
    """Where two braces escape for HTML, and three don't."""
    return f"{{{{{name}}}}}" if is_html else f"{{{{{{{name}}}}}}}"


def plain_variable(name: str, is_html: bool) -> str:
    """Where nothing is escaped."""
    return f"{{{{{name}}}}}"


def test(name: str) -> tuple[str, str, str]:
    return f"{{{{#if {name}}}}}{_GUARD}", f"{_GUARD}{{{{else}}}}{_GUARD}", f"{_GUARD}{{{{/if}}}}"


def literal(text: str, medium: Medium, tag: bool) -> str:
    """In HTML, braces that could be taken for a tag's are references; plain text has no way to say them.

    A backslash before a tag would make the tag a text: one more of them is one of them.
    """
    if medium is Medium.HTML:
        text = text.replace(SIGN, "&#123;&#123;")
        if tag and text.endswith("{"):
            text = f"{text[:-1]}&#123;"
        if text.startswith("}"):
            text = f"&#125;{text[1:]}"
    elif SIGN in text or (tag and text.endswith("{")) or text.startswith("}"):
        raise UnsayableError(SIGN if SIGN in text else "{" if text.endswith("{") else "}")
    return f"{text}\\" if tag and text.endswith("\\") else text
