"""Findings about waivers, as comments and as rows of waivers.yaml: the HYG rules. None can be waived."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import page

_REPLY = 'subject: "Re: your question"'
_GOOD = f"# allow SUB003 nrjkcnpm until 2027-03-31 by Ingrid Hansen: this answers the patient's own mail\n{_REPLY}"
_SOURCES = ("The practice of zizmor, ruff and buf: a waiver is a line of code, reviewed like one",)


def _with(comment: str) -> str:
    return f"{comment}\n{_REPLY}"


INCOMPLETE = Rule(
    code="HYG001",
    slug="waiver-incomplete",
    severity=Severity.ERROR,
    message="this waiver lacks {missing}, so it isn't applied",
    help="write `{entry}`{own}",
    also={
        "row": (
            "this waiver lacks {missing}, so it isn't applied",
            "write in words why it is right here, and who says so",
        ),
    },
    manual=page(
        what="Reports `# allow CODE` without the digest of the words that are meant, a last day, a name behind `by`, "
        "or a reason in words behind the colon; and rows of waivers.yaml without a name or a reason. What lacks "
        "something waives nothing. The help has the whole line to write, with the digest: so `# allow CODE` is all "
        "that one types.",
        why="Whoever reads it next year can't tell who decided it, why, about which words, or whether it still holds.",
        example=_with("# allow SUB003"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

NO_DATE = Rule(
    code="HYG002",
    slug="waiver-date",
    severity=Severity.ERROR,
    message="`{seen}` is no date, so this waiver isn't applied",
    help="write year, month and day of a day that exists, `{date}` at the latest",
    manual=page(
        what="Reports the last day of a waiver that isn't in the calendar, or written in another way than "
        "year-month-day. It waives nothing.",
        why="A waiver without end outlives its reason.",
        example=_with("# allow SUB003 nrjkcnpm until 31.3.2027 by Ingrid Hansen: this answers the patient's own mail"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

TOO_LONG = Rule(
    code="HYG003",
    slug="waiver-too-long",
    severity=Severity.ERROR,
    message="{until} is {ahead} days ahead, and a waiver may last {days}, so it isn't applied",
    help="write `{date}` or an earlier day, and look at it again then",
    manual=page(
        what="Reports a waiver whose last day is more than 180 days ahead. It waives nothing.",
        why="Rules, laws and campaigns change: what was right is looked at twice a year.",
        example=_with("# allow SUB003 nrjkcnpm until 2099-01-01 by Ingrid Hansen: this answers the patient's own mail"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

EXPIRED = Rule(
    code="HYG004",
    slug="waiver-expired",
    severity=Severity.ERROR,
    message="this waiver ended on {until}, and isn't applied any more",
    help="mend what it was about and delete it; or have the reason looked at again, and write a later day",
    manual=page(
        what="Reports a waiver whose last day is past. The findings it held back show again.",
        why="That is what the day is for; and a dead waiver misleads.",
        example=_with("# allow SUB003 nrjkcnpm until 2020-01-01 by Ingrid Hansen: this answers the patient's own mail"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

UNUSED = Rule(
    code="HYG005",
    slug="waiver-unused",
    severity=Severity.ERROR,
    message="nothing here is a finding of {code}",
    help="delete this comment; it covers its own line, or the next line where it stands alone",
    also={
        "row": (
            "nothing in {file} is a finding of {code} with this digest",
            "delete this row",
        ),
        "spent": (
            "another waiver already holds back this finding of {code}",
            "delete this one: each waiver is for one finding",
        ),
    },
    manual=page(
        what="Reports a waiver that holds back no finding. Each is for one finding: the second of two is reported, "
        "too. Where a file could not be read to its end, nothing is said of its waivers until it can.",
        why="The next mistake in the same place would pass unseen.",
        example="# allow SUB003 nrjkcnpm until 2027-03-31 by Ingrid Hansen: this answers the patient's own mail\n"
        'subject: "Your question"',
        instead='subject: "Your question"',
        sources=_SOURCES,
    ),
    suppressible=False,
)

WILDCARD = Rule(
    code="HYG006",
    slug="waiver-of-everything",
    severity=Severity.ERROR,
    message="`{seen}` would hold back every finding",
    help="name the one rule that is meant, as in `# allow SUB003`; `campcompile lint` then tells the rest of it",
    also={"path": ("`{seen}` would be about many files", "name the one file that is meant, as {example}")},
    manual=page(
        what="Reports `# allow all`, `# allow *`, codes with a star, and rows of waivers.yaml for paths with a star. "
        "They waive nothing.",
        why="What nobody thought of would be held back too.",
        example=_with("# allow * nrjkcnpm until 2027-03-31 by Ingrid Hansen: in a hurry"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

UNKNOWN_RULE = Rule(
    code="HYG007",
    slug="waiver-of-unknown-rule",
    severity=Severity.ERROR,
    message="no rule is called `{seen}`",
    help="`campcompile rules` lists them all",
    also={"near": ("no rule is called `{seen}`", "did you mean `{nearest}`?")},
    manual=page(
        what="Reports a waiver of a rule where none has that code or that name.",
        why="It waives nothing, though it looks as if it did.",
        example=_with("# allow SUB030 nrjkcnpm until 2027-03-31 by Ingrid Hansen: this answers the patient's own mail"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

NOT_ALLOWED = Rule(
    code="HYG008",
    slug="waiver-not-allowed",
    severity=Severity.ERROR,
    message="{code} ({slug}) can't be waived",
    help="mend what it points at: `campcompile explain {code}` tells how",
    also={
        "firm": (
            "this finding of {code} ({slug}) can't be waived",
            "mend what it points at, or correct a label in the dictionary: `campcompile explain {code}` tells how",
        ),
    },
    manual=page(
        what="Reports a waiver of what can't be waived: what can't be read or compiled, gaps in a message, merge "
        "fields that tell more than their place may, identifiers, the safety of a layout, and waivers.",
        why="There is nothing to send where such a finding stands, or sending it would harm somebody.",
        example="# allow HYG005 nrjkcnpm until 2027-03-31 by Ingrid Hansen: it will be needed\n"
        'subject: "Your question"',
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

MALFORMED = Rule(
    code="HYG009",
    slug="waiver-malformed",
    severity=Severity.ERROR,
    message="this comment looks like a waiver, and isn't one",
    help="write `# allow {code}`, one rule a comment; `campcompile lint` then tells the rest of it",
    manual=page(
        what="Reports comments that try to waive a rule in another form: of another tool (`# noqa: SUB003`), with "
        "other words, or with several rules. They waive nothing.",
        why="Whoever wrote it believes that the finding was looked at.",
        example=_with("# noqa: SUB003"),
        instead=_GOOD,
        sources=_SOURCES,
    ),
    suppressible=False,
)

OTHER_WORDS = Rule(
    code="HYG010",
    slug="waiver-of-other-words",
    severity=Severity.ERROR,
    message="this waiver is about other words than those that stand here now, so it isn't applied",
    help="if {by} approves of what stands here now, write `{digest}`",
    also={
        "row": (
            "this waiver is about other words than those that stand in {file} now, so it isn't applied",
            "if {by} approves of what stands there now, write `{digest}`",
        ),
    },
    manual=page(
        what="Reports a waiver whose digest is not that of the finding: the words, or what is found about them, have "
        "changed since somebody approved. It waives nothing.",
        why="Who approved of one text has not approved of the next.",
        example="# allow SUB003 nrjkcnpm until 2027-03-31 by Ingrid Hansen: this answers the patient's own mail\n"
        'subject: "FW: your question"',
        instead="# allow SUB003 jhhspbgj until 2027-03-31 by Ingrid Hansen: this answers the patient's own mail\n"
        'subject: "FW: your question"',
        sources=_SOURCES,
    ),
    suppressible=False,
)

UNKNOWN_FILE = Rule(
    code="HYG011",
    slug="waiver-of-unknown-file",
    severity=Severity.ERROR,
    message="there is no file `{seen}`",
    help="write the path from the workspace, as {example}",
    also={"near": ("there is no file `{seen}`", "did you mean `{nearest}`?")},
    manual=page(
        what="Reports a row of waivers.yaml whose `path` is no file of the workspace.",
        why="It waives nothing, though it looks as if it did.",
        example="waivers:\n  - rule: SUB003\n    path: letter/campaign.yaml\n    digest: nrjkcnpm\n"
        '    until: "2027-03-31"\n    by: Ingrid Hansen\n    reason: this answers the patient\'s own mail',
        instead="waivers:\n  - rule: SUB003\n    path: campaigns/letter/campaign.yaml\n    digest: nrjkcnpm\n"
        '    until: "2027-03-31"\n    by: Ingrid Hansen\n    reason: this answers the patient\'s own mail',
        sources=_SOURCES,
    ),
    suppressible=False,
)
