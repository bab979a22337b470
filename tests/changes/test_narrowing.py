"""Campaigns that are alike on both sides need not be compiled to tell a change: the account is the same."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

import pytest

from campcompile.changes.account import Account
from campcompile.changes.compare import account_of
from campcompile.changes.narrowing import changed_alone, is_enough, without_others
from tests.changes.clinic import CC, CLINIC, NB, NE, RE, REMINDERS, files_with, side
from tests.changes.kinds import KINDS

OF_ONE_CAMPAIGN = ("subject", "offset", "e-mail added", "words of a translation", "what is measured", "re-entry")


def whole(account: Account) -> tuple[object, ...]:
    return (
        [(one.kind, one.topic, one.where, one.before, one.after) for one in account.all_changes()],
        [(one.rule.code, one.span) for one in (*account.findings, *account.new)],
        [(one.rule.code, one.message) for one in account.fixed],
    )


@pytest.mark.parametrize("name", OF_ONE_CAMPAIGN)
def test_the_account_is_that_of_all_campaigns(name: str) -> None:
    [kind] = [one for one in KINDS if one.name == name]
    before, after = files_with({}), files_with(kind.make(Random(1)))
    folders = changed_alone(before, after)
    assert len(folders) == 1
    narrow = account_of(side(without_others(before, folders)), side(without_others(after, folders)))
    assert whole(narrow) == whole(account_of(side(before), side(after)))


def told(changed: Mapping[str, str | bytes]) -> frozenset[str]:
    return changed_alone(files_with({}), files_with(changed))


def test_more_than_one_campaign_or_what_all_share_is_seen() -> None:
    assert told({RE: f"{REMINDERS}# a comment\n"}) == {"reminders"}
    assert told({RE: f"{REMINDERS}# a comment\n", NB: f"{CLINIC[NB]!s}# another\n"}) == {"reminders", "news"}
    assert told({CC: f"{CLINIC[CC]!s}# a comment\n"}) == frozenset()
    assert told({RE: ""}) == frozenset()
    assert told({}) == frozenset()


def test_another_layer_asks_for_all_campaigns() -> None:
    after = files_with({NE: str(CLINIC[NE]).replace("layer: updates", "layer: promotional")})
    old, new = side(files_with({})), side(after)
    account = account_of(old, new)
    programmes = old.compilation.programme, new.compilation.programme
    assert not is_enough(*programmes, account.new, frozenset({"news"}))
    assert is_enough(programmes[0], programmes[0], (), frozenset({"news"}))
