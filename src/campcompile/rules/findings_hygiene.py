"""Findings about suppressions (`# allow CODE until DATE: reason`): the HYG rules. None can be suppressed."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import page

_GOOD = '# allow SUB003 until 2027-03-31: this answers the patient\'s own mail\nsubject: "Re: your question"'
_SOURCES = ("The practice of zizmor, ruff and buf: a waiver is a line of code, reviewed like one",)

NO_REASON = Rule(
    code="HYG001",
    slug="suppression-without-reason",
    severity=Severity.ERROR,
    message="this suppression gives no reason, so it isn't applied",
    help="say after a colon why it is right here: `# allow {code} until {date}: reason`",
    manual=page(
        what="Reports `# allow …` without a reason in words behind the colon. It suppresses nothing.",
        why="Whoever reads it next year can't tell whether it still holds.",
        example='# allow SUB003 until 2027-03-31\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

NO_DATE = Rule(
    code="HYG002",
    slug="suppression-without-date",
    severity=Severity.ERROR,
    message="this suppression gives no last day, so it isn't applied",
    help="write year, month and day, at most {days} days ahead: `# allow {code} until {date}: reason`",
    also={
        "invalid": (
            "`{seen}` is no date, so this suppression isn't applied",
            "write year, month and day of a day that exists: `until {date}`",
        ),
    },
    manual=page(
        what="Reports `# allow …` without `until` and a date, or with one that isn't in the calendar. "
        "It suppresses nothing.",
        why="A suppression without end outlives its reason.",
        example='# allow SUB003: this answers the patient\'s own mail\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

TOO_LONG = Rule(
    code="HYG003",
    slug="suppression-too-long",
    severity=Severity.ERROR,
    message="{until} is {ahead} days ahead, and a suppression may last {days}, so it isn't applied",
    help="write `until {date}` or an earlier day, and look at it again then",
    manual=page(
        what="Reports `# allow … until DATE` with a day more than 180 days ahead. It suppresses nothing.",
        why="Rules, laws and campaigns change: what was right is looked at twice a year.",
        example='# allow SUB003 until 2099-01-01: this answers the patient\'s own mail\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

EXPIRED = Rule(
    code="HYG004",
    slug="suppression-expired",
    severity=Severity.WARNING,
    message="this suppression ended on {until}, and isn't applied any more",
    help="mend what it was about and delete it; or look at the reason again and write a later day",
    manual=page(
        what="Reports `# allow … until DATE` whose day is past. The findings it held back show again.",
        why="That is what the day is for; and a dead comment misleads.",
        example='# allow SUB003 until 2020-01-01: this answers the patient\'s own mail\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

UNUSED = Rule(
    code="HYG005",
    slug="suppression-unused",
    severity=Severity.WARNING,
    message="nothing here is a finding of {code}",
    help="delete this comment; it covers its own line, or the next line where it stands alone",
    manual=page(
        what="Reports `# allow …` that holds back no finding.",
        why="The next mistake on that line would pass unseen.",
        example='# allow SUB003 until 2027-03-31: this answers the patient\'s own mail\nsubject: "Your question"',
        instead='subject: "Your question"',
        sources=_SOURCES,
    ),
    suppressible=False,
)

WILDCARD = Rule(
    code="HYG006",
    slug="suppression-of-everything",
    severity=Severity.ERROR,
    message="`{seen}` would hold back every finding",
    help="name the one rule that is meant, e.g. `# allow SUB003 until {date}: reason`",
    manual=page(
        what="Reports `# allow all`, `# allow *` and codes with a star. They suppress nothing.",
        why="What nobody thought of would be held back too.",
        example='# allow * until 2027-03-31: in a hurry\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

UNKNOWN_RULE = Rule(
    code="HYG007",
    slug="suppression-of-unknown-rule",
    severity=Severity.ERROR,
    message="no rule is called `{seen}`",
    help="`campcompile rules` lists them all",
    also={"near": ("no rule is called `{seen}`", "did you mean `{nearest}`?")},
    manual=page(
        what="Reports `# allow NAME` where no rule has that code or that name.",
        why="It suppresses nothing, though it looks as if it did.",
        example='# allow SUB030 until 2027-03-31: this answers the patient\'s own mail\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

NOT_ALLOWED = Rule(
    code="HYG008",
    slug="suppression-not-allowed",
    severity=Severity.ERROR,
    message="{code} ({slug}) can't be suppressed",
    help="mend what it points at: `campcompile explain {code}` tells how",
    manual=page(
        what="Reports `# allow …` for a rule that can't be suppressed: those about what can't be read or compiled, "
        "about the safety of a layout, and about suppressions.",
        why="There is nothing to send where such a finding stands, or sending it would harm somebody.",
        example='# allow HYG005 until 2027-03-31: it will be needed\nsubject: "Your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

MALFORMED = Rule(
    code="HYG009",
    slug="suppression-malformed",
    severity=Severity.ERROR,
    message="this comment looks like a suppression, and isn't one",
    help="write `# allow {code} until {date}: reason`, one rule a comment",
    manual=page(
        what="Reports comments that try to suppress in another form: of another tool (`# noqa: SUB003`), with other "
        "words (`# ignore SUB003`), with several rules at once.",
        why="It suppresses nothing, though it looks as if it did.",
        example='# ignore SUB003\nsubject: "Re: your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)
