"""Findings of Markdown in an author's words, with what to write instead."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity

_SOURCES = """\
## Sources
CommonMark 0.31.2; docs: the campaign language, blocks and translations
"""

IF_ACROSS_BLOCKS = Rule(
    code="TPL004",
    slug="if-across-blocks",
    severity=Severity.ERROR,
    suppressible=False,
    message="this condition reaches over more than one paragraph, heading or list item",
    help="open and close it within one paragraph; for more, give the block an `if` of its own",
    also={
        "block": (
            "a list item or heading can't begin inside a condition",
            "put `{{% if … %}}` after the `{seen}`, or give the block an `if` of its own",
        )
    },
    manual="""\
## What it does
Finds conditions that open in one paragraph, heading or list item and close in another.
## Why it matters
Half a list or heading would be left over for those who don't see the words.
## Example
`{% if patient.next_visit is set %}` above two paragraphs, `{% endif %}` below them
## Use instead
`if: patient.next_visit is set` on a text block with the two paragraphs
"""
    + _SOURCES,
)

HEADING_LEVEL = Rule(
    code="TPL020",
    slug="heading-level",
    severity=Severity.ERROR,
    suppressible=False,
    message="a heading with `{seen}`",
    help="write `##` for a heading and `###` for one below it",
    also={
        "underlined": (
            "a heading underlined with `{seen}`",
            "write `## ` before the heading instead; for a line across, use the `divider` block",
        ),
        "empty": ("a heading without words", "write its words after the `{seen}`, or delete it"),
        "in-list": ("a heading in a list item", "put the heading above the list, or use `**bold**`"),
    },
    manual="""\
## What it does
Finds headings other than `##` and `###`.
## Why it matters
The layout prints the practice's name as the first heading; screen readers announce the levels.
## Example
`# Opening hours`
## Use instead
`## Opening hours`
"""
    + _SOURCES,
)

HTML = Rule(
    code="TPL021",
    slug="html-in-words",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{seen}` is HTML",
    help="use Markdown: `**bold**`, `*italics*`, `[words](links.book)`; for a `<` sign write `\\<`",
    manual="""\
## What it does
Finds HTML in words.
## Why it matters
Hand-written HTML breaks in some mail programs, and can carry what no one reviewed.
## Example
`<b>Please come early</b>`
## Use instead
`**Please come early**`
"""
    + _SOURCES,
)

UNSUPPORTED = Rule(
    code="TPL022",
    slug="unsupported-markdown",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{seen}` isn't part of a text block",
    help="write it in plain words",
    also={
        "image": ("a picture inside words", "use an `image` block"),
        "code": ("a code block", "write it as ordinary words, without the fence"),
        "indented": ("a line that begins with four spaces", "begin the line at the margin: four spaces make it code"),
        "code-span": ("words between backticks", "delete the backticks; for emphasis write `**bold**`"),
        "quote": ("a quotation with `>`", "write it as an ordinary paragraph, in quotation marks"),
        "rule": ("a line across", "use the `divider` block"),
        "table": ("a table", "use a `details` block: its rows have a label and a value"),
        "footnote": ("a footnote", "write the note as a paragraph of its own"),
        "reference": ("a link kept apart from its words", "write `[words](links.book)` where the words stand"),
        "tab": ("a tab at the beginning of a line", "use spaces, or begin the line at the margin"),
        "strike": ("words struck through", "delete the words that no longer hold"),
    },
    manual="""\
## What it does
Finds Markdown that a text block doesn't have: pictures, code, quotations, lines, tables, footnotes.
## Why it matters
A text block becomes HTML and plain text in many mail programs; each of these has a block that does it well.
## Example
`![our team](team.jpg)`
## Use instead
`- image: {src: team.jpg, alt: Our team}`
"""
    + _SOURCES,
)

LIST_FORM = Rule(
    code="TPL023",
    slug="list-form",
    severity=Severity.ERROR,
    suppressible=False,
    message="a list inside a list",
    help="write one list, or a `checklist` block",
    also={"empty": ("a list item without words", "write its words, or delete the `{seen}`")},
    manual="""\
## What it does
Finds lists inside lists, and items without words.
## Why it matters
Mail programs indent nested lists so differently that they become unreadable on a phone.
## Example
`- Bring` and below it, indented, `- your card`
## Use instead
`- Bring your card`
"""
    + _SOURCES,
)

LINK_FORM = Rule(
    code="TPL024",
    slug="link-form",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{seen}` can't be linked to",
    help="write a link of campcompile.yaml, `[words](links.book)`, or an address that begins with `https://`",
    also={
        "merge": (
            "a merge field in the target of a link",
            "use a named link, `[words](links.confirm)`: a personal address is made for each recipient",
        ),
        "empty": ("a link without a target", "write `[words](links.book)`"),
        "words": ("a link without words", "write what the reader will find: `[Book a time](links.book)`"),
        "title": ("a title on a link", "delete it: most mail programs never show it"),
        "bare": ("an address between `<` and `>`", "write `[words]({seen})`: the words say what the reader will find"),
    },
    manual="""\
## What it does
Finds links without a target or without words, with a merge field or a title in them, and targets that are neither
a name nor an address. Which addresses may be linked to is another rule's: LNK001.
## Why it matters
An address put together from a person's data leaks it to every server on the way.
## Example
`[Book](https://book.example/?id={{ patient.id }})`
## Use instead
`[Book a time](links.book)`
"""
    + _SOURCES,
)

CROSSING = Rule(
    code="TPL025",
    slug="crossing-marks",
    severity=Severity.ERROR,
    suppressible=False,
    message="`{inner}` begins inside `{outer}` and ends outside",
    help="end `{inner}` before `{outer}` ends",
    manual="""\
## What it does
Finds bold, italics, links and conditions that overlap instead of standing inside one another.
## Why it matters
For some readers the bold words would never end.
## Example
`{% if patient.next_visit is set %}**See you{% endif %} soon**`
## Use instead
`{% if patient.next_visit is set %}**See you**{% endif %} **soon**`
"""
    + _SOURCES,
)

LEFT_OVER_MARKS = Rule(
    code="TPL026",
    slug="left-over-marks",
    severity=Severity.WARNING,
    message="readers will see `{seen}`: it makes nothing bold",
    help="put it right beside the words, `**like this**`, with no space inside, and a comma, colon or bracket after "
    "the closing stars: `**注意**：`; to print it, write `\\*\\*`",
    manual="""\
## What it does
Finds `**` and `__` that Markdown leaves as they are.
## Why it matters
Readers see stars instead of bold words. It happens with a space inside, a forgotten partner, or a bold
phrase that ends in punctuation and goes on without a space, as in Chinese.
## Example
`** Please note ** the new address`, `**注意：**請提前報到`
## Use instead
`**Please note** the new address`, `**注意**：請提前報到`
"""
    + _SOURCES,
)

RULES = (
    IF_ACROSS_BLOCKS,
    HEADING_LEVEL,
    HTML,
    UNSUPPORTED,
    LIST_FORM,
    LINK_FORM,
    CROSSING,
    LEFT_OVER_MARKS,
)
