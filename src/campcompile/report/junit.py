"""Findings as JUnit XML, which most build servers show as failed tests: a suite a file, a case a finding.

There is no standard; this keeps to what Jenkins, GitLab and Azure all read.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from campcompile.report.paint import Paint
from campcompile.report.report import Place, Report, approval, counts
from campcompile.report.text import summary
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.waiver import Waived


def report_junit(report: Report, *, fail_on: str, prefix: str = "") -> str:
    """A finding below `fail_on` is a case that passed, with its words beside it, as the exit code has it."""
    failures = sum(counts(found, fail_on) for found in report.diagnostics)
    total = max(len(report.diagnostics) + len(report.waived), 1)
    root = Element("testsuites", name="campcompile", tests=str(total), failures=str(failures), errors="0")
    for path, found in groupby(report.diagnostics, key=lambda one: one.span.path):
        _suite(root, prefix + path, list(found), report, fail_on)
    for path, waived in groupby(report.waived, key=lambda one: one.finding.span.path):
        _waived_suite(root, prefix + path, list(waived), report)
    if not (report.diagnostics or report.waived):  # servers take a report without a test for a broken one
        suite = SubElement(root, "testsuite", name="campcompile", tests="1", failures="0", errors="0", skipped="0")
        SubElement(suite, "testcase", classname="campcompile", name=summary(report, Paint(False)), time="0")
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _suite(root: Element, file: str, found: Iterable[Diagnostic], report: Report, fail_on: str) -> None:
    suite = SubElement(root, "testsuite", name=_written(file))
    failures = tests = 0
    for diagnostic in found:
        place = Place.of(diagnostic.span, report.sources)
        position = f"{file}:{place.line}:{place.column}"
        case = _case(suite, file, diagnostic, place)
        text = f"{position}: {report.speech.say(diagnostic.severity.value)}: {diagnostic.message}"
        text += f"\n{report.speech.say('help')}: {diagnostic.help}" if diagnostic.help else ""
        tests += 1
        if counts(diagnostic, fail_on):
            failures += 1
            kind = diagnostic.severity.value
            SubElement(case, "failure", message=_written(diagnostic.message), type=kind).text = _written(text)
        else:
            SubElement(case, "system-out").text = _written(text)
    _count(suite, tests=tests, failures=failures)


def _waived_suite(root: Element, file: str, waived: list[Waived], report: Report) -> None:
    """What is waived is a test that was skipped, with who approved it and why."""
    suite = SubElement(root, "testsuite", name=_written(f"{file} (waived)"))
    for one in waived:
        case = _case(suite, file, one.finding, Place.of(one.finding.span, report.sources))
        SubElement(case, "skipped", message=_written(f"{one.finding.message}: {approval(one, report.speech)}"))
    _count(suite, tests=len(waived), skipped=len(waived))


def _case(suite: Element, file: str, diagnostic: Diagnostic, place: Place) -> Element:
    name = f"{diagnostic.rule.code} {diagnostic.rule.slug} ({place.line}:{place.column})"
    return SubElement(suite, "testcase", classname=_written(file), name=name, time="0")


def _count(suite: Element, *, tests: int, failures: int = 0, skipped: int = 0) -> None:
    for name, number in (("tests", tests), ("failures", failures), ("errors", 0), ("skipped", skipped)):
        suite.set(name, str(number))


def _written(text: str) -> str:
    """What XML can hold of a text: no control character, no half of a character, in no form."""
    return "".join(char if char.isprintable() or char in "\n\t" else f"<U+{ord(char):04X}>" for char in text)
