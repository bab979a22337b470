"""Killed at any instant, a sender sends nothing twice and loses nothing: seen at the mail server, not in the ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from campcompile.runner.ledger.place import Place, place_at
from tests.kill.trials import Server, listening, survive
from tests.runner.conftest import empty_postgres

SINK = Path(__file__).with_name("sink.py")
LAYERS = ("promotional", "essential")
posix = pytest.mark.skipif(os.name == "nt", reason="needs SIGKILL and fork")
grouped = pytest.mark.xdist_group("postgres-ledger")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    log = tmp_path / "log"
    with listening([SINK, log, "pipelining"], log) as port:
        yield Server(log, ("--smtp", f"127.0.0.1:{port}"))


@pytest.fixture
def in_postgres(server_folder: Path, tmp_path: Path) -> Place:
    return empty_postgres(server_folder, tmp_path)


@posix
@pytest.mark.parametrize("layer", LAYERS)
def test_50_kills_at_random_instants_send_nothing_twice(
    layer: str, tmp_path: Path, make_bundle: Any, server: Server
) -> None:
    survive(make_bundle(layer), 25, tmp_path, server, place_at(tmp_path / "ledger"))


@posix
@grouped
@pytest.mark.parametrize("layer", LAYERS)
def test_10_kills_of_either_of_two_runners_send_nothing_twice(
    layer: str, tmp_path: Path, make_bundle: Any, server: Server, in_postgres: Place
) -> None:
    survive(make_bundle(layer), 5, tmp_path, server, in_postgres, runners=2)


@pytest.mark.slow
@posix
@pytest.mark.parametrize("layer", LAYERS)
def test_1000_kills_at_random_instants_send_nothing_twice(
    layer: str, tmp_path: Path, make_bundle: Any, server: Server
) -> None:
    print(survive(make_bundle(layer), 500, tmp_path, server, place_at(tmp_path / "ledger")))  # shown by pytest -rP


@pytest.mark.slow
@posix
@grouped
@pytest.mark.parametrize("layer", LAYERS)
def test_200_kills_of_either_of_two_runners_send_nothing_twice(
    layer: str, tmp_path: Path, make_bundle: Any, server: Server, in_postgres: Place
) -> None:
    print(survive(make_bundle(layer), 100, tmp_path, server, in_postgres, runners=2))
