"""A cold `lint` stays quick: it loads, reads and compiles what it needs and no more. Counted here, never timed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

LINT = """
import json, re, sys
compiled, automata = [], []
compile = re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: compiled.append(pattern) or compile(pattern, flags)
import click, css_inline, jsonschema_rs, markdown_it, mjml, selectolax.lexbor, yaml, zoneinfo  # they have theirs
others = len(compiled)
from campcompile.cli.main import main
import campcompile.cli.lint, campcompile.compiler, campcompile.rules.registry
campcompile.rules.registry.all_rules()
imported = compiled[others:]
from campcompile.mail import layouts
from campcompile.phi import automaton
build, read = automaton.AhoCorasick, layouts.read_layout
automaton.AhoCorasick = lambda words, **how: automata.append(len(words := list(words))) or build(words, **how)
layouts_read = []
layouts.read_layout = lambda source: layouts_read.append(source.path) or read(source)
code = main(["lint"])
slow = {"babel", "jsonschema", "importlib.resources", "zipfile", "shutil", "tempfile"} & set(sys.modules)
print(json.dumps({"code": code, "imported": imported, "lint": len(compiled) - others, "automata": automata,
                  "layouts": layouts_read, "slow": sorted(slow)}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the first lint of a new practice, in two languages, did."""
    place = tmp_path_factory.mktemp("practice")
    start = "from campcompile.cli.main import main; main(['init'])"
    subprocess.run([sys.executable, "-c", start], cwd=place, capture_output=True, check=True)
    done = subprocess.run([sys.executable, "-c", LINT], cwd=place, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert found["code"] == 0, done.stdout
    return found


def test_importing_all_rules_compiles_hardly_a_pattern(seen: dict[str, Any]) -> None:
    assert len(seen["imported"]) <= 30, seen["imported"]  # write `regex(…)` instead of `re.compile(…)`


def test_a_lint_compiles_the_patterns_that_its_texts_ask_for(seen: dict[str, Any]) -> None:
    assert seen["lint"] <= 330


def test_a_lint_of_one_campaign_builds_no_automaton_of_a_lexicon(seen: dict[str, Any]) -> None:
    assert max(seen["automata"]) < 3_000, "cues of a language have some 2,000 words, its lexicon 5,000 or more"


def test_a_lint_reads_the_layouts_that_its_e_mails_use(seen: dict[str, Any]) -> None:
    assert 4 <= len(seen["layouts"]) <= 24
    assert not {path for path in seen["layouts"] if "portal" in path}


def test_a_lint_loads_no_library_that_it_can_do_without(seen: dict[str, Any]) -> None:
    assert seen["slow"] == []
