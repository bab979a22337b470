"""Copy that lives elsewhere, taken from its files: JSON Lines, HTML, .eml, a CSV of subject lines."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from campcompile.analysis.html_facts import read_html
from campcompile.phi.audit import Copy
from campcompile.values import dataclass

SUFFIXES = (".jsonl", ".html", ".htm", ".eml", ".csv")
SLOTS = ("subject", "preheader", "from_name", "body", "url", "tag")
CONTEXTS = ("marketing", "education", "transactional")
_BASES = ("none", "age", "geography", "behaviour", "engagement", "service", "condition")


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that can't be read, and why; its words are never repeated."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A text of a file, and where it was."""

    copy: Copy
    line: int  # of the file; of an HTML page or message the number of the text
    org: str = ""  # whose, where a file of practices holds several


def copies_of(name: str, content: bytes, *, lang: str, context: str) -> Iterator[Found | Fault]:
    """The texts of one file, by the ending of its name; `lang` and `context` where the file doesn't say them."""
    if name.endswith(".eml"):
        yield from _from_message(content, lang, context)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        yield Fault(content.count(b"\n", 0, error.start) + 1, "not UTF-8: save the file with encoding UTF-8")
        return
    if name.endswith(".jsonl"):
        yield from _from_json_lines(text, lang, context)
    elif name.endswith(".csv"):
        yield from _from_csv(text, lang, context)
    else:
        yield from _from_page(text, lang, context)


def _from_json_lines(text: str, lang: str, context: str) -> Iterator[Found | Fault]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            yield Fault(number, 'not JSON: each line is one object, such as {"text": "…"}')
            continue
        yield _from_row(row, number, lang, context)


def _from_row(row: Any, number: int, lang: str, context: str) -> Found | Fault:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        return Fault(number, "no `text`: each line is an object with a text in it")
    slot, stated = row.get("slot", "body"), row.get("context", context)
    if slot not in SLOTS:
        return Fault(number, f"`slot` is one of {', '.join(SLOTS)}")
    if stated not in CONTEXTS:
        return Fault(number, f"`context` is one of {', '.join(CONTEXTS)}")
    segment = row.get("segment") or {}
    if not isinstance(segment, dict):
        return Fault(number, "`segment` is an object of `basis` and `value`")
    basis = segment.get("basis") or "none"
    if basis not in _BASES:
        return Fault(number, f"`segment` has a basis that nobody knows: it is one of {', '.join(_BASES)}")
    fields = row.get("merge_fields_used") or []
    if not isinstance(fields, list):
        return Fault(number, "`merge_fields_used` is a list of texts")
    copy = Copy(
        id=str(row.get("id", number)),
        lang=str(row.get("lang") or lang),
        context=stated,
        slot=slot,
        text=row["text"],
        basis=basis,
        segment=str(segment.get("value") or ""),
        fields=tuple(str(field) for field in fields),
    )
    return Found(copy=copy, line=number, org=str(row.get("org") or ""))


def _from_csv(text: str, lang: str, context: str) -> Iterator[Found | Fault]:
    """Subject lines: a column `subject`, else the first; columns `lang`, `context`, `slot`, `segment` are read, too."""
    rows = csv.reader(io.StringIO(text, newline=""))
    try:
        head = [name.strip().casefold() for name in next(rows, [])]
        named = "subject" in head or "text" in head
        if not named:
            rows, head = csv.reader(io.StringIO(text, newline="")), ["subject"]
        column = head.index("subject") if "subject" in head else head.index("text")
        for row in rows:
            values = dict(zip(head, row, strict=False))
            if column < len(row) and row[column].strip():
                yield _from_row(
                    {"text": row[column], "slot": "subject", **_given(values)}, rows.line_num, lang, context
                )
    except csv.Error as error:
        yield Fault(rows.line_num, f"no CSV: {error}")


def _given(values: Mapping[str, str]) -> dict[str, Any]:
    given: dict[str, Any] = {key: values[key] for key in ("id", "lang", "context", "slot") if values.get(key)}
    if values.get("segment"):
        given["segment"] = {"basis": values.get("basis") or "condition", "value": values["segment"]}
    return given


def _from_page(text: str, lang: str, context: str) -> Iterator[Found]:
    facts = read_html(text)
    spoken = facts.lang or lang
    texts = [("subject", facts.title), *(("body", line) for line in facts.lines)]
    texts += [("body", image.alt or "") for image in facts.images]
    texts += [("url", link.href) for link in facts.links] + [("url", image.src) for image in facts.images]
    yield from _numbered(texts, spoken, context)


def _from_message(content: bytes, lang: str, context: str) -> Iterator[Found | Fault]:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    texts = []
    try:
        texts.append(("subject", str(message["subject"] or "")))
        sender = message["from"]
        texts += [("from_name", address.display_name) for address in (sender.addresses if sender else ())]
        texts += [("tag", str(message[name])) for name in ("list-id", "x-mailgun-tag", "x-tag") if message[name]]
        part = message.get_body(("plain",))
        texts += [("body", line) for line in (str(part.get_content()) if part else "").split("\n")]
        page = message.get_body(("html",))
        html = str(page.get_content()) if page else ""
    except (LookupError, ValueError, AttributeError, AssertionError) as error:
        yield Fault(1, f"a part of this message can't be read ({type(error).__name__})")
        return
    if html:
        facts = read_html(html)
        lang = facts.lang or lang
        texts += [("body", line) for line in facts.lines] + [("body", image.alt or "") for image in facts.images]
        texts += [("url", link.href) for link in facts.links] + [("url", image.src) for image in facts.images]
    yield from _numbered(texts, lang, context)


def _numbered(texts: list[tuple[str, str]], lang: str, context: str) -> Iterator[Found]:
    """Each text once: the plain part says what the page says."""
    for number, (slot, text) in enumerate(dict.fromkeys(texts), 1):
        if text.strip():
            copy = Copy(id=str(number), lang=lang, context=context, slot=slot, text=text)
            yield Found(copy=copy, line=number)
