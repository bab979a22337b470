"""What is known of vendors is dated, and grows old."""

from __future__ import annotations

from datetime import date

import pytest

from campcompile.analysis.vendors import is_in_eea, vendors
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Scalar
from tests.acceptance.practice import compiled
from tests.workspace import CAMPCOMPILE

RELAY = "  relay: {dialect: smtp, tls: required}\n"
PAUBOX = '  relay: {dialect: smtp, tls: required, vendor: paubox, baa: {signed: "2026-09-01"}}\n'


def codes(targets: str, as_of: date) -> list[str]:
    settings = CAMPCOMPILE.replace('["NO"]', "[US]").replace(RELAY, targets)
    made = compiled({"campcompile.yaml": settings}, as_of=as_of, lint_only=True)
    return [f"{one.rule.code} {one.severity.value}" for one in made.diagnostics if one.rule.code.startswith("VEN")]


def test_facts_older_than_half_a_year_are_a_warning() -> None:
    assert codes(PAUBOX, date(2027, 5, 1)) == []
    assert codes(PAUBOX, date(2027, 6, 1)) == ["VEN002 warning"]
    assert codes(RELAY, date(2027, 6, 1)) == [], "no facts are needed of a server of one's own"


@pytest.mark.parametrize("vendor", vendors().values(), ids=lambda vendor: vendor.id)
def test_an_agreement_never_lets_less_through(vendor: object) -> None:
    known = next(one for one in vendors().values() if one is vendor)
    assert known.without_baa <= known.with_baa
    assert known.confidence in ("high", "medium", "low")
    assert known.baa in ("yes", "no", "plan", "limited", "on_request", "unclear", "own")
    assert known.is_own or known.without_baa.word == "contact"


def test_every_vendor_names_its_source() -> None:
    rows = pack("analysis/data/vendors.yaml").root.get("vendors")
    assert isinstance(rows, Mapping)
    for entry in rows.entries:
        assert isinstance(entry.value, Mapping)
        source = entry.value.get("source")
        assert isinstance(source, Scalar) and source.value, entry.key.value


def test_a_region_is_in_the_area_or_not() -> None:
    assert is_in_eea("NO") and is_in_eea("FR-57")
    assert not is_in_eea("US") and not is_in_eea("GB")
