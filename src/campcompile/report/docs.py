"""The reference of rules in docs/: an index, and a page a rule, made from the rules and their examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from campcompile.syntax.findings import Rule, Severity

INDEX = "docs/rules.md"

_FAMILIES = {
    "A11Y": "Accessibility",
    "ABT": "Experiments",
    "ADV": "Medical-advertising law and claims",
    "CAN": "Commercial-mail formalities",
    "CON": "Consent and legal basis",
    "CHG": "Changes, found by `diff`",
    "DEL": "Deliverability and bulk-sender rules",
    "FLD": "Data and merge fields",
    "HYG": "Waivers",
    "LAW": "Packs of law",
    "LAY": "Layouts, blocks and themes",
    "LIF": "Lifecycle and localisation",
    "LIT": "Health literacy and content",
    "LNK": "Links and brand",
    "PHI": "Patients' privacy",
    "REF": "Names: segments, senders, layouts, blocks",
    "SCH": "The form of each file",
    "SEG": "Audiences",
    "SUB": "Subject, preheader, sender name",
    "SYN": "YAML and words",
    "TIM": "Timing and cadence",
    "TPL": "Merge fields and conditions, as written",
    "TRK": "Tracking and analytics",
    "VEN": "Vendors and hosting",
}
_FINDINGS = re.compile(r"^```findings\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_QUOTED = re.compile(r"`[^`]*`")
_HOW_TO_WAIVE = """\
A finding is [waived](how-to/waive-a-finding.md) by a comment on its line, or alone above it, or by a row of
waivers.yaml: `# allow CODE DIGEST until DATE by NAME: reason`. The day lies at most 180 days ahead; a waiver that is
past its day, that nothing needs, or that is about other words, is an error itself."""
_TRIALS = """\
A rule that is new as an error, or was a warning before, warns for one minor version first: what comes in 0.2 fails
builds from 0.3 on. What leaves a gap in a message fails at once. `campcompile rules --changed-since VERSION` lists
what came new."""
_UNKNOWN = """\
Some rules lack what they need to decide, such as the words of a language. They say so under their own code, as a
warning where the rule is an error, else as a note: what is unknown never counts as passed."""


def rule_pages(
    rules: Iterable[Rule], examples: Mapping[str, tuple[str, str]], since: Mapping[str, str]
) -> Mapping[str, str]:
    """Path → Markdown.

    `examples`: code → (path of its example file, the file's text); `since`: code → the version that brought it.
    """
    ordered = sorted(rules, key=lambda rule: rule.code)
    pages = {
        f"docs/rules/{rule.code}.md": _page(rule, f"since {since[rule.code]}", *examples.get(rule.code, ("", "")))
        for rule in ordered
    }
    return {INDEX: _index(ordered), **pages}


def _index(rules: list[Rule]) -> str:
    counts = {severity: sum(rule.severity is severity for rule in rules) for severity in Severity}
    parts = [
        "# Rules",
        f"{len(rules)} rules: {counts[Severity.ERROR]} errors, {counts[Severity.WARNING]} warnings, "
        f"{counts[Severity.INFO]} notes. `campcompile explain CODE` prints the page of one. Codes are never reused.",
        _HOW_TO_WAIVE,
        _UNKNOWN,
        _TRIALS,
        *_tables(rules),
    ]
    return "\n\n".join(parts) + "\n"


def _tables(rules: list[Rule]) -> Iterator[str]:
    for prefix, group in groupby(rules, key=lambda rule: rule.code[:-3]):
        rows = "\n".join(_row(rule) for rule in group)
        head = f"## {_FAMILIES.get(prefix, prefix)}"
        yield f"{head}\n\n| Code | Name | Severity | |\n| --- | --- | --- | --- |\n{rows}"


def _row(rule: Rule) -> str:
    summary = _summary(rule).replace("|", "\\|")
    return f"| [{rule.code}](rules/{rule.code}.md) | `{rule.slug}` | {rule.severity.value} | {summary} |"


def _page(rule: Rule, since: str, example_path: str, example: str) -> str:
    held_back = "can be waived" if rule.suppressible else "can't be waived"
    family = _FAMILIES.get(rule.code[:-3], rule.code[:-3])
    parts = [
        f"# {rule.code} {rule.slug}",
        " · ".join(filter(None, (rule.severity.value, family, held_back, since, "[all rules](../rules.md)"))),
        rule.manual.strip(),
        *_printed(rule, example_path, example),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _printed(rule: Rule, path: str, example: str) -> Iterator[str]:
    """What the rule prints about its examples, the first finding of each wording."""
    printed = [one for block in _FINDINGS.findall(example) for one in block.rstrip("\n").split("\n\n")]
    own = [one for one in printed if f"[{rule.code}]" in one.partition("\n")[0]]
    findings = {_QUOTED.sub("", one.partition("\n")[0]): one for one in reversed(own)}
    if findings:
        yield f"## As printed\n\nAbout the examples of [{path.rpartition('/')[2]}](../../{path}), which are its tests:"
        yield "```text\n" + "\n\n".join(reversed(findings.values())) + "\n```"


def _summary(rule: Rule) -> str:
    """The first sentence of What it does."""
    what = rule.manual.partition("## Why it matters")[0].partition("\n")[2].strip()
    sentence = re.split(r"(?<=[^A-Z][.:;])\s", " ".join(what.split()), maxsplit=1)[0]
    return sentence.rstrip(":;.")
