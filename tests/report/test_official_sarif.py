"""What every rule's first example and the samples become as SARIF, held to the schema that OASIS publishes.

That schema isn't ours to ship: CAMPCOMPILE_SARIF_SCHEMA names a copy of sarif-schema-2.1.0.json
(https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json).
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema_rs import Draft7Validator
from samples import SOURCES, leak, report_of, waived

from campcompile.report.report import Report
from campcompile.report.sarif import report_sarif
from tests.rules.examples import AS_OF, compiled, examples_of, of_each_file

OFFICIAL = os.environ.get("CAMPCOMPILE_SARIF_SCHEMA", "")

pytestmark = pytest.mark.skipif(
    not OFFICIAL, reason="no schema of OASIS here: set CAMPCOMPILE_SARIF_SCHEMA to sarif-schema-2.1.0.json"
)


@cache
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(Path(OFFICIAL).read_bytes()), validate_formats=True)


def faults(document: Any) -> list[str]:
    return [f"{error.instance_path}: {error.message}" for error in official().iter_errors(document)]


def test_the_schema_refuses_what_is_no_sarif() -> None:
    assert faults({"version": "2.1.0", "runs": [{"results": []}]})


@of_each_file
def test_every_rules_finding_is_valid(file: Path) -> None:
    diagnostics, sources = compiled(examples_of(file)[0])
    document = json.loads(report_sarif(Report(diagnostics=diagnostics, sources=sources, as_of=AS_OF)))
    assert faults(document) == []


def test_flows_and_waived_findings_are_valid() -> None:
    document = json.loads(report_sarif(report_of(leak(), sources=SOURCES, waived=(waived(),))))
    assert document["runs"][0]["results"][0]["codeFlows"]
    assert faults(document) == []
