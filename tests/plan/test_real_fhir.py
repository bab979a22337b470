"""Resources that nobody here wrote: HL7's examples of R4 (CC0), and people whom Synthea made up (Apache-2.0).

They are fetched once into a cache outside of the work tree, and never become part of the project.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tarfile
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from campcompile.cli.main import main
from campcompile.package_files import package_text
from campcompile.plan.fhir.view import RESOURCES, read_view
from campcompile.syntax.decode import decode
from campcompile.syntax.yaml import read_yaml
from tests.plan.practice import built
from tests.plan.test_fhir_plan import FILES
from tests.plan.test_fhir_views import of_ours, of_theirs
from tests.workspace import CAMPCOMPILE

pytestmark = pytest.mark.slow
pytest.importorskip("duckdb", reason="DuckDB is not installed")

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "campcompile-tests"
HL7 = "hl7.fhir.r4.examples@4.0.1"
SYNTHEA = "https://raw.githubusercontent.com/smart-on-fhir/sample-bulk-fhir-datasets/{}/{}"
PARTS = {"10-patients": ("Patient.000.ndjson", "Encounter.000.ndjson"), "1000-patients": ("Patient.000.ndjson",)}


def hl7(place: Path) -> None:
    """HL7's examples of our resources, one file each, as an export would bring them."""
    npm = shutil.which("npm")
    archive = CACHE / "hl7.fhir.r4.examples-4.0.1.tgz"
    CACHE.mkdir(parents=True, exist_ok=True)
    if not archive.exists():
        if npm is None:
            pytest.skip("npm is not installed, and HL7's examples are not in the cache")
        done = subprocess.run([npm, "pack", HL7, "--pack-destination", str(CACHE)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("HL7's examples can't be fetched: no network?")
    with tarfile.open(archive) as tar:
        for member in sorted(tar, key=lambda member: member.name):
            resource = Path(member.name).name.partition("-")[0]
            content = tar.extractfile(member) if resource in RESOURCES else None
            if content is not None:
                example = json.load(content)
                assert example["resourceType"] == resource
                with (place / f"{resource}.ndjson").open("a", encoding="utf-8") as file:
                    file.write(json.dumps(example) + "\n")


def synthea(branch: str, place: Path) -> None:
    folder = CACHE / f"synthea-{branch}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS[branch]:
        if not (folder / name).exists():
            try:
                with urllib.request.urlopen(SYNTHEA.format(branch, name), timeout=20) as answer:
                    (folder / name).write_bytes(answer.read())
            except OSError:
                pytest.skip("Synthea's sample can't be fetched: no network?")
        shutil.copy(folder / name, place)


SOURCES: dict[str, Callable[[Path], None]] = {
    "hl7": hl7,
    "synthea-10": lambda place: synthea("10-patients", place),
    "synthea-1000": lambda place: synthea("1000-patients", place),
}


@pytest.fixture(scope="module", params=SOURCES)
def export(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp(str(request.param))
    SOURCES[request.param](place)
    return place


def resources(export: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for path in sorted(export.glob(f"{name}*.ndjson")) for line in path.open(encoding="utf-8")]


def test_views_bring_the_same_rows_elsewhere(export: Path) -> None:
    for name, resource in (("patient", "Patient"), ("appointment", "Appointment"), ("encounter", "Encounter")):
        text = package_text(f"plan/fhir/views/{name}.yaml")
        definition = read_yaml(decode(name, text.encode()).value).value.root.data()
        found = resources(export, resource)
        assert of_ours(found, read_view(name, text.encode())) == of_theirs(found, definition)


def test_they_are_planned_once_files_beside_them_bring_what_they_lack(
    export: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [one["id"] for one in resources(export, "Patient")]
    files = {
        "patient.csv": ["id,email,locale,country", *(f"{id},p{n}@post.example,nb,NO" for n, id in enumerate(people))],
        "appointment.csv": [
            "id,patient_id,start,status",
            *(f"coming{n},{id},2026-12-08T1{n % 10}:00+01:00,booked" for n, id in enumerate(people)),
        ],
    }
    for name, lines in files.items():
        (export / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    both = CAMPCOMPILE.replace('jurisdictions: ["NO"]', 'jurisdictions: ["NO", US]')  # Synthea's people live there
    monkeypatch.chdir(built(tmp_path, {**FILES, "campcompile.yaml": both}))
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        code = main(["plan", "--date", "2026-12-01", "--data", str(export)])
    text = said.getvalue()
    print(text)  # `pytest -rP` shows it: where the figures in docs/evidence.md come from
    assert code in (0, 1), text
    for resource, table in (("Patient", "patient"), ("Appointment", "appointment")):
        brought = len(resources(export, resource))
        rows = sum(map(int, re.findall(rf"^{resource}\S*: (\d+) rows?, ", text, re.MULTILINE)))
        left = sum(map(int, re.findall(rf"^{table}: (\d+) of .* left out", text, re.MULTILINE)))
        assert rows + left == brought
    for rows, good, aside in re.findall(r": (\d+) rows?, (\d+) good(?:, (\d+) set aside)?$", text, re.MULTILINE):
        assert int(rows) == int(good) + int(aside or 0)
    assert re.search(r"^due: (\d{2,}|fewer than 11)$", text, re.MULTILINE), text
