"""The registry knows every rule once, and every rule has a manual page."""

from __future__ import annotations

import re
import string
from collections import Counter

import pytest

from campcompile.rules.registry import all_checks, all_rules, declared_rules, find_rule
from campcompile.syntax.findings import Rule, Severity
from tests.rules.examples import code_of, example_files, examples_of

HEADINGS = ["What it does", "Why it matters", "Example", "Use instead", "Sources"]

_SOURCE = re.compile(r"^[*-] ", re.MULTILINE)
_NO_AUTHORITY = re.compile(r"\b(?:policy|unconfirmed)\b")

every_rule = pytest.mark.parametrize("rule", declared_rules(), ids=lambda rule: rule.code)


@pytest.mark.parametrize("name", ["code", "slug"])
def test_no_two_rules_share_a_code_or_a_slug(name: str) -> None:
    counts = Counter(getattr(rule, name) for rule in declared_rules())
    assert [value for value, count in counts.items() if count > 1] == []


def test_rules_come_from_checks_and_from_passes() -> None:
    assert {"SUB003", "FLD005", "LNK001", "HYG001", "FLD001", "LAY001"} <= set(all_rules())


def test_a_rule_is_found_by_its_code_and_by_its_slug() -> None:
    assert find_rule("SUB003") is find_rule("fake-reply-or-forward") is all_rules()["SUB003"]
    assert find_rule("SUB03") is None


@every_rule
def test_a_manual_page_has_the_five_headings_in_order(rule: Rule) -> None:
    assert re.findall(r"^## (.+)$", rule.manual, re.MULTILINE) == HEADINGS
    for part in re.split(r"^## .+$", rule.manual, flags=re.MULTILINE)[1:]:
        assert part.strip()


@every_rule
def test_codes_and_slugs_read_well(rule: Rule) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9]{2,3}[0-9]{3}", rule.code)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.slug)


@every_rule
def test_messages_are_lower_case_templates_without_full_stop(rule: Rule) -> None:
    for message, help in ((rule.message, rule.help), *rule.also.values()):
        for template in (message, help):
            names = [name for _, name, _, _ in string.Formatter().parse(template) if name is not None]
            assert all(re.fullmatch(r"[a-z_]+", name) for name in names), template
            assert not template.endswith((".", "!"))
        first = message[:1]
        assert not first.isupper() or message.split()[0].isupper(), message  # an acronym may lead


def test_a_check_lives_in_the_file_named_after_its_rule() -> None:
    for check in all_checks():
        module = check.function.__module__.split(".")
        assert module[-1].replace("_", "-") == check.rule.slug


def test_what_rests_on_a_policy_or_on_nothing_confirmed_makes_no_error_by_itself() -> None:
    """Each source is a line of its own, and says there what it is."""
    weak = {rule.code for rule in declared_rules() if all(map(_NO_AUTHORITY.search, _sources_of(rule)))}
    assert weak >= {"TIM002", "LIF001"}, "what this test is about"
    assert [code for code in sorted(weak) if all_rules()[code].severity is Severity.ERROR] == []
    shown = [
        (code, example.title)
        for file in example_files()
        if (code := code_of(file)) in weak
        for example in examples_of(file)
        if any((one.code, one.severity) == (code, "error") for one in example.expected)
    ]
    assert shown == [], "a finding of its own is an error"


def _sources_of(rule: Rule) -> list[str]:
    listed = rule.manual.partition("## Sources")[2]
    return [" ".join(part.split()) for part in _SOURCE.split(listed) if part.strip()]
