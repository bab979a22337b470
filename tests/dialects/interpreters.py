"""Second readings: services whose engine nobody can have are read by small interpreters, written from their documents.

They know nothing of how our dialects write. Values go in as they are: these services escape nothing, but for Brevo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

Values = Mapping[str, str | bool]


def mailchimp(text: str, values: Values) -> str:
    """`*|TAG|*`, `*|IF:TAG=value|* … *|ELSE:|* … *|END:IF|*`, as Mailchimp's and Mandrill's pages describe them."""
    tags = re.split(r"(\*\|[A-Z0-9_:=a-z]+\|\*)", text)
    return "".join(_mailchimp(iter(tags), values, ends=False)[0])


def _mailchimp(pieces: Iterator[str], values: Values, *, ends: bool) -> tuple[list[str], str]:
    out: list[str] = []
    for piece in pieces:
        tag = piece[2:-2] if piece.startswith("*|") and piece.endswith("|*") else ""
        if tag in ("ELSE:", "END:IF"):
            assert ends, f"{tag} without an IF"
            return out, tag
        if tag.startswith("IF:"):
            name, _, wanted = tag[3:].partition("=")
            then, ended = _mailchimp(pieces, values, ends=True)
            orelse: list[str] = []
            if ended == "ELSE:":
                orelse, ended = _mailchimp(pieces, values, ends=True)
            assert ended == "END:IF"
            out += then if _field(values[name]) == wanted else orelse
        else:
            out.append(_field(values[tag]) if tag else piece)
    assert not ends, "an IF that nothing ends"
    return out, ""


def bundle(text: str, values: Values) -> str:
    """`[[t1]]` and `[[if c1]] … [[else]] … [[end]]`, as README.md of a bundle describes them."""
    return "".join(_bundle(iter(re.split(r"(\[\[[a-z0-9 ]+\]\])", text)), values)[0])


def _bundle(pieces: Iterator[str], values: Values) -> tuple[list[str], str]:
    out: list[str] = []
    for piece in pieces:
        if not re.fullmatch(r"\[\[[a-z0-9 ]+\]\]", piece):
            out.append(piece)
        elif piece in ("[[else]]", "[[end]]"):
            return out, piece
        elif piece.startswith("[[if "):
            then, ended = _bundle(pieces, values)
            orelse = _bundle(pieces, values)[0] if ended == "[[else]]" else []
            out += then if _field(values[piece[5:-2]]) == "yes" else orelse
        else:
            out.append(_field(values[piece[2:-2]]))
    return out, ""


def constant_contact(text: str, values: Values) -> str:
    """`[[FIELD]]`, and nothing else; what FreeMarker would take for its own may not be there."""
    assert not re.search(r"\[#|\$\{|<@", text)
    return re.sub(r"\[\[([A-Z0-9_]+)\]\]", lambda found: _field(values[found[1]]), text)


def brevo(text: str, values: Values) -> str:
    """Django's words, as Brevo's pages describe them: contact attributes, `if`, `autoescape` (on from the beginning).

    A text in quotes is printed as it is; `#` makes a comment; what is none of these is not guessed at.
    """
    read, ended = _brevo(iter(re.split(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", text)), values, escapes=True)
    assert not ended, f"{ended} that ends nothing"
    return read


def _brevo(pieces: Iterator[str], values: Values, *, escapes: bool) -> tuple[str, str]:
    out: list[str] = []
    for piece in pieces:
        said = piece[2:-2].strip()
        if piece.startswith("{{"):
            out.append(_brevo_value(said, values, escapes=escapes))
        elif piece.startswith("{%"):
            if said in ("else", "endif", "endautoescape"):
                return "".join(out), said
            if found := re.fullmatch(r"autoescape (on|off)", said):
                inner, ended = _brevo(pieces, values, escapes=found[1] == "on")
                assert ended == "endautoescape", ended
                out.append(inner)
            else:
                out.append(_brevo_arm(said, pieces, values, escapes=escapes))
        elif not piece.startswith("{#"):
            out.append(piece)
    return "".join(out), ""


def _brevo_arm(said: str, pieces: Iterator[str], values: Values, *, escapes: bool) -> str:
    found = re.fullmatch(r'if contact\.([A-Z0-9_]+) == "([^"]*)"', said)
    assert found, said
    then, ended = _brevo(pieces, values, escapes=escapes)
    orelse, ended = _brevo(pieces, values, escapes=escapes) if ended == "else" else ("", ended)
    assert ended == "endif", ended
    return then if _field(values[found[1]]) == found[2] else orelse


def _brevo_value(said: str, values: Values, *, escapes: bool) -> str:
    if found := re.fullmatch(r'"([^"]*)"', said):
        return found[1]
    attribute = re.fullmatch(r"contact\.([A-Z0-9_]+)", said)
    assert attribute, said
    value = _field(values[attribute[1]])
    return escape(value, quote=True) if escapes else value


def _field(value: str | bool) -> str:
    """A yes/no in a field of text."""
    return value if isinstance(value, str) else "yes" if value else ""
