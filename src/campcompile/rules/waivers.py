"""Waivers: `# allow CODE DIGEST until DATE by NAME: reason` beside the words, or a row of waivers.yaml.

Each is for one finding: of one rule, in one file, about one text. A comment stands at the end of the line that it
is about, or alone above it; where a text begins on that line and goes on below (`text: |`), all of it is meant.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta

from campcompile.regex import regex
from campcompile.rules import findings_waivers as faults
from campcompile.rules.registry import all_rules, find_rule
from campcompile.rules.waivers_written import Lookalike, Written, comment_text, written_waivers
from campcompile.syntax.findings import Applicability, Diagnostic, Edit, Fix, Label, Rule, Severity
from campcompile.syntax.fingerprint import digest, fingerprint, private_lines
from campcompile.syntax.renaming import renaming
from campcompile.syntax.source import Source, Span
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document
from campcompile.syntax.waiver import Waived, Waiver
from campcompile.values import dataclass

MAX_DAYS = 180
NAME, REASON = "NAME", "REASON"  # what stands in a proposal where a person must write

_WORD = regex(r"[^\W\d_]{2,}")
_STAR = regex(r"[*?\[]")
_SHOWN = 3  # findings that a waiver may have meant
_EXAMPLE = "`campaigns/newsletter/campaign.yaml`"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What waivers do to findings."""

    kept: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...]
    faults: tuple[Diagnostic, ...]  # of the waivers themselves
    in_force: tuple[Waiver, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """A workspace, and the folders of campaigns that were asked about (none: all)."""

    documents: Mapping[str, Document]
    sources: Mapping[str, Source]  # layouts too
    paths: Collection[str]  # pictures too
    only: frozenset[str]

    def concerns(self, path: str) -> bool:
        """Whether what is found in a file is reported."""
        return not self.only or _folder(path) in {*self.only, ""}

    def judges(self, path: str) -> bool:
        """Whether all that may be found in a file was looked for."""
        return not self.only or _folder(path) in self.only


def can_be_waived(diagnostic: Diagnostic) -> bool:
    """Not what leaves a gap in a message, or shows what nobody may know."""
    return diagnostic.rule.suppressible and diagnostic.say not in diagnostic.rule.firm


def waivable(diagnostics: Iterable[Diagnostic], sources: Mapping[str, Source]) -> Iterator[tuple[Diagnostic, str]]:
    """The findings that can be waived, each with the digest that its waiver must say."""
    found = tuple(diagnostics)
    private = private_lines(found, sources)
    return ((one, digest(fingerprint(one, sources, private))) for one in found if can_be_waived(one))


def latest_day(as_of: date) -> str:
    """The last day that a waiver may have."""
    return (as_of + timedelta(days=MAX_DAYS)).isoformat()


def apply(diagnostics: tuple[Diagnostic, ...], files: Files, as_of: date) -> Verdict:
    """Hold back what is waived; a waiver that is wrong in any way, or past its day, holds nothing back.

    Those that are right are heard first, so that an unfinished one is told of what is left.
    """
    written = [one for document in files.documents.values() for one in written_waivers(document)]
    if not written:
        return Verdict(diagnostics, (), (), ())
    hearing = _Hearing(diagnostics, files, as_of)
    left = [one for one in written if not hearing.upholds(one)]
    found = tuple(fault for one in left for fault in hearing.faults(one))
    waived = {id(one.finding) for one in hearing.waived}
    return Verdict(
        kept=tuple(one for one in diagnostics if id(one) not in waived),
        waived=tuple(hearing.waived),
        faults=found,
        in_force=tuple(hearing.in_force),
    )


class _Hearing:
    """Findings that nothing holds back yet, and the waivers that do."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], files: Files, as_of: date) -> None:
        self.files = files
        self.as_of = as_of
        self.latest = latest_day(as_of)
        self.private = private_lines(diagnostics, files.sources)
        self.unread = {_folder(one.span.path) for one in diagnostics if _is_unread(one)}
        self.found: dict[tuple[str, str], list[Diagnostic]] = {}  # by rule and file
        for one in diagnostics:
            self.found.setdefault((one.rule.code, one.span.path), []).append(one)
        self.waived: list[Waived] = []
        self.in_force: list[Waiver] = []

    def upholds(self, written: Written | Lookalike) -> bool:
        """Whether there is no more to say about a waiver: it holds a finding back, or nobody asked."""
        if isinstance(written, Lookalike):
            return False
        if not self.files.concerns(written.path):
            return True
        rule = find_rule(written.name)
        if rule is None or any(self._form_faults(written)) or _lacks(written):
            return False
        waiver = _waiver(written, rule)
        open_ones = self._meant(written, rule)
        match = next((one for one in open_ones if can_be_waived(one) and self._digest(one) == written.digest), None)
        if match is not None:
            self.waived.append(Waived(match, waiver))
        elif self._is_judged(written) or open_ones:
            return False
        self.in_force.append(waiver)
        return True

    def faults(self, written: Written | Lookalike) -> Iterator[Diagnostic]:
        """What is wrong with a waiver, its name first."""
        if isinstance(written, Lookalike):
            yield faults.MALFORMED.at(written.span, code=written.code)
            return
        yield from self._form_faults(written)
        rule = find_rule(written.name)
        if rule is None or not rule.suppressible or written.path not in self.files.paths:
            return
        meant = self._meant(written, rule)
        open_ones = [one for one in meant if can_be_waived(one)]
        if lacking := _lacks(written):
            yield from self._incomplete(written, rule, lacking, open_ones)
        elif open_ones and any(self._date_faults(written)):
            return  # what it held back shows again
        elif open_ones:
            yield self._other_words(written, rule, open_ones)
        elif meant:
            yield faults.NOT_ALLOWED.at(written.name_span, say="firm", code=rule.code, slug=rule.slug)
        elif self._is_judged(written):
            yield self._unused(written, rule)

    def _form_faults(self, written: Written) -> Iterator[Diagnostic]:
        """What can be said of a waiver without a look at what it is about."""
        rule = find_rule(written.name)
        if written.is_of_everything:
            yield faults.WILDCARD.at(written.name_span, seen=written.name)
        elif rule is None:
            names = [name for known in all_rules().values() for name in (known.code, known.slug)]
            near = nearest(written.name, names)
            fixes = renaming(written.name_span, written.name, near)
            yield faults.UNKNOWN_RULE.at(
                written.name_span, say="near" if near else "", seen=written.name, nearest=near, fixes=fixes
            )
        elif not rule.suppressible:
            yield faults.NOT_ALLOWED.at(written.name_span, code=rule.code, slug=rule.slug)
        if _STAR.search(written.path) and written.lines is None:
            yield faults.WILDCARD.at(written.path_span, say="path", seen=written.path, example=_EXAMPLE)
        elif written.path not in self.files.paths:
            near = _near_path(written.path, self.files.paths)
            yield faults.UNKNOWN_FILE.at(
                written.path_span,
                say="near" if near else "",
                seen=written.path,
                nearest=near,
                example=_EXAMPLE,
                fixes=renaming(written.path_span, written.path, near),
            )
        yield from self._date_faults(written)

    def _date_faults(self, written: Written) -> Iterator[Diagnostic]:
        if not written.until:
            return
        until = _day(written.until)
        if until is None:
            yield faults.NO_DATE.at(written.until_span, seen=written.until[:40], date=self.latest)
            return
        ahead = (until - self.as_of).days
        if ahead < 0:
            yield faults.EXPIRED.at(written.until_span, until=written.until)
        elif ahead > MAX_DAYS:
            yield faults.TOO_LONG.at(
                written.until_span, until=written.until, ahead=str(ahead), days=str(MAX_DAYS), date=self.latest
            )

    def _incomplete(
        self, written: Written, rule: Rule, lacking: Mapping[str, str], open_ones: list[Diagnostic]
    ) -> Iterator[Diagnostic]:
        *first, last = lacking.values()
        missing = " and ".join(filter(None, [", ".join(first), last]))
        if written.lines is None:
            yield faults.INCOMPLETE.at(written.reason_span, say="row", missing=missing)
            return
        if not open_ones and self._is_judged(written):
            yield self._unused(written, rule)
            return
        entry = comment_text(
            {
                "rule": written.name,
                "digest": self._digest(open_ones[0]) if open_ones else written.digest or "DIGEST",
                "until": written.until if _day(written.until) else self.latest,
                "by": NAME if "by" in lacking else written.by,
                "reason": REASON if "reason" in lacking else written.reason,
            }
        )
        blanks = " and ".join(word for word in (NAME, REASON) if word in entry)
        own = f", with words of your own for {blanks}" if blanks else ""
        yield faults.INCOMPLETE.at(written.span, missing=missing, entry=entry, own=own)

    def _other_words(self, written: Written, rule: Rule, open_ones: list[Diagnostic]) -> Diagnostic:
        right = [self._digest(one) for one in open_ones]
        shown = [
            Label(one.span, f"a finding of {rule.code}: `{its}`")
            for one, its in zip(open_ones[:_SHOWN], right, strict=False)
            if self.private.isdisjoint({(one.span.path, line) for line in self._lines(one)})
        ]
        return faults.OTHER_WORDS.at(
            written.digest_span,
            say="row" if written.lines is None else "",
            file=written.path,
            by=written.by,
            digest="` or `".join(dict.fromkeys(right[:_SHOWN])),
            related=tuple(shown),
        )

    def _unused(self, written: Written, rule: Rule) -> Diagnostic:
        fixes = () if written.lines is None else (_deletion(written.span, self.files.documents),)
        spent = any(self._covers(written, one.finding) and one.waiver.rule is rule for one in self.waived)
        say = "spent" if spent else "row" if written.lines is None else ""
        return faults.UNUSED.at(written.span, say=say, code=rule.code, file=written.path, fixes=fixes)

    def _is_judged(self, written: Written) -> bool:
        """Whether a finding that isn't there is none: where a file could not be read, there may be more in it."""
        folder = _folder(written.path)
        hidden = {"", folder} & self.unread or (not folder and self.unread)
        return self.files.judges(written.path) and not hidden

    def _meant(self, written: Written, rule: Rule) -> list[Diagnostic]:
        """The findings that a waiver may be about, but for those that another holds back."""
        taken = {id(one.finding) for one in self.waived}
        all_ones = self.found.get((rule.code, written.path), ())
        return [one for one in all_ones if id(one) not in taken and self._covers(written, one)]

    def _covers(self, written: Written, found: Diagnostic) -> bool:
        return found.span.path == written.path and (written.lines is None or self._lines(found)[0] in written.lines)

    def _lines(self, found: Diagnostic) -> range:
        source = self.files.sources.get(found.span.path)
        if source is None:
            return range(1, 2)
        return range(source.position(found.span.start)[0], source.position(found.span.end)[0] + 1)

    def _digest(self, found: Diagnostic) -> str:
        return digest(fingerprint(found, self.files.sources, self.private))


def _lacks(written: Written) -> Mapping[str, str]:
    """What is missing from a waiver: the part, and what it is in words."""
    parts = {
        "digest": ("the digest of what is found", written.digest),
        "until": ("a last day", written.until),
        "by": ("the name of who approves", _WORD.search(written.by) and written.by != NAME),
        "reason": ("a reason", _WORD.search(written.reason) and written.reason.strip() != REASON),
    }
    return {part: words for part, (words, there) in parts.items() if not there}


def _waiver(written: Written, rule: Rule) -> Waiver:
    return Waiver(
        rule=rule,
        path=written.path,
        digest=written.digest,
        until=date.fromisoformat(written.until),
        by=written.by,
        reason=written.reason.strip(),
        span=written.span,
        lines=written.lines,
    )


def _day(text: str) -> date | None:
    """None for what is no day, or written in another way: fromisoformat takes 20270331 and 2027-W13-3, too."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _near_path(seen: str, paths: Collection[str]) -> str:
    """The one file that `seen` is the end of, else one of nearly that name."""
    ending = [path for path in paths if path.endswith(f"/{seen}")]
    return ending[0] if len(ending) == 1 else nearest(seen, paths)


def _is_unread(found: Diagnostic) -> bool:
    """Whether a finding is of what could not be read, and may hide others."""
    return found.severity is Severity.ERROR and not found.rule.suppressible and not found.rule.private


def _folder(path: str) -> str:
    """The campaign that a file is of; "" for what all share."""
    parts = path.split("/")
    return parts[1] if len(parts) > 2 and parts[0] == "campaigns" and parts[1] != "_shared" else ""


def _deletion(comment: Span, documents: Mapping[str, Document]) -> Fix:
    """The comment taken away, with the blanks before it, and with its line where it stands alone."""
    text = documents[comment.path].source.text
    start = len(text[: comment.start].rstrip(" \t"))
    end = comment.end
    if start == 0 or text[start - 1] == "\n":
        end = min(end + 1, len(text))
    return Fix("delete the comment", (Edit(Span(comment.path, start, end), ""),), Applicability.SAFE)
