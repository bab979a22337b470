"""An account of a change for a person at a terminal, campaign by campaign, e-mail by e-mail."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence

from campcompile.changes.account import Account, CampaignChange, Change, EmailChange, Fate, Mark, Marked
from campcompile.report.change_words import FATES, fate_of, headline, merged, notes, topic
from campcompile.report.paint import Paint
from campcompile.report.report import Place, counted, listed
from campcompile.report.width import printed
from campcompile.syntax.findings import Diagnostic
from campcompile.syntax.source import Source
from campcompile.values import dataclass

_SIGNS = {Fate.ADDED: "+", Fate.REMOVED: "-", Fate.RENAMED: "~", Fate.CHANGED: "~", Fate.UNREADABLE: "?"}
_STYLES = {"+": "green", "-": "red", "~": "yellow", "?": "red"}
_TOPIC_CELLS = 22
_NARROWEST = 50
_NEAR = 24  # characters of unchanged words that are shown beside a marked one


def account_lines(
    account: Account, sources: Mapping[str, Source], old: Mapping[str, Source], *, colour: bool, width: int
) -> Iterator[str]:
    """The whole account; `sources` and `old` are the two sides' texts, which findings point into."""
    printer = _Printer(Paint(colour), max(width, _NARROWEST))
    yield printed(f"{account.base} → {account.head}, as of {account.as_of.isoformat()}")
    if account.changes:
        yield f"{printer.sign(Fate.CHANGED)} {printer.paint('bold', 'all campaigns')}"
        yield from printer.changes(account.changes, 4)
    for campaign in account.campaigns:
        yield from printer.campaign(campaign)
    yield from printer.findings("about the change", "!", account.findings, sources)
    yield from printer.findings("new findings", "+", account.new, sources)
    yield from printer.findings("findings that are gone", "-", account.fixed, old)
    yield total(account)


def total(account: Account) -> str:
    """`2 campaigns change, 4 e-mails: 1 new and 3 changed (timing and content)`."""
    if account.is_empty:
        return "no changes: patients get the same, at the same time, for the same reason"
    fates = {word: len(account.emails(fate)) for fate, word in FATES.items() if fate is not Fate.UNREADABLE}
    emails = [f"{number:,} {word}" for word, number in fates.items() if number]
    touched = f"{counted(len(account.campaigns), 'campaign')} change{'s' * (len(account.campaigns) == 1)}"
    told = f", {counted(sum(fates.values()), 'e-mail')}: {listed(emails)}" if emails else ""
    kinds = f" ({fate_of(account.kinds)})" if account.kinds else ""
    found = ", ".join(
        f"{len(rows):,} {word}"
        for rows, word in (
            (account.findings, "about the change"),
            (account.new, "new"),
            (account.fixed, "gone"),
        )
        if rows
    )
    return f"{touched}{told}{kinds}" + (f"; findings: {found}" if found else "")


@dataclass(frozen=True, slots=True)
class _Printer:
    paint: Paint
    width: int

    def sign(self, fate: Fate) -> str:
        sign = _SIGNS[fate]
        return self.paint(_STYLES[sign], sign)

    def campaign(self, change: CampaignChange) -> Iterator[str]:
        yield ""
        name = self.paint("bold", printed(f"{change.folder} ({change.code})"))
        yield f"{self.sign(change.fate)} {name}{self.fate(change.fate)}"
        yield from self.changes(change.changes, 4)
        for group in grouped(change.emails):
            first = group[0]
            names = listed([email.id for email in group])
            was = f" (was {first.was})" if first.was else ""
            yield f"  {self.sign(first.fate)} {self.paint('bold', printed(names))}{was}{self.fate(first.fate)}"
            yield from self.changes(first.changes, 6)

    def fate(self, fate: Fate) -> str:
        return "" if fate in (Fate.CHANGED, Fate.RENAMED) else f": {FATES[fate]}"

    def changes(self, changes: Iterable[Change], indent: int) -> Iterator[str]:
        for change in merged(changes):
            yield from self.change(change, indent)

    def change(self, change: Change, indent: int) -> Iterator[str]:
        """A row with the topic and what became of it; below it what that means."""
        about = printed(f"{topic(change)} [{change.where}]" if change.where else topic(change))
        lead = f"{' ' * indent}{self.paint('blue', about)}{' ' * max(_TOPIC_CELLS - len(about), 1)} "
        hanging = " " * (indent + 2)
        if isinstance(change.detail, Marked):
            yield lead.rstrip() + f"  {self.paint('dim', change.kind.value)}"
            for line in self.marked(change.detail).splitlines():
                yield hanging + line
            return
        told = printed(headline(change))
        yield f"{lead}{told}  {self.paint('dim', change.kind.value)}".rstrip()
        for note in notes(change):
            yield from textwrap.wrap(
                printed(note),
                self.width,
                initial_indent=hanging + "· ",
                subsequent_indent=hanging + "  ",
                break_on_hyphens=False,
            )

    def marked(self, marked: Marked) -> str:
        """`we are open [-all-]{+the whole+} winter`: signs and colour; far-off words that stay are left out."""
        last = len(marked.stretches) - 1
        pieces = []
        for number, stretch in enumerate(marked.stretches):
            match stretch.mark:
                case Mark.GONE:
                    pieces.append(self.paint("red", f"[-{_lined(stretch.text)}-]"))
                case Mark.NEW:
                    pieces.append(self.paint("green", f"{{+{_lined(stretch.text)}+}}"))
                case Mark.KEPT:
                    pieces.append(_lined(_near(stretch.text, first=number == 0, last=number == last)))
        return "\n".join(
            line
            for text in "".join(pieces).splitlines()
            for line in textwrap.wrap(text, max(self.width - 8, 30), break_long_words=False, break_on_hyphens=False)
        )

    def findings(
        self, title: str, sign: str, found: Sequence[Diagnostic], sources: Mapping[str, Source]
    ) -> Iterator[str]:
        if not found:
            return
        yield ""
        yield self.paint("bold", title)
        for one in found:
            place = Place.of(one.span, sources)
            head = self.paint.severity(one.severity, f"{one.severity.value}[{one.rule.code}]")
            yield f"{sign} {head} {printed(one.message)}"
            yield f"    {printed(one.span.path)}:{place.line}:{place.column}"
            if one.help and sign != "-":
                yield from textwrap.wrap(
                    printed(f"help: {one.help}"),
                    self.width,
                    initial_indent="    ",
                    subsequent_indent="          ",
                    break_on_hyphens=False,  # a command in it can then be copied
                )


def grouped(emails: Sequence[EmailChange]) -> list[list[EmailChange]]:
    """E-mails in order; those whose fate and changes read the same stand together."""
    groups: dict[tuple[object, ...], list[EmailChange]] = {}
    for email in emails:
        told = tuple((one.topic, one.where, one.before, one.after) for one in email.changes)
        key = (email.fate, email.was, told)
        groups.setdefault(key, []).append(email)
    return list(groups.values())


def _near(text: str, *, first: bool, last: bool) -> str:
    """The ends of a long stretch that stays, beside what changed."""
    if (first and last) or len(text) <= 2 * _NEAR:
        return text
    head = "" if first else text[:_NEAR] + " …"
    tail = "" if last else "… " + text[-_NEAR:]
    return head + ("\n" if head and tail else "") + tail


def _lined(text: str) -> str:
    """Safe for a terminal, line by line."""
    return "\n".join(printed(line) for line in text.split("\n"))
