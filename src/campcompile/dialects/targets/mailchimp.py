"""Mailchimp: dated e-mails as campaigns of an audience, sequences as templates with a recipe for a journey.

Read on 2026-11-22: mailchimp.com/developer/marketing/docs/merge-fields and the Marketing API's own specification.
It prints values as they are, so what is escaped is escaped before hand-over; journeys can't be made by its API.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC
from typing import Any

from campcompile.dialects.compiled import Compiled, Mailing, mailings
from campcompile.dialects.dialect import Capabilities, Dialect, Escaping, Kind, Medium, Row, UnsayableError
from campcompile.dialects.export import TEST_ADDRESS, Export, Find, Request, answer, given, trial
from campcompile.dialects.folder import journey
from campcompile.dialects.pages import (
    Texts,
    field_names,
    fields_csv,
    page_files,
    pen_of,
    stem_of,
    texts_of,
    version_value,
    version_variable,
    when,
)
from campcompile.manifest import Manifest

LIST = "list"
_PAGE = "count=1000"  # the most that a look-up may ask for
_NEWEST = {
    "campaigns": f"{_PAGE}&sort_field=create_time&sort_dir=DESC",
    "files": f"{_PAGE}&sort_field=added_date&sort_dir=DESC",
    "templates": f"{_PAGE}&sort_field=date_created&sort_dir=DESC",
}


def _variable(name: str, is_html: bool) -> str:
    return f"*|{name}|*"


def _test(name: str) -> tuple[str, str, str]:
    return f"*|IF:{name}=yes|*", "*|ELSE:|*", "*|END:IF|*"


def _literal(text: str, medium: Medium, tag: bool) -> str:
    """A `*|` of the author's is written with a reference; plain text and subjects have no way to say it."""
    if "*|" not in text:
        return text
    if medium is Medium.HTML:
        return text.replace("*|", "*&#124;")
    raise UnsayableError("*|")


def _name(code: str, short: str) -> str:
    return f"{code}{short}".upper()


def _export(compiled: Compiled, dialect: Dialect, row: Row) -> Export:
    manifest = compiled.manifest
    pen = pen_of(compiled, dialect)
    all_mailings = tuple(mailings(manifest))
    files: dict[str, bytes] = {}
    for mailing in all_mailings:
        files |= page_files(compiled, mailing, pen, zips=True)
    files["merge-fields.csv"] = fields_csv(compiled, dialect, ("merge tag", "kind", "made of", "tells"))
    segments = [_segment(manifest, mailing) for mailing in all_mailings if mailing.goes_at]
    files["segments.json"] = (json.dumps(segments, ensure_ascii=False, indent=2) + "\n").encode()
    files["README.md"] = _readme(manifest, all_mailings).encode()
    return Export(
        files=files, requests=tuple(_requests(compiled, dialect, row, all_mailings)), notes=tuple(_notes(all_mailings))
    )


def _requests(compiled: Compiled, dialect: Dialect, row: Row, all_mailings: tuple[Mailing, ...]) -> Iterator[Request]:
    """In the order in which Mailchimp takes them: nothing is named before it is there."""
    manifest = compiled.manifest
    pen = pen_of(compiled, dialect, picture=lambda name: answer(f"file {name}"))
    written = [(mailing, [texts_of(compiled, one, pen) for one in mailing.renderings]) for mailing in all_mailings]
    for name in dict.fromkeys(name for _, texts in written for one in texts for name in one.pictures):
        yield _file(manifest, name, compiled.picture(name))
    yield from map(_merge_field, field_names(compiled, dialect))
    for mailing, texts in written:
        if mailing.goes_at is None:
            yield from _templates(manifest, mailing, texts)
        else:
            yield from _campaign(manifest, mailing, texts, row)


