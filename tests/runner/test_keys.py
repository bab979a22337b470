"""A key comes from the environment, else from the keyring; without one, a person is told how to store it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null

from campcompile.errors import UsageError
from campcompile.runner.keys import SHELF, key_of, stored, variable_of

KEY = "0123456789abcdef-us21"


class Memory(KeyringBackend):
    """A keyring that forgets."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.held.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.held[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.held[service, username]


@pytest.fixture
def memory() -> Iterator[Memory]:
    before, mine = keyring.get_keyring(), Memory()
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_what_the_keyring_holds_is_the_key(memory: Memory) -> None:
    keyring.set_password(SHELF, "mailchimp", KEY)
    assert key_of("mailchimp", "Mailchimp", {}) == KEY
    assert stored("hubspot") == ""


def test_the_environment_goes_before_the_keyring(memory: Memory) -> None:
    keyring.set_password(SHELF, "mailchimp", "another-us1")
    assert key_of("mailchimp", "Mailchimp", {variable_of("mailchimp"): f" {KEY}\n"}) == KEY


@pytest.mark.parametrize("backend", [null.Keyring, fail.Keyring], ids=["an empty one", "a machine without one"])
def test_without_a_key_it_is_said_how_to_store_it(memory: Memory, backend: type[KeyringBackend]) -> None:
    keyring.set_keyring(backend())
    with pytest.raises(UsageError, match="there is no key for Constant Contact") as caught:
        key_of("constant-contact", "Constant Contact", {})
    assert "keyring set campcompile constant-contact" in caught.value.help
    assert "CAMPCOMPILE_CONSTANT_CONTACT_KEY" in caught.value.help


def test_without_the_extra_the_environment_is_all_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert stored("mailchimp") == ""
    assert key_of("mailchimp", "Mailchimp", {variable_of("mailchimp"): KEY}) == KEY


def test_a_key_with_a_line_in_it_is_refused_and_not_shown(memory: Memory) -> None:
    keyring.set_password(SHELF, "mailchimp", f"{KEY}\nX-Other: 1")
    with pytest.raises(UsageError, match="signs that no key has") as caught:
        key_of("mailchimp", "Mailchimp", {})
    assert KEY not in caught.value.message + caught.value.help
