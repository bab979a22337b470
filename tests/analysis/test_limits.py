"""Limits: every threshold has a source, and what isn't confirmed makes no error."""

from __future__ import annotations

from importlib.resources import files

import pytest

from campcompile.analysis.limits import Limit, limits
from campcompile.syntax.findings import Severity
from campcompile.syntax.packs import pack

PACKS = sorted(
    f"rules/data/{file.name}"
    for file in files("campcompile").joinpath("rules/data").iterdir()
    if file.name.endswith(".yaml") and pack(f"rules/data/{file.name}").root.get("limits")
)


def test_there_are_packs_of_limits() -> None:
    assert "rules/data/readability.yaml" in PACKS


@pytest.mark.parametrize("path", PACKS)
def test_every_limit_is_dated_and_names_its_source(path: str) -> None:
    assert pack(path).root.get("checked_at")
    for name, limit in limits(path).items():
        assert limit.value > 0, name
        assert limit.source, name
        assert not (limit.confirmed and limit.source.startswith("policy")), name


def test_what_is_not_confirmed_makes_no_error() -> None:
    doubtful, sure = (Limit(value=1, confirmed=confirmed, source="x") for confirmed in (False, True))
    assert doubtful.at_most(Severity.ERROR) is Severity.WARNING
    assert doubtful.at_most(Severity.INFO) is Severity.INFO
    assert sure.at_most(Severity.ERROR) is Severity.ERROR
