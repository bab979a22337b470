"""Findings of merge fields, tags and conditions in an author's words; those of Markdown are in findings_prose.py."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity

_LANGUAGE = "docs: the campaign language, one expression language"
_KNOWN_TAGS = "the tags are `{% if … %}`, `{% elif … %}`, `{% else %}`, `{% endif %}` and `{% raw %}`"

BROKEN_TAG = Rule(
    code="TPL001",
    slug="broken-tag",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{seen}` is opened and never closed",
    help="close it with `{meant}`",
    also={
        "mismatched": ("`{seen}` ends with the wrong braces", "end it with `{meant}`"),
        "comment": ("the comment `{{#` is never closed", "close it with `#}}`"),
        "raw": ("`{{% raw %}}` is never closed", "close it with `{{% endraw %}}`"),
        "spaced": (
            "`{seen}` has a space between its braces",
            "write the braces together: `{{{{ patient.first_name }}}}`",
        ),
        "wide": (
            "`{seen}` has full-width braces",
            "type the braces on a Latin keyboard: `{{{{ patient.first_name }}}}`",
        ),
        "stray": ("`{seen}` closes nothing", "delete it, or open the merge field with `{{{{`"),
        "three": ("three braces open a merge field", "a merge field has two: `{{{{ patient.first_name }}}}`"),
        "empty": ("a tag without a word in it", "write `{{% if … %}}` or `{{% endif %}}`, or delete it"),
    },
    manual="""\
## What it does
Finds merge fields and tags whose braces don't pair: `{{ x }`, `{ { x } }`, `{% if x }}`, a stray `}}`.
## Why it matters
Readers would see the braces, or the rest of the text would vanish.
## Example
`Hello {{ patient.first_name }, welcome`
## Use instead
`Hello {{ patient.first_name }}, welcome`; to print braces, `{% raw %}{{ as they are }}{% endraw %}`
## Sources
Jinja 3.1, template designer documentation: delimiters.
""",
)

UNKNOWN_TAG = Rule(
    code="TPL002",
    slug="unknown-template-tag",
    severity=Severity.ERROR,
    suppressible=False,
    message="unknown tag `{seen}`",
    help=_KNOWN_TAGS.replace("{", "{{").replace("}", "}}"),
    also={
        "near": ("unknown tag `{seen}`", "did you mean `{meant}`?"),
        "loop": (
            "`{seen}`: there are no loops",
            'write the list itself, `{{{{ appointment.bring }}}}`: it prints as "a, b and c"',
        ),
        "spelling": ("`{seen}` is written `{meant}` here", "write `{{% {meant} %}}`"),
        "variable": ("`{seen}`: there are no variables", "write the field where it is needed"),
        "include": ("`{seen}`: words can't bring in other files", "use a `phrase` block for words of many e-mails"),
        "macro": ("`{seen}`: there are no macros", "use a `phrase` block for words of many e-mails"),
        "escape": ("`{seen}`: escaping can't be turned off", "delete the tag: values are always printed safely"),
        "filter": ("`{seen}`: a filter goes with its field", "write `{{{{ appointment.start | date }}}}`"),
        "rest": (
            "`{seen}` stands alone in its tag",
            "delete what follows it; for a second condition write `{{% elif … %}}`",
        ),
    },
    manual="""\
## What it does
Finds tags other than `if`, `elif`, `else`, `endif` and `raw`.
## Why it matters
The language has no loops, variables, macros or includes, so that every e-mail can be checked as a whole
and every sending service can print it.
## Example
`{% for item in appointment.bring %}{{ item }}{% endfor %}`
## Use instead
`{{ appointment.bring }}`: a list prints as "a, b and c".
## Sources
"""
    + _LANGUAGE,
)

UNPAIRED_IF = Rule(
    code="TPL003",
    slug="unpaired-if",
    severity=Severity.ERROR,
    suppressible=False,
    message="this `if` is never closed",
    help="write `{{% endif %}}` where the conditional words end",
    also={
        "orphan": ("`{seen}` without an `if` before it", "delete it, or open with `{{% if … %}}`"),
        "after-else": ("`{seen}` after `else`", "`else` comes last: move it to the end"),
    },
    manual="""\
## What it does
Finds an `if` without `endif`, and `elif`, `else` or `endif` without `if`.
## Why it matters
Nobody could tell which words are conditional.
## Example
`Hello{% if recipient.first_name is set %} {{ recipient.first_name }},`
## Use instead
`Hello{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},`
## Sources
"""
    + _LANGUAGE,
)

OPERATOR_SPELLING = Rule(
    code="TPL005",
    slug="operator-spelling",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{seen}` is written `{meant}` here",
    help="write `{meant}`",
    manual="""\
