"""Findings about a change itself: CHG001 to CHG004 and LIF006. `campcompile diff` finds them, in HEAD's files.

None can be waived: they are gone with the merge, and until then the review is where somebody answers for them.
"""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import page

_SOURCES = ("Terraform's plan and buf's breaking changes: what a change does is read before it is merged",)

AUDIENCE_WIDENED = Rule(
    code="CHG001",
    slug="audience-widened",
    severity=Severity.WARNING,
    message="more people get this than before: `{before}` became `{after}`",
    help="say in the review why they should get it, and by what right; the legal basis must cover them, too",
    also={
        "undecided": (
            "it could not be worked out whether more people get this: `{before}` became `{after}`",
            "have somebody compare the two conditions; what can't be decided doesn't count as passed",
        ),
    },
    manual=page(
        what="Reports an audience, a condition of an e-mail, an end of a campaign or an exclusion that lets more "
        "people through than before, and, as a note, one of which that can't be proved either way.",
        why="Mail to people who were not meant before is the change that patients notice first, and that nobody can "
        "call back.",
        example='# main:   where: appointment.status == "booked"\nwhere: appointment.status in ["booked", "cancelled"]',
        instead="A change of its own, with the reason in its description, for whoever answers for the audience.",
        sources=_SOURCES,
    ),
    suppressible=False,
)

CONSENT_WEAKENED = Rule(
    code="CHG002",
    slug="consent-weakened",
    severity=Severity.WARNING,
    message="people are asked less than before: {what}, `{before}` became `{after}`",
    help="have it approved by whoever answers for consent; people agreed to what was said before",
    manual=page(
        what="Reports a consent that gave way to another basis, that reaches further or holds longer, mail that moved "
        "to a layer which is harder to refuse, and an opt-out that takes effect later or is gone.",
        why="Who agreed, agreed to what was asked. A wider use needs another question (GDPR article 7, 45 CFR "
        "164.508).",
        example="# main:   {purpose: operations, layer: updates, in: [FR], up_to: contact, consent: news}\n"
        "{purpose: operations, layer: updates, in: [FR], up_to: contact, basis: interest}",
        instead="Keep the consent, and ask a new question, of a new version, where more is needed.",
        sources=("Regulation (EU) 2016/679, articles 4(11) and 7", "45 CFR 164.508"),
    ),
    suppressible=False,
)

QUIET_HOURS_REMOVED = Rule(
    code="CHG003",
    slug="quiet-hours-removed",
    severity=Severity.WARNING,
    message="there are no quiet hours any more: e-mails may go out at night",
    help='write `quiet_hours: "{before}"` again, or say in the review why nights need no quiet',
    also={
        "shorter": (
            "quiet hours are shorter than before: `{before}` became `{after}`",
            "say in the review why, or write `{before}` again",
        ),
    },
    manual=page(
        what="Reports that `quiet_hours` is gone from campcompile.yaml, or covers less of the night.",
        why="A telephone that rings at night wakes people who are ill. It concerns every campaign at once.",
        example='# main:   quiet_hours: "21:00-08:00"\nquiet_hours: "23:00-06:00"',
        instead='quiet_hours: "21:00-08:00"',
        sources=_SOURCES,
    ),
    suppressible=False,
)

WAIVER_ADDED = Rule(
    code="CHG004",
    slug="waiver-added",
    severity=Severity.WARNING,
    message="`{code}` doesn't count here any more: {message}",
    help="read the reason that is given; whoever merges this approves it",
    manual=page(
        what="Reports a finding that is held back now and wasn't before.",
        why="A waiver is a line among many, and decides that a rule doesn't hold.",
        example='# allow SUB003 nrjkcnpm until 2027-03-31 by Lars Berg: it is an answer\nsubject: "Re: your question"',
        instead="Mend what was found; or keep the waiver, and let somebody approve it by its reason.",
        sources=("The practice of zizmor, ruff and buf: a waiver is a line of code, reviewed like one",),
    ),
    suppressible=False,
)

UNSAFE_LIVE_EDIT = Rule(
    code="LIF006",
    slug="unsafe-live-edit",
    severity=Severity.ERROR,
    message="who would have got this within {window} of the change never gets it: by then it is too late for it",
    help="write `expires: {expires}`: then they get it at once; take that away again when the change is a while ago",
    also={
        "late": (
            "who would have got this within {window} of the change never gets it: by then it is too late for it",
            "state a later `expires`, so that they get it at once",
        ),
        "renamed": (
            "`{id}` was called `{was}`: who has had it counts as if they hadn't, and may get it again",
            "write `was: {was}` below the id, or keep the old id",
        ),
        "code": (
            "the code was `{before}`: who is under way begins again, and may get everything twice",
            "keep the code; for another series make a new campaign, and let the old one end",
        ),
        "anchor": (
            "times count from `{after}` instead of `{before}`: who is under way begins again, and may get it twice",
            "make a new campaign with the new anchor, and let the old one end",
        ),
        "rhythm": (
            "repetitions come every `{after}` instead of `{before}`: they are counted anew, so that who is under way "
            "may miss one, or get two close together",
            "make a new e-mail with the new rhythm, and let the old one end with `times`",
        ),
    },
    manual=page(
        what="Reports changes of a campaign that people are under way in, after which somebody would get an e-mail "
        "twice, or never: an e-mail by another id, another code or anchor, an earlier time whose deadline is past for "
        "those in between, another rhythm of repetitions. What stands in BASE is taken to be in use.",
        why="A runner knows by campaign, e-mail and anchor what a person has had. A name that changes is a new e-mail "
        "to it.",
        example="# main:   id: day-7\n- id: week-one",
        instead="- id: week-one\n  was: day-7",
        sources=("time.md 6, 7, 9: deadlines, catching up, and the key of what was sent",),
    ),
    suppressible=False,
)
