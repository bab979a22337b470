"""The preview as files, for whoever reviews a pull request: the same page, its answers packed beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from campcompile.package_files import package_text
from campcompile.preview.desk import Desk
from campcompile.preview.people import KINDS
from campcompile.preview.server import POLICY

PICTURES = "data/pictures/"
_SCRIPT = '<script src="page.js" defer></script>'
_POLICY = POLICY.partition("; frame-ancestors")[0].replace("connect-src 'self'", "connect-src 'none'")
_PARTS = ("campaign", "email", "locale", "variant", "look")


def static_files(desk: Desk) -> Iterator[tuple[str, bytes]]:
    """Each file by its path: index.html opens them, from a disk as well as from a server; no network is asked."""
    state = desk.workshop.state
    overview = {**desk.overview(state), "root": "", "editor": "", "testers": []}
    answers: dict[str, Any] = {"overview": overview, "journey": desk.journey(state, {})}
    for code in sorted({found["code"] for found in overview["findings"]}):
        answers[f"rule|{code}"] = desk.answer("rule", {"code": code})
    files: dict[str, str] = {}
    for number, asked in enumerate(_versions(overview), 1):
        name = f"{number}.js"
        packed = dict(_packed(desk, asked))
        files |= dict.fromkeys(packed, name)
        yield f"data/{name}", _script("Object.assign(window.campcompile.answers, ", packed, ")")
    yield "data/answers.js", _script("window.campcompile = ", {"answers": answers, "files": files}, "")
    page = package_text("preview/page/index.html")
    assert _SCRIPT in page
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield "index.html", page.replace(_SCRIPT, f'{policy}\n<script src="data/answers.js"></script>\n{_SCRIPT}').encode()
    for name in ("page.css", "page.js"):
        yield name, package_text(f"preview/page/{name}").encode()
    for asset in state.draft.programme.assets.values():
        yield PICTURES + asset.name, state.draft.files[asset.path]


def _versions(overview: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """Each e-mail × language × variant × look."""
    for campaign in overview["campaigns"]:
        for email in campaign["emails"]:
            for locale in email["locales"]:
                for variant in email["variants"]:
                    for look in email["looks"]:
                        values = (campaign["folder"], email["id"], locale, variant, look)
                        yield dict(zip(_PARTS, values, strict=True))


def _packed(desk: Desk, asked: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    key = "|".join(asked.values())
    for person in KINDS:
        yield f"mail|{key}|{person}", desk.mail(desk.workshop.state, {**asked, "person": person}, pictures=PICTURES)
    yield f"measures|{key}", desk.answer("measures", asked)
    yield f"account|{asked['campaign']}|{asked['email']}", desk.answer("account", asked)


def _script(before: str, value: Any, after: str) -> bytes:
    return f"{before}{json.dumps(value, separators=(',', ':'))}{after};\n".encode()
