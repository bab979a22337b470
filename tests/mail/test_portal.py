"""`deliver: portal`: the body goes there, and the e-mail says no more than that it waits."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from campcompile.compiler import Compilation, compile_files
from campcompile.manifest import from_json
from campcompile.runner.bundle import read_bundle
from campcompile.runner.outbox import Outbox
from tests.sending import send_all
from tests.workspace import CAMPCOMPILE, PHRASES, lay, workspace

NOW = datetime(2026, 9, 3, 9, 0, tzinfo=UTC)
LINK = "  portal: https://portal.fjordklinikken.example/\n"
NOTICE = """\
portal-notice:
  en: You have a new message in your patient portal.
  fr: Vous avez un nouveau message dans votre espace patient.
  nb: Du har en ny melding i pasientportalen.
  zh-Hant: 您的病患入口網站有一則新訊息。
"""
CAMPAIGN = """\
title: After a procedure
code: pp09
purpose: treatment
layer: essential
audience: upcoming
anchor: appointment.start
deliver: portal
locales: [en]
emails:
  - id: day-1
    send: {offset: P1D, at: "09:00"}
    subject: "A message from {{ practice.name }}"
    preheader: A new message is waiting for you
    body:
      - phrase: greeting
      - text: Rest today, and keep the dressing dry.
"""
RECIPIENTS = b"""\
email,locale,patient.first_name,appointment.start,appointment.status
kari@post.example,en,Kari,2026-09-02T09:00+02:00,booked
"""


SETTINGS = CAMPCOMPILE.replace("links:\n", f"links:\n{LINK}")


def compiled(settings: str = SETTINGS, phrases: str = PHRASES + NOTICE, campaign: str = CAMPAIGN) -> Compilation:
    files = {
        "campcompile.yaml": settings,
        "campaigns/_shared/phrases.yaml": phrases,
        "campaigns/letter/campaign.yaml": campaign,
    }
    return compile_files(workspace(files), as_of=None, now=NOW)


def written(compilation: Compilation, folder: Path) -> Path:
    return lay(folder, compilation.bundle) / "pp09"


def test_the_e_mail_says_that_something_waits_and_the_portal_gets_the_body(tmp_path: Path) -> None:
    compilation = compiled()
    assert compilation.diagnostics == ()
    bundle = read_bundle(written(compilation, tmp_path / "build"))
    outbox = tmp_path / "outbox"
    send_all(bundle, "day-1", RECIPIENTS, Outbox(outbox), NOW)
    (file,) = outbox.glob("*.eml")
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    bodies = [message.get_body((kind,)).get_content() for kind in ("plain", "html")]
    for body in bodies:
        assert "You have a new message in your patient portal." in body
        assert "https://portal.fjordklinikken.example/" in body
        assert "Open the portal" in body
        assert "dressing" not in body and "Kari" not in body
    for name in ("portal.html", "portal.txt"):
        text = file.with_name(f"{file.stem}.{name}").read_text()
        assert "Hello Kari," in text and "keep the dressing dry" in text
        assert "Fjordklinikken AS" not in text  # the portal has a footer of its own
    assert file.with_name(f"{file.stem}.portal.txt").stat().st_mode & 0o077 == 0


def test_the_manifest_tells_what_must_be_in_the_portal_first() -> None:
    manifest = from_json(json.loads(compiled().bundle["pp09/manifest.json"]))
    (rendering,) = manifest.emails[0].renderings
    assert manifest.deliver == "portal"
    assert rendering.portal is not None
    assert rendering.portal.html.path == "portal/day-1.en.html"
    assert rendering.portal.text in tuple(manifest.files())


def test_the_notice_has_the_layout_portal_notice_unless_the_campaign_names_another() -> None:
    chosen = compiled(campaign=CAMPAIGN.replace("locales:", "layout: newsletter\nlocales:"))
    assert chosen.diagnostics == ()
    assert b"Open the portal" not in chosen.bundle["pp09/emails/day-1.en.html"]
    assert b"Open the portal" in compiled().bundle["pp09/emails/day-1.en.html"]


@pytest.mark.parametrize(
    ("settings", "phrases", "said"),
    [
        (CAMPCOMPILE, PHRASES + NOTICE, "unknown link `links.portal`"),
        (SETTINGS, PHRASES, "unknown phrase `portal-notice`"),
    ],
)
def test_what_the_notice_needs_is_asked_for(settings: str, phrases: str, said: str) -> None:
    (finding,) = compiled(settings=settings, phrases=phrases).diagnostics
    assert finding.message == said
    assert CAMPAIGN[finding.span.start : finding.span.end] == "portal"


def test_a_body_that_differs_only_in_the_portal_leaves_the_e_mail_alone() -> None:
    other = compiled(campaign=CAMPAIGN.replace("Rest today", "Walk today"))
    first = compiled()
    for path in ("pp09/emails/day-1.en.html", "pp09/emails/day-1.en.txt", "pp09/emails/day-1.en.mjml"):
        assert other.bundle[path] == first.bundle[path]
    assert other.bundle["pp09/portal/day-1.en.txt"] != first.bundle["pp09/portal/day-1.en.txt"]
