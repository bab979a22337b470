"""Resources that nobody here wrote: HL7's examples of R4 (CC0), and people whom Synthea made up (Apache-2.0).

They are fetched once into build/, are held to their digests, and never become part of the project. Where they can't be
fetched, the tests skip and say so; files that are laid there by hand, under the names below, do as well.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tarfile
import urllib.request
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from hashlib import sha256
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
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

CACHE = Path(__file__).parents[2] / "build" / "test-data"
HL7 = "hl7.fhir.r4.examples-4.0.1.tgz"
_SYNTHEA = "https://raw.githubusercontent.com/smart-on-fhir/sample-bulk-fhir-datasets/{}/{}.000.ndjson"
_TEN, _THOUSAND = "8aef4e027b789f249382162d931bf73fc151a712", "6b87a214e7b1bc3dd1acc45514ddded4cf8cb199"
SYNTHEA = {  # the name in the cache → where it is, and as which part of an export
    "synthea-10-Patient.ndjson": (_TEN, "Patient"),
    "synthea-10-Encounter.ndjson": (_TEN, "Encounter"),
    "synthea-1000-Patient.ndjson": (_THOUSAND, "Patient"),
}
DIGESTS = {
    HL7: "dce87f1b5b9341867033f7d1f544fa1b5232503f6d62813887ac6b8a8b6cb682",
    "synthea-10-Patient.ndjson": "1080b8ea6485648a2bb0a91124380a8baccf72cb5a997347853d331d13a461ea",
    "synthea-10-Encounter.ndjson": "23562e0148c2123cc86602426d25d832e408ec2d1fb9e6a6993af8a23bd52e10",
    "synthea-1000-Patient.ndjson": "a95f24b2b4a825f94ce54af418928c3df4262bd9ff383d8043b5673c5f1971eb",
}


def fetched(name: str, fetch: Callable[[Path], None]) -> Path:
    """A file of the cache, which `fetch` brings where it isn't there yet."""
    path = CACHE / name
    if not path.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=CACHE) as folder:
            fetch(Path(folder) / name)
            (Path(folder) / name).replace(path)
    found = sha256(path.read_bytes()).hexdigest()
    assert found == DIGESTS[name], f"{path} is not what it was: delete it, and it is fetched anew"
    return path


def packed(place: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip(f"npm is not installed, and {HL7} is not in {CACHE}")
    words = [npm, "pack", "hl7.fhir.r4.examples@4.0.1", "--pack-destination", str(place.parent)]
    if subprocess.run(words, capture_output=True, check=False).returncode:
        pytest.skip(f"{HL7} can't be fetched: no network?")


def hl7(place: Path) -> None:
    """HL7's examples of our resources, one file each, as an export would bring them."""
    with tarfile.open(fetched(HL7, packed)) as tar:
        for member in sorted(tar, key=lambda member: member.name):
            resource = Path(member.name).name.partition("-")[0]
            content = tar.extractfile(member) if resource in RESOURCES else None
            if content is not None:
                example = json.load(content)
                assert example["resourceType"] == resource
                with (place / f"{resource}.ndjson").open("a", encoding="utf-8") as file:
                    file.write(json.dumps(example) + "\n")


def synthea(size: str, place: Path) -> None:
    for name, (commit, resource) in SYNTHEA.items():
        if name.startswith(f"synthea-{size}-"):

            def download(path: Path, url: str = _SYNTHEA.format(commit, resource)) -> None:
                try:
                    with urllib.request.urlopen(url, timeout=20) as answer:
                        path.write_bytes(answer.read())
                except OSError:
                    pytest.skip(f"{path.name} of Synthea can't be fetched: no network?")

            shutil.copy(fetched(name, download), place / f"{resource}.000.ndjson")


SOURCES: dict[str, Callable[[Path], None]] = {
    "hl7": hl7,
    "synthea-10": lambda place: synthea("10", place),
    "synthea-1000": lambda place: synthea("1000", place),
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
