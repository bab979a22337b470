"""What mail clients drop is dated data of caniemail's, and what we conclude from it names a feature that is in it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from campcompile.analysis.limits import limits
from campcompile.analysis.mail_clients import client_names, features, market_clients, spoken, uses
from campcompile.analysis.vague_words import is_vague, is_vague_anywhere

DATA = Path(__file__).parents[2] / "src/campcompile/analysis/data"


@pytest.mark.parametrize("name", ["caniemail.json", "client_losses.json", "mail_clients.json", "colours.json"])
def test_a_data_file_says_when_it_was_checked_and_against_what(name: str) -> None:
    data = json.loads((DATA / name).read_text("utf-8"))
    assert date.fromisoformat(data["checked_at"]) <= date(2026, 11, 30)
    markets = data.get("markets", {"": data})
    assert all(row["source"] for row in markets.values())


def test_caniemail_keeps_its_licence() -> None:
    data = json.loads((DATA / "caniemail.json").read_text("utf-8"))
    assert data["licence"].startswith("MIT, Copyright")


def test_every_use_names_a_feature_and_every_feature_is_used() -> None:
    assert {use.feature for use in uses()} == set(features())


def test_every_client_of_a_test_has_a_name() -> None:
    seen = {client.partition(".")[0] for row in features().values() for client in row.none | row.partial}
    assert seen <= set(client_names())


def test_readers_in_france_also_have_orange() -> None:
    assert set(market_clients(["FR"])) - set(market_clients(["NO"])) == {"orange", "sfr", "laposte", "free-fr"}
    assert market_clients(["US-NY"]) == market_clients(["US"])


def test_clients_are_told_by_their_names() -> None:
    assert spoken(["outlook.windows", "gmail.ios", "gmail.android"]) == "Gmail, Outlook on Windows"


def test_the_limits_name_their_sources() -> None:
    legibility = limits("rules/data/legibility.yaml")
    assert legibility and all(limit.source for limit in legibility.values())


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Click here!", "en"),
        ("Please click here", "en"),
        ("CLIQUEZ ICI", "fr"),
        ("les mer →", "nb"),
        ("請按此。", "zh"),
    ],
)
def test_vague_words_are_known_in_their_language(words: str, language: str) -> None:
    assert is_vague(words, language) and is_vague_anywhere(words)


@pytest.mark.parametrize(
    ("words", "language"),
    [("Here is the map", "en"), ("Her", "en"), ("", "en"), ("Plus d’horaires le jeudi", "fr"), ("按此預約", "zh")],
)
def test_words_that_say_something_are_not_vague(words: str, language: str) -> None:
    assert not is_vague(words, language)
