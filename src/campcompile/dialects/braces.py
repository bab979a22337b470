"""Words of the Jinja family, which several services speak: a sign of theirs is printed as a text, `{{ "{{" }}`."""

from __future__ import annotations

import re

_AMBIGUOUS = re.compile(r"\{[{%#]|\{\Z")


def test(name: str) -> tuple[str, str, str]:
    """Where a variable is a field of the contact."""
    return f'{{% if contact.{name} == "yes" %}}', "{% else %}", "{% endif %}"


def literal(text: str, tag: bool) -> str:
    """`{{`, `{%` and `{#` as themselves, and a last `{` before a tag."""
    return _AMBIGUOUS.sub(lambda found: f'{{{{ "{found[0]}" }}}}' if len(found[0]) > 1 or tag else found[0], text)
