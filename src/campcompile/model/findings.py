"""Findings that the binding of names and types gives birth to: REF, the FLD and LIF codes of the catalogue, SCH05x."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import short_page

_ERROR = Severity.ERROR


UNDEFINED_FIELD = Rule(
    code="FLD001",
    slug="undefined-or-unlabelled-field",
    severity=_ERROR,
    message="unknown field `{name}`",
    help="did you mean `{nearest}`? fields are declared in campaigns/_shared/dictionary.yaml",
    also={
        "unheard-of": (
            "unknown field `{name}`",
            "declare it in campaigns/_shared/dictionary.yaml with a type and a label, or use one that is there",
        ),
        "no-event": (
            "`{name}` is read, and the event states no `{key}`",
            "write `{key}: …` under `event:` in the campaign, or leave it out here",
        ),
        "not-given": (
            "`{name}` is not given in campcompile.yaml",
            "write `{key}: …` under `practice:` in campcompile.yaml, or leave it out here",
        ),
        "understated": (
            "`{name}` is labelled {stated}, but what it is made of is {computed}",
            "write `label: {computed}`: a label may only be raised, never lowered",
        ),
        "unknown-record": (
            "`{name}` belongs to no declared record",
            "declare `{record}` under `records:` in the dictionary, or did you mean `{nearest}`?",
        ),
    },
    manual=short_page(
        "Reports a merge field, or a field in a condition, that the dictionary doesn't declare; a field whose "
        "record isn't declared; and a label that is lower than what the field is made of.",
        "An undeclared field has no label, so nobody can tell where it may be shown; a misspelt one prints nothing.",
        "text: we look forward to seeing you, {{ recipient.fristname }}",
        "text: we look forward to seeing you, {{ recipient.first_name }}",
        "45 CFR 164.502(b) (minimum necessary); the campaign language: fields and labels",
    ),
    sources=("45 CFR 164.502(b)",),
    suppressible=False,
)

MISSING_FALLBACK = Rule(
    code="FLD002",
    slug="missing-fallback",
    severity=_ERROR,
    message="`{name}` may be missing here",
    help="write `{{% if {name} is set %}}…{{{{ {name} }}}}…{{% endif %}}`, or mark the field "
    "`required: true` in the dictionary",
    also={
        "left-out": (
            "`{name}` may be missing, and `!=` leaves out who has none",
            "add `or {name} is not set` if they are meant too; else this is fine",
        ),
    },
    firm=("",),
    manual=short_page(
        "Reports a merge field that a person may lack, where no condition in force says that it is set. "
        "As a note, it reports `!=` on a field that may be missing.",
        "A missing value prints as nothing: *Hello ,*.",
        'text: "Hello {{ recipient.first_name }},"',
        'text: "Hello{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},"',
        "the campaign language: missing values",
    ),
)

TYPE_AND_FORMAT = Rule(
    code="FLD003",
    slug="type-and-format",
    severity=_ERROR,
    suppressible=False,
    message="`{name}` is {type}, and {problem}",
    help="{advice}",
    also={
        "needs-filter": (
            "`{name}` is a {type} and needs a format",
            "write `{{{{ {name} | date }}}}`, or `weekday`, `time`, `elapsed`",
        ),
        "wrong-filter": (
            "`{filter}` does not fit `{name}`, which is {type}",
            "`date`, `weekday`, `time` and `elapsed` are for dates; leave the filter out here",
        ),
        "time-of-date": (
            "`{name}` is a date and has no time of day",
            "print it with `date` or `weekday`, or use a datetime field",
        ),
        "not-printable": (
            "`{name}` is {type} and does not print as words",
            "{advice}",
        ),
        "not-a-condition": (
            "`{name}` is {type}, not a yes or no",
            "compare it: `{name} == …`, or ask `{name} is set`",
        ),
        "not-comparable": (
            "{left} can't be compared with {right}",
            "{advice}",
        ),
        "not-a-choice": (
            "`{value}` is none of the choices of `{name}`",
            "the choices are {choices}{nearest}",
        ),
        "bad-date": (
            "`{value}` is no date",
            'write a date as `"2026-09-08"`: year, month, day',
        ),
        "arguments": (
            "`{function}` needs {wanted}",
            "write `{example}`",
        ),
    },
    manual=short_page(
        "Reports a field used against its type: a date printed without a format, a text compared with a number, "
        "a choice that doesn't exist.",
        "`2027-03-04` is April to some and March to others; a misspelt choice selects nobody, silently.",
        'text: "on {{ appointment.start }}"',
        'text: "on {{ appointment.start | weekday }} {{ appointment.start | date }} at {{ appointment.start | time }}"',
        "Unicode CLDR, for the formats; the campaign language: conditions",
    ),
)

LOCALE_COMPLETENESS = Rule(
    code="LIF005",
    slug="locale-completeness",
    severity=_ERROR,
    message="the words in `{locale}` are missing",
    help="add campaigns/{folder}/{locale}.yaml with the words of each e-mail, or leave `{locale}` out of `locales`",
    also={
        "email": (
            "`{email}` has no words in `{locale}`",
            "add `{email}:` with its subject, preheader and body to {file}",
        ),
        "part": (
            "`{email}` lacks its {part} in `{locale}`",
            "add `{part}:` here",
        ),
        "unknown-email": (
            "no e-mail of this campaign is called `{email}`",
            "{advice}",
        ),
        "block-kind": (
            "here the source has a `{wanted}` block, and this is a `{seen}`",
            "keep the blocks in the order of campaign.yaml; only their words change",
        ),
        "block-count": (
            "the source has {wanted} blocks with words, and here are {seen}",
            "give the words of {kinds}, in this order",
        ),
        "item-count": (
            "the source has {wanted} lines here, and this has {seen}",
            "translate every line, in the same order",
        ),
        "fields": (
            "the merge fields differ from the source: {difference}",
            "use the same merge fields in every language; their order is free",
        ),
        "stale": (
            "the source words changed after this was translated",
            "read it against campaign.yaml again; when it is right: "
            "campcompile translate {folder} {locale} --read {email}",
        ),
        "phrase": (
            "phrase `{phrase}` has no words in `{locale}`",
            "add `{locale}: …` to it in campaigns/_shared/phrases.yaml",
        ),
        "variant": (
            "variant `{variant}` of `{email}` has no words in `{locale}`",
            "add `variants: {{{variant}: …}}` here",
        ),
        "date": (
            "`{email}` has no date for `{locale}`",
            'add `{locale}: "2026-…"` to `date`, or leave `{locale}` out of `locales`',
        ),
        "notice": (
            "there is no privacy notice in `{locale}`",
            "add `{locale}: https://…` to `privacy_notice` in campcompile.yaml",
        ),
        "untranslated": (
            "these words are the same as in `{locale}`: `{words}`",
            "translate them; if they are meant to be the same, allow LIF005 with a reason",
        ),
        "unsaid": (
            "nothing is said here, and in `{locale}` it is: `{words}`",
            "say the same in this language; of a picture, what it shows",
        ),
        "differing-number": (
            "{seen} stands here, and {wanted} in the source",
            "make the numbers, times and dates say the same in both",
        ),
        "differing-links": (
            "the links differ from the source: {difference}",
            "link to the same places in every language",
        ),
    },
    firm=("", "email", "part", "block-kind", "block-count", "item-count", "phrase", "variant", "date"),
    manual=short_page(
        "Reports a declared locale that lacks an e-mail or a part of one, a translation whose blocks, lines, "
        "merge fields or links differ from the source, one older than the source words, and words left untranslated.",
        "A patient who reads Norwegian gets half a message, or last year's opening hours.",
        "nb:\n  week-before:\n    subject: En melding      # body is missing",
        "nb:\n  week-before:\n    subject: En melding\n    preheader: …\n    body: [ … ]",
        "the campaign language: translations",
    ),
)

UNKNOWN_SEGMENT = Rule(
    code="REF001",
    slug="unknown-segment",
    severity=_ERROR,
    suppressible=False,
    message="unknown segment `{name}`",
    help="{advice}",
    also={
        "circle": ("segment `{name}` refers to itself: {chain}", "take one of the `segment(…)` out of this circle"),
    },
    manual=short_page(
        "Reports an audience, or a `segment(…)`, that names no segment.",
        "A misspelt audience is nobody, or everybody.",
        "audience: upcoming-apointments",
        "audience: upcoming-appointments",
    ),
)
UNKNOWN_NAME = Rule(
    code="REF002",
    slug="unknown-name",
    severity=_ERROR,
    suppressible=False,
    message="unknown {kind} `{name}`",
    help="{advice}",
    manual=short_page(
        "Reports a sender, layout, target, link, phrase, picture, locale, record or zone that nothing declares.",
        "A name that leads nowhere would be a dead button or a missing picture.",
        "- button: {label: Book a time, to: links.bok}",
        "- button: {label: Book a time, to: links.book}",
    ),
)
UNBOUND_RECORD = Rule(
    code="REF003",
    slug="unbound-record",
    severity=_ERROR,
    suppressible=False,
    message="which {record} is meant by `{name}` is not clear here",
    help="{advice}",
    manual=short_page(
        "Reports a field of a record with many rows, where neither the anchor nor the recipient says which row.",
        "A patient has many appointments; printing 'the' appointment would pick one by chance.",
        "anchor: entry\n…\n- appointment",
        "anchor: appointment.start\n…\n- appointment",
        "the campaign language: one value",
    ),
)
DUPLICATE_NAME = Rule(
    code="REF004",
    slug="duplicate-name",
    severity=_ERROR,
    suppressible=False,
    message="`{name}` is used twice: {kind}",
    help="give this one another name",
    manual=short_page(
        "Reports two campaigns with one code, or two e-mails of a campaign with one id.",
        "The code and the id name what was sent; two of a name could not be told apart.",
        "- id: week-before\n…\n- id: week-before",
        "- id: week-before\n…\n- id: day-before",
    ),
)
UNUSED_FILE = Rule(
    code="REF005",
    slug="unread-file",
    severity=_ERROR,
    message="nothing reads {file}",
    help="{advice}",
    manual=short_page(
        "Reports a file in campaigns/ or layouts/ that belongs to no campaign, or to no declared locale.",
        "Words that nobody will ever get are a mistake in the file's name or in `locales`.",
        "campaigns/newsletter/no.yaml",
        "campaigns/newsletter/nb.yaml",
    ),
)
TELLING_NOTICE = Rule(
    code="REF008",
    slug="telling-portal-notice",
    severity=_ERROR,
    suppressible=False,
    message="the portal's notice reads `{name}`, which is labelled {level}",
    help="say only that a message waits; what is the person's own goes into the body, which the portal shows",
    manual=short_page(
        "Reports a field of the person in the phrase `portal-notice`, which every e-mail of a portal campaign says.",
        "The portal is chosen so that the mailbox learns nothing: its notice says that something waits, and no more.",
        "portal-notice:\n  en: {{ recipient.first_name }}, a message waits for you in the portal.",
        "portal-notice:\n  en: A message waits for you in the portal.",
        "the campaign language: `deliver`",
    ),
)

TELLING_CALENDAR = Rule(
    code="REF009",
    slug="telling-calendar-entry",
    severity=_ERROR,
    suppressible=False,
    message="the event's title reads `{name}`, which is labelled {level}, and goes into a calendar",
    help="give the event one title for everybody; what is the person's own can stand in a text block",
    manual=short_page(
        "Reports a field of the person in the title of an `event` block, which the calendar file carries.",
        "A calendar is shared with families and colleagues and copied to servers: it holds no recipient's data.",
        "- event: {title: 'An evening for {{ recipient.first_name }}'}",
        "- event: {title: An evening about sleep}",
        "the campaign language: blocks",
    ),
)

IMPOSSIBLE_TIME = Rule(
    code="SCH050",
    slug="impossible-time",
    severity=_ERROR,
    suppressible=False,
    message="`{value}` is no {what}",
    help="{advice}",
    manual=short_page(
        "Reports an offset, date, time, duration or quiet-hours range that can't be read.",
        "What can't be read can't be sent on time.",
        "send: {offset: 3 days before}",
        'send: {offset: -P3D, at: "09:00"}',
        "ISO 8601, durations (P, PT); the campaign language: when an e-mail goes",
    ),
)
CONTRADICTORY_TIME = Rule(
    code="SCH051",
    slug="contradictory-schedule",
    severity=_ERROR,
    suppressible=False,
    message="{problem}",
    help="{advice}",
    manual=short_page(
        "Reports a schedule that contradicts itself: hours with `at`, working days without a holiday calendar, "
        "dates and offsets in one campaign, an e-mail due too near to its anchor without `expires`.",
        "A schedule with two readings sends at one of them, and not always at the one that was meant.",
        'send: {offset: -PT24H, at: "09:00"}',
        'send: {offset: -P1D, at: "09:00"}',
        "the campaign language: when an e-mail goes",
    ),
)
MUDDLED_EXPERIMENT = Rule(
    code="SCH052",
    slug="muddled-experiment",
    severity=_ERROR,
    suppressible=False,
    message="{problem}",
    help="{advice}",
    manual=short_page(
        "Reports an experiment whose variant changes nothing, more than one thing, or a block that has no such id.",
        "A test of two things at once tells about neither.",
        'variants: {b: {subject: "…", send: {at: "17:00"}}}',
        'variants: {b: {subject: "…"}}',
        "the campaign language: experiments",
    ),
)
REQUIRED_FILE = Rule(
    code="REF007",
    slug="missing-file",
    severity=_ERROR,
    message="{file} is missing",
    help="it says {purpose}; `campcompile init` writes one to start from",
    manual=short_page(
        "Reports a workspace without campcompile.yaml, or without a dictionary.",
        "Without them nothing can be checked.",
        "campaigns/newsletter/campaign.yaml alone",
        "campcompile.yaml\ncampaigns/_shared/dictionary.yaml\ncampaigns/newsletter/campaign.yaml",
    ),
    suppressible=False,
)
