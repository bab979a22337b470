"""What a service counts is what its specification says; what it doesn't say never makes an error."""

from __future__ import annotations

from typing import Any

import pytest

from campcompile.dialects.limits import _limits, limit
from campcompile.dialects.registry import dialect_ids
from tests.dialects.contracts import SPECS, official

KINDS = {"address", "minutes", "name", "page", "sender", "subject", "tag"}  # what rules ask for


def test_every_limit_is_of_a_dialect_and_asked_for() -> None:
    kinds = set()
    for row in _limits():
        id = max((id for id in dialect_ids() if row.startswith(f"{id}-")), key=len)
        kinds.add(row.removeprefix(f"{id}-"))
    assert kinds == KINDS


def most(dialect: str, kind: str) -> int:
    found = limit(dialect, kind)
    assert found is not None and found.confirmed
    return found.value


@pytest.mark.skipif(not SPECS.exists(), reason="the official specifications are not beside the repository")
def test_sendgrids_limits_are_those_of_its_specification() -> None:
    versions = official(SPECS / "sendgrid" / "tsg_templates_v3.json")["components"]["schemas"]
    said = longest(versions, "html_content") | longest(versions, "subject") | longest(versions, "name")
    assert {most("sendgrid", "page"), most("sendgrid", "subject"), most("sendgrid", "name")} == said


@pytest.mark.slow  # half a megabyte of YAML
@pytest.mark.skipif(not SPECS.exists(), reason="the official specifications are not beside the repository")
def test_constant_contacts_limits_are_those_of_its_specification() -> None:
    shapes = official(SPECS / "constant-contact-v3.openapi.yml")["definitions"]
    activity = shapes["EmailCampaignActivityInput"]["properties"]
    assert most("constant-contact", "page") == activity["html_content"]["maxLength"]
    assert most("constant-contact", "sender") == activity["from_name"]["maxLength"]
    assert most("constant-contact", "address") == activity["from_email"]["maxLength"]
    assert most("constant-contact", "name") == shapes["EmailCampaignComplete"]["properties"]["name"]["maxLength"]


def longest(node: Any, name: str) -> set[int]:
    """Every `maxLength` of what is called so."""
    if isinstance(node, list):
        return {one for item in node for one in longest(item, name)}
    if not isinstance(node, dict):
        return set()
    here = node.get(name)
    own = {here["maxLength"]} if isinstance(here, dict) and "maxLength" in here else set()
    return own | {one for item in node.values() for one in longest(item, name)}