def _file(manifest: Manifest, name: str, content: bytes) -> Request:
    full = f"{manifest.code}-{name}"
    return Request(
        step=f"file {name}",
        says="puts a picture into the file manager",
        method="POST",
        path="/file-manager/files",
        body={"name": full, "file_data": b64encode(content).decode()},
        keeps="full_size_url",
        find=Find(path=f"/file-manager/files?{_NEWEST['files']}", rows="files", field="name", value=full),
    )


def _merge_field(tag: str) -> Request:
    path = f"/lists/{given(LIST)}/merge-fields"
    return Request(
        step=f"field {tag}",
        says="adds a merge field to the audience",
        method="POST",
        path=path,
        body={"tag": tag, "name": tag, "type": "text", "required": False, "public": False, "default_value": ""},
        find=Find(path=f"{path}?{_PAGE}", rows="merge_fields", field="tag", value=tag),
    )


def _templates(manifest: Manifest, mailing: Mailing, texts: list[Texts]) -> Iterator[Request]:
    for rendering, one in zip(mailing.renderings, texts, strict=True):
        stem = stem_of(mailing, rendering)
        name = _title(manifest, stem)
        yield Request(
            step=f"template {stem}",
            says="makes the template that a step of the journey uses",
            method="POST",
            path="/templates",
            body={"name": name, "html": one.html},
            keeps="id",
            find=Find(path=f"/templates?{_NEWEST['templates']}", rows="templates", field="name", value=name),
        )


def _campaign(manifest: Manifest, mailing: Mailing, texts: list[Texts], row: Row) -> Iterator[Request]:
    assert mailing.goes_at is not None
    stem, segments = mailing.stem, f"/lists/{given(LIST)}/segments"
    segment, title = _segment(manifest, mailing), _title(manifest, stem)
    yield Request(
        step=f"segment {stem}",
        says="names the people who get this version",
        method="POST",
        path=segments,
        body=segment,
        keeps="id",
        find=Find(path=f"{segments}?{_PAGE}", rows="segments", field="name", value=segment["name"]),
    )
    yield Request(
        step=f"campaign {stem}",
        says="makes the campaign",
        method="POST",
        path="/campaigns",
        body=_settings(mailing, texts, row, title),
        keeps="id",
        find=Find(path=f"/campaigns?{_NEWEST['campaigns']}", rows="campaigns", field="settings.title", value=title),
    )
    path = f"/campaigns/{answer(f'campaign {stem}')}"
    scheduled = Find(path=path, rows="", field="status", value="schedule")  # then all before it was done
    yield Request(
        step=f"content {stem}",
        says="puts the words into it",
        method="PUT",
        path=f"{path}/content",
        body=_content(mailing, texts),
        find=scheduled,
    )
    yield Request(
        step=f"checklist {stem}",
        says="asks whether it could be sent",
        method="GET",
        path=f"{path}/send-checklist",
        expects={"is_ready": True},
        find=scheduled,
    )
    body = {"test_emails": [given(TEST_ADDRESS)], "send_type": "html"}
    yield trial(stem, f"{path}/actions/test", body, done=scheduled)
    yield Request(
        step=f"schedule {stem}",
        says="sets its time",
        method="POST",
        path=f"{path}/actions/schedule",
        body={"schedule_time": mailing.goes_at.astimezone(UTC).isoformat(timespec="seconds")},
        find=scheduled,
    )


def _title(manifest: Manifest, stem: str) -> str:
    """With the bundle's digest: what is made from changed words is another campaign."""
    return f"{manifest.code} {stem} {manifest.digest[:8]}"


def _segment(manifest: Manifest, mailing: Mailing) -> dict[str, Any]:
    tag = _name(manifest.code, version_variable(mailing.email))
    condition = {"condition_type": "TextMerge", "field": tag, "op": "is", "value": version_value(mailing)}
    return {
        "name": f"{manifest.code} {mailing.stem}",
        "options": {"match": "all", "conditions": [condition]},
    }


