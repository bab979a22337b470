"""A secret that slipped into an e-mail is repeated in no account of it."""

from __future__ import annotations

from datetime import date

import pytest

from campcompile.report.change_json import account_json
from campcompile.report.change_markdown import account_markdown
from campcompile.report.change_text import account_lines
from tests.changes.clinic import RE, REMINDERS, account

SECRET = "ghp_" + "a1B2c3D4" * 4 + "e5F6"


@pytest.mark.parametrize("words", [f"The entrance {SECRET} is step-free", f"{SECRET}"])
def test_a_secret_is_not_repeated(words: str) -> None:
    found = account({RE: REMINDERS.replace("The entrance is step-free", words)})
    assert found.secrets, "the sample is no secret to the rule any more"
    assert found.as_of > date(2026, 1, 1)
    told = [
        *account_lines(found, {}, {}, colour=False, width=100),
        *account_markdown(found, {}, {}),
        account_json(found, {}, {}),
    ]
    assert SECRET not in "\n".join(told)
