"""A small practice on a disk, and a workshop that keeps up with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from campcompile.preview.desk import Desk
from campcompile.preview.server import PreviewServer, serving
from campcompile.preview.workshop import Workshop
from tests.rules.examples import picture
from tests.workspace import LETTER, lay, workspace

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
FR = """\
letter:
  of: "{digest}"
  subject: Des nouvelles du fjord
  preheader: Ce qui est nouveau cet hiver
  body:
    - text: nous sommes ouverts tout l'hiver.
    - button: Prendre rendez-vous
"""
REMINDER = """\
title: A reminder
code: rm26
purpose: treatment
layer: essential
sender: care
audience: upcoming
anchor: appointment.start
locales: [en]
emails:
  - id: before
    send: {offset: -P3D, at: "09:00"}
    subject: A message from {{ practice.name }}
    preheader: Please read this before you come
    body:
      - phrase: greeting
      - text: |
          we look forward to seeing you on {{ appointment.start | date }}. Please come ten minutes early, so that there
          is time to check in. If the day does not suit you any more, call us, and we find another one for you. Bring
          your questions along, written down, and the names of all that you take.
      - image: {src: map.png, alt: A map}
  - id: day-before
    send: {offset: -P1D, at: "09:00"}
    subject: A message from {{ practice.name }}
    preheader: Until tomorrow
    body: Until tomorrow.
"""
FILES = workspace(
    {
        "campaigns/letter/campaign.yaml": LETTER,
        "campaigns/reminder/campaign.yaml": REMINDER,
        "layouts/theme.yaml": 'colours: {accent: "#0b6b62"}\n',
        "assets/map.png": picture("600 x 200 px"),
    }
)


def workshop_of(root: Path) -> Workshop:
    made = Workshop(root, as_of=None, clock=lambda: NOW)
    made.refresh()
    return made


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay(tmp_path / "practice", FILES)


@pytest.fixture
def workshop(root: Path) -> Workshop:
    return workshop_of(root)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PreviewServer]:
    """A server for tests that change no file; a secret lies beside the workspace, and a link to it inside."""
    root = lay(tmp_path_factory.mktemp("served") / "practice", FILES)
    (root.parent / "secret.txt").write_text("a secret", "utf-8")
    with serving(Desk(workshop_of(root), editor=""), 0) as made:
        yield made
