"""The engine asks each check about its kind of subject, once, and never takes an unknown for a pass."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from campcompile.analysis.facts import Facts
from campcompile.compiler import Compilation, compile_files
from campcompile.model.campaign import Campaign, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, Scope, Unknown, rule
from campcompile.rules.engine import check_campaign, check_programme
from campcompile.rules.formalities.missing_unsubscribe import missing_unsubscribe
from campcompile.rules.links.link_safety import imitated
from campcompile.rules.registry import all_checks
from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.packs import pack, texts
from campcompile.syntax.tree import Scalar
from tests.rules.examples import AS_OF, NOW
from tests.workspace import BASE, workspace

SHORTENERS = "syntax/data/shorteners.yaml"


@pytest.fixture(scope="module")
def base() -> Compilation:
    return compile_files(workspace(), as_of=AS_OF, now=NOW)


def facts_of(made: Compilation) -> Facts:
    return Facts(as_of=AS_OF, profile="strict", documents={}, programme=made.programme)


def declared(severity: Severity) -> Rule:
    @rule(code="TST001", slug="a-test", severity=severity, message="never")
    def check(campaign: Campaign, facts: Facts) -> Found:
        """## What it does"""
        return ()

    return check.rule


@pytest.mark.parametrize(
    ("severity", "reported"),
    [(Severity.ERROR, Severity.WARNING), (Severity.WARNING, Severity.INFO), (Severity.INFO, Severity.INFO)],
)
def test_an_unknown_is_a_finding_of_the_same_code(base: Compilation, severity: Severity, reported: Severity) -> None:
    @rule(declared(severity))
    def undecided(version: Version, facts: Facts) -> Iterator[Unknown]:
        yield Unknown("the country isn't known", version.span)

    (finding,) = undecided(base.rendered[0].version, facts_of(base))
    assert (finding.rule.code, finding.severity) == ("TST001", reported)
    assert finding.message == "not decided: the country isn't known"


def test_the_type_of_the_subject_chooses_the_scope() -> None:
    scopes = {check.scope for check in all_checks()}
    assert {Scope.PROGRAMME, Scope.EMAIL, Scope.VERSION, Scope.BLOCK, Scope.RENDERED_EMAIL} <= scopes


def test_a_subject_that_no_scope_knows_is_our_own_mistake() -> None:
    with pytest.raises(ValueError, match="Layout"):

        @rule(declared(Severity.ERROR))
        def check(layout: Layout, facts: Facts) -> Found:  # type: ignore[name-defined]  # noqa: F821
            return ()


def test_the_base_practice_has_no_finding(base: Compilation) -> None:
    assert base.diagnostics == ()
    facts = facts_of(base)
    assert check_programme(base.programme, facts) == ()
    for campaign in base.programme.campaigns:
        messages = [message for message in base.rendered if message.campaign is campaign]
        assert list(check_campaign(campaign, messages, facts)) == []


def test_a_phrase_that_is_wrong_in_one_place_is_one_finding() -> None:
    phrases = BASE["campaigns/_shared/phrases.yaml"].replace("en: Hello", "en: TODO")
    letter = BASE["campaigns/letter/campaign.yaml"]
    twice = letter + letter[letter.index("  - id: letter") :].replace("id: letter", "id: second").replace(
        "2026-12-01", "2026-12-08"
    )
    made = compile_files(
        workspace({"campaigns/_shared/phrases.yaml": phrases, "campaigns/letter/campaign.yaml": twice}),
        as_of=AS_OF,
        now=NOW,
    )
    assert [one.rule.code for one in made.diagnostics] == ["FLD005"]


def test_an_analysis_is_made_once_a_subject_and_forgotten_on_demand(base: Compilation) -> None:
    calls = []

    def analysis(message: RenderedEmail) -> int:
        calls.append(message.version.locale)
        return len(calls)

    facts, message = facts_of(base), base.rendered[0]
    assert (facts.once(analysis, message), facts.once(analysis, message)) == (1, 1)
    facts.forget(message)
    assert facts.once(analysis, message) == 2


def test_a_language_whose_opt_out_words_are_unknown_is_not_passed() -> None:
    settings = BASE["campcompile.yaml"].replace("zh-Hant]", "zh-Hant, nn]").replace("{nn: nb, ", "{")
    made = compile_files(workspace({"campcompile.yaml": settings}), as_of=AS_OF, now=NOW)
    message = made.rendered[0]
    facts = facts_of(made)
    assert list(missing_unsubscribe(message, facts)) == []
    object.__setattr__(message.version, "locale", "fi")
    (finding,) = missing_unsubscribe(message, facts_of(made))
    assert (finding.say, finding.severity) == ("unknown", Severity.WARNING)


@pytest.mark.parametrize(
    ("host", "like"),
    [
        ("xn--80ak6aa92e.com", "apple.com"),
        ("аррӏе.com", "apple.com"),
        ("apple.com", ""),
        ("xn--blbr-roah.example", ""),  # blåbær
        ("診所.example", ""),
        ("клиника.example", ""),
        ("xn--.example", ""),
    ],
)
def test_a_host_imitates_where_every_letter_looks_latin(host: str, like: str) -> None:
    assert imitated(host) == like


def test_a_pack_says_when_it_was_checked_and_against_what() -> None:
    root = pack(SHORTENERS).root
    checked, source = root.get("checked_at"), root.get("source")
    assert isinstance(checked, Scalar) and date.fromisoformat(checked.value) <= date(2026, 11, 22)
    assert isinstance(source, Scalar) and source.value
    hosts = texts(SHORTENERS, "hosts")
    assert len(hosts) > 36
    assert all(host == host.lower() and "." in host for host in hosts)