def _settings(mailing: Mailing, texts: list[Texts], row: Row, title: str) -> dict[str, Any]:
    settings: dict[str, Any] = {
        "subject_line": texts[0].subject,
        "title": title,
        "from_name": mailing.sender.name,
        "reply_to": mailing.sender.reply_to or mailing.sender.email,
        "auto_footer": False,
        "inline_css": False,  # it is inlined already, and a second time would rewrite it
    }  # no `preview_text`: the page begins with the preheader, and it would be said twice
    made: dict[str, Any] = {
        "type": "regular",
        "recipients": {
            "list_id": given(LIST),
            "segment_opts": {"saved_segment_id": answer(f"segment {mailing.stem}")},
        },
        "settings": settings,
        "tracking": {
            "opens": row.tracks_opens,
            "html_clicks": row.tracks_clicks,
            "text_clicks": row.tracks_clicks,
        },
    }
    experiment = mailing.email.experiment
    if len(texts) > 1 and experiment is not None:
        subjects = [one.subject for one in texts]
        made["type"] = "variate"
        made["variate_settings"] = {
            "winner_criteria": "clicks" if experiment.metric == "click" else "manual",
            "test_size": 100,  # equal shares of all, as the experiment says: nobody is left for a winner
            **({"subject_lines": subjects} if len(set(subjects)) > 1 else {}),
        }
    return made


def _content(mailing: Mailing, texts: list[Texts]) -> dict[str, Any]:
    """One page where subjects are tested (it has the first one as its title), else a page for each version."""
    if len(texts) == 1 or len({one.subject for one in texts}) > 1:
        return {"html": texts[0].html, "plain_text": texts[0].text}
    return {
        "variate_contents": [
            {"content_label": f"variant {rendering.variant}", "html": one.html, "plain_text": one.text}
            for rendering, one in zip(mailing.renderings, texts, strict=True)
        ]
    }


def _notes(all_mailings: tuple[Mailing, ...]) -> Iterator[str]:
    if any(mailing.goes_at is None for mailing in all_mailings):
        yield "Mailchimp's API makes no journeys: README.md says how a person builds one from the templates"
    if any(mailing.goes_at is not None for mailing in all_mailings):
        yield "whom it goes to is decided when people's values are handed over: import people.csv before the first date"


def _readme(manifest: Manifest, all_mailings: tuple[Mailing, ...]) -> str:
    dated = [mailing for mailing in all_mailings if mailing.goes_at]
    lines = [
        f"# {manifest.code} for Mailchimp",
        "",
        "1. `campcompile export CAMPAIGN --target … --recipients FILE.csv --people people.csv` computes each person's",
        "   values. Import them into the audience: *Add contacts → Import → Upload a file*; match the columns by their",
        "   names. Delete the file when that is done.",
        "2. `campcompile export CAMPAIGN --target … --apply` carries out `requests.json`. By hand: *Create → Template",
        "   → Code your own → Import zip* takes each `.zip`; `merge-fields.csv` names the merge fields,",
        "   `segments.json` the segments.",
        "",
    ]
    if dated:
        lines += ["| e-mail | goes at | to people whose merge field |", "| --- | --- | --- |"]
        for one in dated:
            tag = _name(manifest.code, version_variable(one.email))
            lines.append(f"| `{one.stem}` | {when(manifest, one)} | `{tag}` is `{version_value(one)}` |")
        lines.append("")
    lines += journey(
        manifest, DIALECT, lambda one: _title(manifest, one.stem), where=": *Automations → Build from scratch*"
    )
    return "\n".join(lines)


DIALECT = Dialect(
    id="mailchimp",
    title="Mailchimp",
    capabilities=Capabilities(
        kind=Kind.CAMPAIGNS, escaping=Escaping.BEFORE, unsubscribe="*|UNSUB|*", variants=3, engine=""
    ),
    variable=_variable,
    test=_test,
    literal=_literal,
    name=_name,
    export=_export,
)