## What it does
Finds operators and words as other languages spell them: `=`, `&&`, `||`, `!`, `AND`, `<>`, `True`, `yes`.
## Why it matters
One spelling, so that every condition reads the same way.
## Example
`patient.sex = "female" && patient.deceased = no`
## Use instead
`patient.sex == "female" and not patient.deceased`
## Sources
"""
    + _LANGUAGE,
)

CONDITION_FORM = Rule(
    code="TPL006",
    slug="condition-form",
    severity=Severity.ERROR,
    suppressible=False,
    message="the condition ends before `{seen}`",
    help="join two conditions with `and` or `or`, or delete what is too much",
    also={
        "empty": (
            "a condition without words",
            "write one, such as `patient.next_visit is set`, or delete the key or tag",
        ),
        "braces": ("a condition stands without braces", "write it as it is: `patient.next_visit is set`"),
        "half": ("something is missing after `{seen}`", "write both sides: `age(patient.birth_date) >= 40`"),
        "value": (
            "`{seen}` where a field, a number or a text in quotes should be",
            "write both sides of the comparison",
        ),
        "literal": (
            "a number, text or `true` alone is no condition",
            'compare it with a field, `patient.sex == "female"`; what always holds needs no condition',
        ),
        "compares-condition": (
            "a comparison compares values, and this is a condition",
            "leave out the comparison: write the condition, or `not (…)`",
        ),
        "set-of-what": ("only a field is set or not set", "write `patient.last_visit is set`"),
        "is-equal": ("`is` asks only whether a field is set", "write `{operator}` to compare"),
        "is-what": ("`{seen}` after `is`", "write `is set` or `is not set`; to compare write `==`"),
        "in-field": ("`in` looks into a list that is written out", "for a field that is a list, write `{meant}`"),
        "in-what": ("`{seen}` after `in`", 'list the values in square brackets: `in ["booked", "confirmed"]`'),
        "in-brackets": ("a list stands in square brackets", 'write `in ["booked", "confirmed"]`'),
        "in-nothing": ("an empty list: nothing is in it", 'list the values: `in ["booked", "confirmed"]`'),
        "choice": ("a list holds texts and numbers, no fields", "compare two fields with `==`"),
        "second-test": ("`{seen}` after a whole condition", "join two conditions with `and` or `or`"),
        "inline-if": ("`{seen}` has no place in a condition", "use `and`, `or` and `not`"),
        "filter": (
            "a filter changes how a field prints, and a condition prints nothing",
            "delete the `|` and the filter",
        ),
        "unclosed": ("`{seen}` is never closed", "close it with `{meant}`"),
        "number": ("`{seen}` is no number here", "write digits alone, as `1000` or `2.5`; a code stands in quotes"),
    },
    manual="""\
## What it does
Finds conditions outside the grammar.
## Why it matters
A condition decides who is written to; a half-read one would decide wrongly.
## Example
`appointment.status is "booked"`
## Use instead
`appointment.status == "booked"`, `appointment.status in ["booked", "confirmed"]`, `patient.next_visit is set`,
`40 <= age(patient.birth_date) < 65`, `has(patient.topics, "sleep")`, joined by `and`, `or`, `not` and brackets.
## Sources
"""
    + _LANGUAGE,
)

MISSING_TEST = Rule(
    code="TPL007",
    slug="missing-test",
    severity=Severity.ERROR,
    suppressible=False,
    message="whether a value is missing is asked with `is set` or `is not set`",
    help="write `{name} {test}`",
    manual="""\
## What it does
Finds `is empty`, `is null`, `is not None`, `== ""`, `is defined` and the like.
## Why it matters
A comparison with a missing value is neither true nor false, so `== ""` would select nobody.
## Example
`patient.last_visit is empty`
## Use instead
`patient.last_visit is not set`
## Sources
"""
    + _LANGUAGE,
)

FUNCTION = Rule(
    code="TPL008",
    slug="unknown-function",
    severity=Severity.ERROR,
    suppressible=False,
    message="unknown function `{seen}`",
    help="the functions are {known}",
    also={
        "near": ("unknown function `{seen}`", "did you mean `{meant}`?"),
        "today": (
            "there is no `{seen}`",
            "write `days_since(patient.last_visit) >= 30`: it counts from the day of sending",
        ),
        "arguments": ("`{seen}` doesn't take what stands in its brackets", "write `{example}`"),
    },
    manual="""\
