"""Rules know since when they are there; what is new as an error warns for one minor version first."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campcompile.cli.main import main
from campcompile.rules import history
from campcompile.rules.history import History, changed_since, histories, order, read_histories, updated, with_trials
from campcompile.rules.registry import all_rules
from campcompile.syntax.findings import Diagnostic, Rule, Severity
from campcompile.syntax.source import Span


def rule(code: str, severity: Severity = Severity.ERROR, **more: object) -> Rule:
    return Rule(code=code, slug=code.lower(), severity=severity, message="x", also={"gap": ("y", "")}, **more)  # type: ignore[arg-type]


OLD, NEW, STRICTER = rule("AAA001"), rule("AAA002"), rule("AAA003")
GAP = rule("AAA004", suppressible=False)
FIRM = rule("AAA005", firm=("gap",))
KNOWN = read_histories(
    json.dumps(
        {
            "AAA001": {"severity": {"0.1.0": "error"}},
            "AAA002": {"severity": {"0.2.0": "error"}},
            "AAA003": {"severity": {"0.1.0": "warning", "0.2.1": "error"}, "changes": {"0.2.0": "counts columns"}},
            "AAA004": {"severity": {"0.2.0": "error"}},
            "AAA005": {"severity": {"0.2.0": "error"}},
            "AAA009": {"severity": {"0.1.0": "error"}, "gone": "0.2.0"},
        }
    )
)


def found(*rules: Rule, say: str = "") -> tuple[Diagnostic, ...]:
    return tuple(one.at(Span("a.yaml", 0, 1), say=say) for one in rules)


def severities(version: str, *rules: Rule, say: str = "") -> dict[str, str]:
    return {one.rule.code: one.severity.value for one in with_trials(found(*rules, say=say), KNOWN, version)}


@pytest.mark.parametrize(
    ("version", "failing"),
    [("0.1.0", {"AAA001", "AAA002", "AAA003"}), ("0.2.0", {"AAA001"}), ("0.2.9", {"AAA001"}),
     ("0.3.0", {"AAA001", "AAA002", "AAA003"}), ("1.0.0", {"AAA001", "AAA002", "AAA003"})],
)  # fmt: skip
def test_what_is_new_as_an_error_warns_for_one_minor_version(version: str, failing: set[str]) -> None:
    told = severities(version, OLD, NEW, STRICTER)
    assert {code for code, severity in told.items() if severity == "error"} == failing
    assert set(told.values()) <= {"error", "warning"}


def test_what_leaves_a_gap_fails_at_once() -> None:
    assert severities("0.2.0", GAP) == {"AAA004": "error"}
    assert severities("0.2.0", FIRM, say="gap") == {"AAA005": "error"}
    assert severities("0.2.0", FIRM) == {"AAA005": "warning"}


def test_a_trial_says_when_it_ends() -> None:
    (told,) = with_trials(found(NEW), KNOWN, "0.2.3")
    assert told.label == "an error from 0.3 on"


def test_in_the_first_version_nothing_is_on_trial() -> None:
    """There was nothing to upgrade from."""
    first = {code: one for code, one in KNOWN.items() if one.since == "0.1.0"}
    assert with_trials(found(OLD), first, "0.1.4") == found(OLD)


def test_every_rule_is_in_the_history_that_is_shipped() -> None:
    assert set(all_rules()) <= set(histories())
    for code, one in all_rules().items():
        assert list(histories()[code].severity.values())[-1] == one.severity.value, "run `python3 dev.py docs`"
        assert not histories()[code].gone


def test_no_error_of_a_rule_that_ships_is_lowered_but_by_a_trial() -> None:
    """Today's version is the first, so every error is one."""
    errors = tuple(one.at(Span("a.yaml", 0, 1)) for one in all_rules().values() if one.severity is Severity.ERROR)
    assert with_trials(errors) == errors


def test_what_changed_is_told_from_the_oldest_on() -> None:
    news = [(one.version, one.code, one.kind) for one in changed_since("0.1.0", KNOWN)]
    assert news == [
        ("0.2.0", "AAA002", "new"),
        ("0.2.0", "AAA003", "changed"),
        ("0.2.0", "AAA004", "new"),
        ("0.2.0", "AAA005", "new"),
        ("0.2.0", "AAA009", "gone"),
        ("0.2.1", "AAA003", "error"),
    ]
    assert [one.code for one in changed_since("0.2", KNOWN)] == ["AAA003"]
    assert changed_since("0.10.0", KNOWN) == []


def test_the_command_tells_news_and_refuses_what_is_no_version(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    news: Mapping[str, History] = read_histories('{"SUB003": {"severity": {"0.1.0": "warning", "0.2.0": "error"}}}')
    monkeypatch.setattr(history, "histories", lambda: news)
    assert main(["rules", "--changed-since", "0.1.0"]) == 0
    assert "0.2.0  SUB003   now an error  fake-reply-or-forward" in capsys.readouterr().out
    assert main(["rules", "--changed-since", "0.1.0", "--format", "json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["changes"]
    assert row == {"version": "0.2.0", "code": "SUB003", "change": "error", "words": ""}
    assert main(["rules", "--changed-since", "0.2.0"]) == 0
    assert capsys.readouterr().out == "no rule changed since 0.2.0\n"
    assert main(["rules", "--changed-since", "soon"]) == 2
    assert "`soon` is no version" in capsys.readouterr().err


class TestKeeping:
    def test_a_new_rule_is_of_this_version_and_an_old_one_keeps_its_own(self) -> None:
        kept = read_histories(updated(KNOWN, [OLD, NEW, STRICTER, GAP, FIRM, rule("AAA010")], "0.3.0"))
        assert (kept["AAA010"].since, kept["AAA001"].since) == ("0.3.0", "0.1.0")
        assert kept["AAA003"] == KNOWN["AAA003"]

    def test_another_severity_is_of_this_version(self) -> None:
        milder = rule("AAA001", Severity.WARNING)
        kept = read_histories(updated(KNOWN, [milder], "0.3.0"))
        assert kept["AAA001"].severity == {"0.1.0": "error", "0.3.0": "warning"}
        assert kept["AAA001"].failing_since == ""
        again = read_histories(updated(kept, [OLD], "0.3.0"))
        assert again["AAA001"].severity == {"0.1.0": "error"}, "taken back before anybody had it"

    def test_a_rule_that_goes_is_remembered_and_its_code_never_used_again(self) -> None:
        kept = read_histories(updated(KNOWN, [OLD], "0.3.0"))
        assert (kept["AAA002"].gone, kept["AAA009"].gone) == ("0.3.0", "0.2.0")
        with pytest.raises(ValueError, match="AAA009"):
            updated(KNOWN, [rule("AAA009")], "0.3.0")

    def test_a_rule_that_nobody_ever_had_is_forgotten(self) -> None:
        kept = read_histories(updated(KNOWN, [OLD, rule("AAA010")], "0.3.0"))
        assert "AAA010" not in read_histories(updated(kept, [OLD], "0.3.0"))

    def test_keeping_twice_changes_nothing(self) -> None:
        once = updated(KNOWN, [OLD, NEW], "0.3.0")
        assert updated(read_histories(once), [OLD, NEW], "0.3.0") == once


@given(st.lists(st.integers(0, 20), min_size=3, max_size=3), st.lists(st.integers(0, 20), min_size=3, max_size=3))
def test_versions_are_ordered_as_numbers(one: list[int], other: list[int]) -> None:
    assert (order(".".join(map(str, one))) < order(".".join(map(str, other)))) == (one < other)
