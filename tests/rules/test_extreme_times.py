"""Times at the edges of the calendar, and far beyond what anybody plans: findings, never a crash or a wait."""

from __future__ import annotations

import time
from datetime import date

import pytest

from campcompile.compiler import compile_files
from tests.rules.examples import AS_OF, NOW
from tests.workspace import workspace

HEAD = """\
title: A
code: lt26
purpose: operations
layer: {layer}
sender: care
audience: {audience}
{more}locales: [en]
emails:
"""
EMAIL = """\
  - id: e{n}
    send: {send}
    subject: Tomorrow {n}
    preheader: We see you tomorrow
    body: Merry Christmas.
"""
SENDS = [
    '{date: "9999-12-31", at: "23:59"}',
    '{date: "0001-01-01", at: "00:00", expires: "0001-01-01"}',
    '{date: "9999-12-31", at: "09:00", expires: "9999-12-31"}',
    '{date: "2026-12-01", at: "09:00", expires: P9999M}',
    '{offset: P9999M99999D, at: "09:00", expires: P9999M99999D}',
    '{offset: -P9999M99999D, at: "09:00", expires: -P9999M}',
    "{offset: PT999999H9999999M, expires: PT999999H}",
    '{offset: 9999BD, at: "09:00", expires: 9999BD}',
    '{offset: -9999BD, at: "22:00", quiet: skip, expires: -1BD}',
    '{offset: P0D, at: "09:00", repeat: P1D, times: 9999, expires: P0D}',
    '{offset: P0D, at: "09:00", repeat: P9999M99999D}',
    '{offset: -P1D, at: "09:00", shift: next, quiet: earlier, expires: "9999-12-31", zone: Pacific/Apia}',
]
PLACES = [
    ("readers", ""),
    ("upcoming", "anchor: appointment.start\n"),
    ("readers", 'anchor: event.start\nevent: {start: "9999-12-31T23:59", place: Bergen}\n'),
]


@pytest.mark.parametrize("layer", ["essential", "updates", "often"])
@pytest.mark.parametrize(("audience", "more"), PLACES)
def test_no_time_is_too_far(layer: str, audience: str, more: str) -> None:
    head = HEAD.format(layer=layer, audience=audience, more=more + "reenter: P9999M\n")
    text = head + "".join(EMAIL.format(n=number, send=send) for number, send in enumerate(SENDS))
    began = time.process_time()
    made = compile_files(workspace({"campaigns/letter/campaign.yaml": text}), as_of=AS_OF, now=NOW, lint_only=True)
    assert made.diagnostics
    assert time.process_time() - began < 5


@pytest.mark.parametrize("day", ["1900-01-01", "2025-06-02", "9999-12-31"])
@pytest.mark.parametrize("place", ["CA", "US", "FR", "TW"])
def test_on_a_day_before_any_pack_of_law_speaks_a_lint_ends_in_findings(place: str, day: str) -> None:
    letter = HEAD.format(layer="promotional", audience="readers", more="") + EMAIL.format(n=1, send=SENDS[3])
    files = workspace({"campaigns/letter/campaign.yaml": letter})
    settings = files["campcompile.yaml"].decode()
    settings = settings.replace('jurisdictions: ["NO"]', f"jurisdictions: [{place}]").replace("2026-11-02", day)
    made = compile_files({**files, "campcompile.yaml": settings.encode()}, as_of=date.fromisoformat(day), now=NOW)
    assert "CON001" in {found.rule.code for found in made.diagnostics}