## What it does
Finds calls of functions that don't exist, and known ones with other arguments.
## Why it matters
A condition must mean the same in the database, in the sending service and in the preview.
## Example
`monthssince(patient.last_visit) >= 12`
## Use instead
`months_since(patient.last_visit) >= 12`; also `age`, `days_since`, `has(list, "value")`, `segment("name")`.
## Sources
"""
    + _LANGUAGE,
)

FILTER = Rule(
    code="TPL009",
    slug="unknown-filter",
    severity=Severity.ERROR,
    suppressible=False,
    message="unknown filter `{seen}`",
    help="the filters are {known}",
    also={
        "near": ("unknown filter `{seen}`", "did you mean `{meant}`?"),
        "none": ("a `|` without a filter after it", "write `{{{{ appointment.start | date }}}}`, or delete the `|`"),
        "arguments": ("`{seen}` takes nothing in brackets", "delete the brackets: dates follow the e-mail's language"),
        "second": ("a field takes one filter", "keep the first, and delete the rest"),
        "escape": ("`{seen}` isn't needed", "delete it: values are always printed safely"),
        "default": (
            "there is no filter `{seen}`",
            "say what to print instead: `{{% if {name} is set %}}{{{{ {name} }}}}{{% else %}}you{{% endif %}}`",
        ),
    },
    manual="""\
## What it does
Finds filters other than `date`, `weekday`, `time` and `elapsed`.
## Why it matters
Dates must read well in every language; other changes of a value can't be checked.
## Example
`{{ appointment.start | strftime("%d.%m") }}`
## Use instead
`{{ appointment.start | date }}`
## Sources
"""
    + _LANGUAGE,
)

PRINT_FORM = Rule(
    code="TPL010",
    slug="print-form",
    severity=Severity.ERROR,
    suppressible=False,
    message="a merge field prints one field, and `{seen}` is none",
    help="write `{{{{ patient.first_name }}}}`",
    also={
        "empty": ("a merge field without a name", "write `{{{{ patient.first_name }}}}`, or delete the braces"),
        "words": ("words need no braces", "write the words without `{{{{` and `}}}}`"),
        "brackets": ("a merge field needs no brackets", "delete them: `{{{{ patient.first_name }}}}`"),
        "call": (
            "`{seen}` belongs in a condition",
            "to print how long ago a date is, write `{{{{ patient.last_visit | elapsed }}}}`",
        ),
        "test": ("`{seen}` belongs in a condition", "write `{{% if {seen}(…) %}}…{{% endif %}}` around the words"),
        "condition": (
            "`{seen}` in a merge field",
            "write `{{% if patient.first_name is set %}}…{{% else %}}…{{% endif %}}`",
        ),
        "rest": ("`{seen}` after the field", "keep the field's name alone"),
    },
    manual="""\
## What it does
Finds merge fields that hold something else than a field's name and perhaps a filter.
## Why it matters
What is printed must be a known field, so that its privacy and its presence can be checked.
## Example
`{{ patient.first_name or "you" }}`
## Use instead
`{% if patient.first_name is set %}{{ patient.first_name }}{% else %}you{% endif %}`
## Sources
"""
    + _LANGUAGE,
)

QUOTES = Rule(
    code="TPL011",
    slug="text-quotes",
    severity=Severity.ERROR,
    suppressible=False,
    message="a text stands in straight quotes",
    help="write it in straight quotes",
    also={
        "curly": ("typographic quotes around a text", "type straight ones: `{meant}`"),
        "bare": ("`{seen}` without quotes", 'a text stands in quotes: `"{seen}"`'),
        "unclosed": ("the quote `{seen}` has no partner", 'begin and end a text with `"`'),
        "escape": ("a backslash that means nothing here", 'write `\\\\` for a backslash and `\\"` for a quote'),
    },
    manual="""\
## What it does
Finds texts in conditions with typographic, missing or unpaired quotes.
## Why it matters
Word processors change quotes as one types; the condition would then mean something else.
## Example
`appointment.status == “booked”`
## Use instead
`appointment.status == "booked"`
## Sources
"""
    + _LANGUAGE,
)

TOO_MUCH = Rule(
    code="TPL012",
    slug="too-deep-or-long",
    severity=Severity.ERROR,
    suppressible=False,
    message="more than {limit} levels inside one another",
    help="use fewer brackets, or split the condition into a list of conditions",
    also={
        "long": ("a text longer than {limit} characters", "split it into several blocks"),
        "brackets": ("more than {limit} `[` in one text", "split it into several blocks"),
        "segments": (
            "more than {limit} segments inside one another, or {most} in all",
            "write what is meant as one condition: segments that ask for segments are hard to review",
        ),
        "deep-words": ("more than {limit} levels of `if`, bold, italics or links", "use fewer levels"),
    },
    manual="""\
