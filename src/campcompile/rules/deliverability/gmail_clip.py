"""DEL004: a page so long that Gmail cuts it off."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import slot_mark, slots_in
from campcompile.analysis.limits import limits
from campcompile.analysis.shown import shown
from campcompile.analysis.version_words import lines_in
from campcompile.model.campaign import Campaign, Version
from campcompile.model.rendered import RenderedEmail
from campcompile.parts import Branch, Parts, Slot
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity

_LIMITS = "rules/data/weight.yaml"
_PRACTICE = slot_mark("practice.name")


@rule(
    code="DEL004",
    slug="gmail-clip",
    severity=Severity.WARNING,
    message="this e-mail is up to about {seen} bytes of HTML, and Gmail cuts off at about {most}",
    help="make two e-mails of it, or put the longer part on a page and link to it",
    also={
        "near": (
            "this e-mail is up to about {seen} bytes of HTML; Gmail cuts off at about {most}, and services add to it",
            "shorten it a little, or put the longer part on a page and link to it",
        ),
        "rewritten": (
            "this e-mail is up to about {seen} bytes of HTML once `{target}` has rewritten its {count} links, "
            "and Gmail cuts off at about {most}",
            "shorten it, link less often, or write `click: none` for this target",
        ),
        "late": (
            "the {what} stands near byte {seen} of the HTML, where Gmail may have cut off",
            "shorten what stands before it; it must be seen by everybody",
        ),
        "thread": (
            "`{email}` has the same subject, so Gmail may show both as one conversation and fold the second",
            "give each e-mail of a series a subject of its own",
        ),
    },
    sources=("https://www.spamresource.com/2022/01/what-is-gmail-clipping-and-what-to-do.html",),
)
def gmail_clip(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Counts the HTML of a compiled e-mail in bytes of UTF-8: of a condition its longest arm, for each merge field 120
    bytes. Above 102,000 it is a warning, above 85,000 a note; and a warning where the opt-out stands behind
    byte 90,000 (the address stands beside it in every layout of ours). Where a target's service records clicks
    (`tracking: {click: …}`), it writes links of its own in place of yours, each about 400 bytes longer, and what that
    makes too long is a warning, too. It also notes two e-mails of one series
    with the same subject, unless it names the practice: *A message from {{ practice.name }}* is the same for privacy's
    sake.

    Google states no number. What is known is measured, and a little different from year to year, so this is
    never an error.

    ## Why it matters

    Gmail shows the beginning and *Message clipped*. What is lost is the end: the address, and the link to opt out.

    ## Example

    ```yaml
    body: |
      (sixty paragraphs)
    ```

    ## Use instead

    ```yaml
    body: |
      (the three that matter)

      [All the rest is on our page](links.news).
    ```

    ## Sources

    * Help pages of Campaign Monitor, Hatchbuck and Metorik: 102 kB; spamresource.com, January 2022: about 105 kB
    """
    known = limits(_LIMITS)
    near = known["near-clip-bytes"].value
    links, tracker = _rewritten(message, facts)
    more = int(links * known["tracked-link-bytes"].value)
    if 4 * sum(map(_longest_text, message.html)) + more < near:
        return  # not even if every character took four bytes
    seen, most = worst_bytes(message.html), known["gmail-clips-bytes"].value
    if seen > most:
        yield gmail_clip.at(message.version.span, seen=_thousands(seen), most=f"{most:,.0f}")
    elif seen + more > most:
        counts = {"seen": _thousands(seen + more), "most": f"{most:,.0f}", "count": str(links)}
        yield gmail_clip.at(message.version.span, say="rewritten", target=tracker, **counts)
    elif seen > near:
        yield gmail_clip.at(
            message.version.span, say="near", severity=Severity.INFO, seen=_thousands(seen), most=f"{most:,.0f}"
        )
    if seen > known["last-opt-out-byte"].value:
        yield from _late(message, facts)


@rule(gmail_clip.rule)
def one_conversation(campaign: Campaign, facts: Facts) -> Found:
    """Two e-mails of one series under the same subject."""
    seen: dict[tuple[str, str], str] = {}
    for email in campaign.emails:
        if email.send.offset is None:
            continue  # issues of a newsletter lie far apart
        for version in email.versions:
            subject = _subject(version)
            first = seen.setdefault((version.locale, subject), email.id)
            # A subject that only names the practice is the same for privacy's sake.
            if first != email.id and version.variant == "a" and _PRACTICE not in subject:
                yield gmail_clip.at(version.subject_span, say="thread", severity=Severity.INFO, email=first)


def _rewritten(message: RenderedEmail, facts: Facts) -> tuple[int, str]:
    """How many links a service writes anew to record clicks, and the target it stands behind; 0 where none does."""
    trackers = [one.id for one in message.campaign.targets if one.tracking and one.tracking.click != "none"]
    if not trackers:
        return 0, ""
    links = facts.once(shown, message).page.links
    return sum(link.href.startswith(("https:", "http:")) or bool(slots_in(link.href)) for link in links), trackers[0]


def worst_bytes(parts: Parts) -> int:
    """The bytes of parts at their longest."""
    field = int(limits(_LIMITS)["field-bytes"].value)
    return sum(_part_bytes(part, field) for part in parts)


def _part_bytes(part: object, field: int) -> int:
    match part:
        case str():
            return len(part) if part.isascii() else len(part.encode())
        case Slot():
            return field
        case Branch(_, then, orelse):
            return max(sum(_part_bytes(one, field) for one in arm) for arm in (then, orelse))
        case _:
            return field  # a picture's name


def _longest_text(part: object) -> int:
    """The characters of a part, both arms of a branch: quick, and never too few."""
    match part:
        case str():
            return len(part)
        case Branch(_, then, orelse):
            return sum(map(_longest_text, (*then, *orelse)))
        case _:
            return 200


def _late(message: RenderedEmail, facts: Facts) -> Iterator[Diagnostic]:
    settings = facts.programme.settings
    page = settings.opt_out.page if settings.opt_out and message.campaign.layer != "essential" else ""
    last = limits(_LIMITS)["last-opt-out-byte"].value
    at = 0
    for part in message.html:
        if isinstance(part, str) and page and page in part:
            at += len(part[: part.rindex(page)].encode())
            if at > last:
                yield gmail_clip.at(message.version.span, say="late", what="link to opt out", seen=_thousands(at))
            return
        at += _part_bytes(part, int(limits(_LIMITS)["field-bytes"].value))


def _thousands(count: int) -> str:
    """Rounded up: a layout's comma more or less is no other finding."""
    return f"{-(-count // 1000) * 1000:,}"


def _subject(version: Version) -> str:
    return "\n".join(line.text for line in lines_in(version.subject))
