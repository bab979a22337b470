"""Killed at any instant while a service's API takes its messages, a sender sends nothing twice and loses nothing."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from campcompile.runner.ledger.place import place_at
from tests.kill.trials import Server, listening, survive
from tests.runner.fake_carriers import ENVIRONMENT, target

posix = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and fork")
VENDORS = ("aws-ses", "mailgun", "postmark", "sendgrid")  # not paubox, which takes no picture inside a message


def survive_by(vendor: str, layer: str, times: int, folder: Path, make_bundle: Any) -> dict[str, int]:
    log = folder / "log"
    bundle = make_bundle(layer, targets=(target(vendor),))
    with listening(["-m", "tests.kill.service", log, vendor], log) as port:
        server = Server(log, ("--via", vendor, "--base-url", f"http://127.0.0.1:{port}"), ENVIRONMENT)
        return survive(bundle, times, folder, server, place_at(folder / "ledger"))


@posix
@pytest.mark.parametrize(("layer", "vendor"), [("promotional", "postmark"), ("essential", "aws-ses")])
def test_10_kills_while_a_service_takes_messages_send_nothing_twice(
    layer: str, vendor: str, tmp_path: Path, make_bundle: Any
) -> None:
    survive_by(vendor, layer, 5, tmp_path, make_bundle)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("vendor", VENDORS)
@pytest.mark.parametrize("layer", ["promotional", "essential"])
def test_200_kills_while_a_service_takes_messages_send_nothing_twice(
    layer: str, vendor: str, tmp_path: Path, make_bundle: Any
) -> None:
    print(survive_by(vendor, layer, 25, tmp_path, make_bundle))  # shown by pytest -rP