## What it does
Refuses texts of more than 10,000 characters and more than 32 levels.
## Why it matters
No one can review them, and they slow every tool down.
## Example
`((((((((((…))))))))))`
## Use instead
Several blocks, or named segments.
## Sources
"""
    + _LANGUAGE,
)

LINE_BREAK = Rule(
    code="TPL013",
    slug="line-break",
    severity=Severity.ERROR,
    suppressible=False,
    message="a line break in a text of one line",
    help="write it on one line, in quotes",
    also={"end": ("a line break at the end of a text of one line", "write it on one line, in quotes, without `|`")},
    manual="""\
## What it does
Finds line breaks in subjects, labels, titles and other texts of one line.
## Why it matters
In a subject, a line break could begin another header of the message.
## Example
`subject: |` with the text below it
## Use instead
`subject: "A message from {{ practice.name }}"`
## Sources
RFC 5322 section 2.2: header fields end with a line break.
""",
)

SOURCE = Rule(
    code="TPL014",
    slug="derived-source",
    severity=Severity.ERROR,
    suppressible=False,
    message="unknown function `{seen}`",
    help="a derived field takes {known} of a field: `next(appointment.start)`",
    also={
        "near": ("unknown function `{seen}`", "did you mean `{meant}`?"),
        "form": (
            "a derived field needs to say which row it reads",
            "write `next(appointment.start)`, `last(…)` or `first(…)`",
        ),
        "field": ("one field of a record belongs in the brackets", "write `next(appointment.start)`"),
        "rest": ("something stands after the closing bracket", "delete it; conditions go under `where`"),
    },
    manual="""\
## What it does
Reads `from:` of a derived field: the earliest, the latest past or the earliest future row.
## Why it matters
A person has many appointments; an e-mail prints one.
## Example
`from: max(appointment.start)`
## Use instead
`from: last(appointment.start)`
## Sources
"""
    + _LANGUAGE,
)

FIELD_NAME = Rule(
    code="TPL015",
    slug="field-name",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{seen}` has a space in it",
    help="a field's name has none: did you mean `{meant}`?",
    also={
        "hyphen": ("`{seen}` has a hyphen in it", "a field's name has none: did you mean `{meant}`?"),
        "placeholder": ("`{seen}` is a placeholder, no field", "write the field's name, as `patient.first_name`"),
    },
    manual="""\
## What it does
Finds field names with spaces, hyphens or brackets.
## Why it matters
The name can't be found in the dictionary.
## Example
`{{ patient.first name }}`
## Use instead
`{{ patient.first_name }}`
## Sources
"""
    + _LANGUAGE,
)

UNSAFE_INTERPOLATION = Rule(
    code="FLD004",
    slug="unsafe-interpolation",
    severity=Severity.ERROR,
    message="`{seen}` computes something outside the language",
    help="print a field of the dictionary, or compare one",
    also={
        "arithmetic": (
            "`{seen}`: there is no arithmetic",
            "compare with the number itself; for dates use `age`, `days_since` or `months_since`",
        ),
        "safe": ("`{seen}` would print a value as HTML", "delete it: values are always printed safely"),
        "inside": ("a field's inside can't be reached", "write the field's name alone, as `patient.first_name`"),
        "call": ("`{seen}` can't be called", "print a field of the dictionary, as `{{{{ patient.first_name }}}}`"),
        # In layouts, the place matters too.
        "unquoted": ("`{seen}` stands in `{name}` without quotes", 'write `{name}="{{{{ {seen} }}}}"`'),
        "tag": ("`{seen}` is printed inside a tag", "print it between tags, or inside a quoted value"),
        "comment": ("`{seen}` is printed inside a comment", "print it where readers see it, or delete it"),
        "style": ("`{seen}` is printed inside a style", "print a value of the theme there, or style it otherwise"),
        "address": ("`{seen}` is only a part of this address", "print the whole address: `links.NAME`"),
    },
    manual="""\
## What it does
Finds expressions that reach beyond the language: arithmetic, `safe`, attributes, subscripts, calls.
## Why it matters
What a general template language can compute can leak, hang or be different in every sending service.
## Example
`{{ patient.note | safe }}`, `{{ ''.__class__ }}`, `{{ 9**9 }}`
## Use instead
`{{ patient.first_name }}`, or a condition
## Sources
OWASP, server-side template injection; RFC 5322 section 2.2.
""",
    suppressible=False,
)

RULES = (
    BROKEN_TAG,
    UNKNOWN_TAG,
    UNPAIRED_IF,
    OPERATOR_SPELLING,
    CONDITION_FORM,
    MISSING_TEST,
    FUNCTION,
    FILTER,
    PRINT_FORM,
    QUOTES,
    TOO_MUCH,
    LINE_BREAK,
    SOURCE,
    FIELD_NAME,
    UNSAFE_INTERPOLATION,
)
