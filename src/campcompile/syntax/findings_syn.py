"""What can be wrong with a file as text and as YAML: SYN001 to SYN026."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import page

_YAML = "YAML 1.2.2, https://yaml.org/spec/1.2.2/"
_PARSERS = "measured with PyYAML 6.0.3 (libyaml), November 2026"
_TROJAN = "CVE-2021-42574 (Trojan Source); Unicode Technical Report 36 and Technical Standard 39"

NOT_UTF8 = Rule(
    code="SYN001",
    slug="not-utf8",
    severity=Severity.ERROR,
    message="the bytes `{bytes}` are not UTF-8",
    help="save the file as UTF-8 (in most editors: Save with encoding → UTF-8), then type the letter again",
    also={
        "utf16": (
            "the file is {encoding}, not UTF-8",
            "save the file as UTF-8 (in most editors: Save with encoding → UTF-8)",
        ),
        "latin1": (
            "the byte `{bytes}` is not UTF-8; in Windows-1252 it would be `{letter}`",
            "the file was saved by an older program: save it as UTF-8 (Save with encoding → UTF-8)",
        ),
        "overlong": (
            "the bytes `{bytes}` write a character in a longer way than UTF-8 allows",
            "no editor writes this by itself: delete the bytes and type the character again",
        ),
    },
    suppressible=False,
    manual=page(
        what="Reads every file as strict UTF-8. Anything else is shown where it stands, and the reading goes on.",
        why="""
            A file in another encoding turns `é` into `Ã©` in ten thousand inboxes, and an overlong sequence hides a
            character from every check. YAML libraries guess UTF-16 without a word.
        """,
        example="subject: Votre rendez-vous \\xE0 Bergen   # saved as Windows-1252",
        instead="subject: Votre rendez-vous à Bergen      # saved as UTF-8",
        sources=("RFC 3629, section 3", _PARSERS),
    ),
)

CONTROL_CHARACTER = Rule(
    code="SYN002",
    slug="control-character",
    severity=Severity.ERROR,
    message="an invisible control character: {name}",
    help="delete it; it often comes along when text is copied from another program",
    also={
        "nul": ("a NUL character stands in the text", "delete it: some programs end the file here"),
        "line": (
            "an invisible line break: {name}",
            "delete it, and press Enter where a new line is meant: some programs start a new line here, others don't",
        ),
        "mark": ("{name}, stands inside the file", "delete it; it comes along when two files are joined"),
        "lost": (
            "a character was lost here: `\ufffd` stands in its place",
            "type the word again; an earlier program could not read it",
        ),
        "escape": (
            "`{written}` writes a control character into the text: {name}",
            "leave it out: in a subject it could begin a new header, in a text it prints nothing",
        ),
    },
    suppressible=False,
    manual=page(
        what="""
            Finds control characters, written as such or as an escape between double quotes: NUL, U+0085, U+2028,
            U+2029, a byte-order mark inside the file, C0 and C1 controls, DEL, and U+FFFD, which says that a letter
            was lost.
        """,
        why="""
            U+0085 is a line break for one reader and nothing for another, so a key can hide behind it. NUL ends
            the file for some. A carriage return in a subject begins a new header.
        """,
        example='subject: "Hello\\r\\nBcc: someone@mail.example"',
        instead='subject: "Hello"',
        sources=(_YAML + "#51-character-set", "RFC 5322, section 2.2", _PARSERS),
    ),
)

TOO_LARGE = Rule(
    code="SYN003",
    slug="too-large",
    severity=Severity.ERROR,
    message="the file has {size} bytes; {limit} are read at most",
    help="split it: one folder of campaigns/ a campaign",
    also={
        "nodes": (
            "the file has more than {limit} keys and values; the rest is not read",
            "split it: one folder of campaigns/ a campaign",
        ),
        "depth": (
            "this is nested more than {limit} levels deep; the rest of the file is not read",
            "no campaign needs more than ten levels: look for a bracket or a dash too many",
        ),
    },
    suppressible=False,
    manual=page(
        what="Holds every file to 1 MiB, 20,000 keys and values, and 32 levels.",
        why="Files beyond these are mistakes or attacks: YAML readers hang or crash on them, and no one reviews them.",
        example="[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
        instead="body:\n  - text: A few levels are plenty.",
        sources=(_PARSERS + ": 100,000 brackets take 46 s or crash the process",),
    ),
)

DUPLICATE_KEY = Rule(
    code="SYN004",
    slug="duplicate-key",
    severity=Severity.ERROR,
    message="`{key}` is given twice",
    help="keep one of the two; the first (line {line}) was read",
    suppressible=False,
    manual=page(
        what="Finds a key that stands twice in one mapping, quoted or not.",
        why="Most YAML readers silently keep the last, so an audience can change by a line further down.",
        example="audience: lapsed\nlayer: updates\naudience: everyone",
        instead="audience: lapsed\nlayer: updates",
        sources=(_YAML + "#3213-node-comparison", _PARSERS),
    ),
)

EMPTY_FILE = Rule(
    code="SYN005",
    slug="empty-file",
    severity=Severity.ERROR,
    message="the file is empty",
    help="write the first key, or delete the file",
    suppressible=False,
    manual=page(
        what="Finds a file without a single key.",
        why="An empty translation would send nothing, and an empty campaign would pass every other check.",
        example="# nothing here yet",
        instead="title: Appointment reminders",
        sources=("the campaign language: a file holds keys and values",),
    ),
)

NOT_A_MAPPING = Rule(
    code="SYN006",
    slug="not-a-mapping",
    severity=Severity.ERROR,
    message="the file holds {seen}; `key: value` lines are wanted",
    help="begin the first line with a key, as in `title: Appointment reminders`",
    suppressible=False,
    manual=page(
        what="Wants keys at the top level of every file.",
        why="A list or a bare text has no names that could be checked.",
        example="- appointment\n- place",
        instead="body:\n  - appointment\n  - place",
        sources=("the campaign language: a file holds keys and values",),
    ),
)

SEVERAL_DOCUMENTS = Rule(
    code="SYN007",
    slug="several-documents",
    severity=Severity.ERROR,
    message="a second document begins here; only the first is read",
    help="remove the `---` (or `...`) and what belongs to another file",
    also={
        "after": (
            "there is more text after the end of the document",
            "begin every line with a key, or remove what stands from here on",
        ),
    },
    suppressible=False,
    manual=page(
        what="Finds a second YAML document in one file.",
        why="What stands after `---` would be left out without a word.",
        example="title: News\n---\ntitle: Other news",
        instead="title: News",
        sources=(_YAML + "#92-streams",),
    ),
)

ANCHOR_OR_ALIAS = Rule(
    code="SYN008",
    slug="anchor-or-alias",
    severity=Severity.ERROR,
    message="`{written}` marks a part of the file for use elsewhere, which is not allowed",
    help="remove the mark, and repeat the words or make them a phrase; if it is text, write `{fix}`",
    also={
        "alias": (
            "`{written}` repeats another part of the file, which is not allowed",
            "write out what is meant, or make it a phrase; if it is text, write `{fix}`",
        ),
        "merge": (
            "`<<` merges another mapping into this one, which is not allowed",
            "write out the keys, so that a reviewer sees them",
        ),
    },
    suppressible=False,
    manual=page(
        what="Refuses YAML's anchors (`&name`), aliases (`*name`) and merge keys (`<<`).",
        why="""
            A reviewer reads the line that changed, not what it refers to; a translation tool loses them; and 442 bytes
            of aliases unfold to gigabytes.
        """,
        example='first: &hello "Hello"\nsecond: *hello',
        instead='first: "Hello"\nsecond: "Hello"   # or a phrase in _shared/phrases.yaml',
        sources=(_YAML + "#3222-anchors-and-aliases", _PARSERS),
    ),
)

TAG = Rule(
    code="SYN009",
    slug="tag",
    severity=Severity.ERROR,
    message="`{written}` is a YAML tag, which is not allowed",
    help="remove it; if it is text, write `{fix}`",
    suppressible=False,
    manual=page(
        what="Refuses YAML tags such as `!!binary` or `!important`.",
        why="A tag changes what a value is, up to running a program in readers that allow it.",
        example="subject: !important News",
        instead='subject: "!important News"',
        sources=(_YAML + "#3212-tags",),
    ),
)

COMPLEX_KEY = Rule(
    code="SYN010",
    slug="complex-key",
    severity=Severity.ERROR,
    message="a key must be a word; here it is {seen}",
    help="write `key: value`; if this is text, put quotes around it",
    suppressible=False,
    manual=page(
        what="Refuses a list or a mapping in the place of a key.",
        why="No key of the language is one, and most programs can't read them.",
        example="? [a, b]\n: 1",
        instead="a: 1\nb: 1",
        sources=(_YAML + "#822-block-mappings",),
    ),
)

TAB = Rule(
    code="SYN011",
    slug="tab-indent",
    severity=Severity.ERROR,
    message="a tab indents this line; YAML wants spaces",
    help="write two spaces for each tab (in most editors: Convert indentation to spaces)",
    also={
        "run": (
            "tabs indent this line and {more} below; YAML wants spaces",
            "write two spaces for each tab (in most editors: Convert indentation to spaces)",
        ),
        "inside": ("a tab stands here; YAML wants a space", "write a space in its place"),
        "blank": ("a tab stands on a blank line", "delete it: some programs can't read the file because of it"),
    },
    suppressible=False,
    manual=page(
        what="Finds tabs where YAML wants spaces.",
        why="Editors show a tab as two, four or eight columns, so nobody could say what belongs to what.",
        example="emails:\n\t- id: first",
        instead="emails:\n  - id: first",
        sources=(_YAML + "#61-indentation-spaces",),
    ),
)

FOLDED = Rule(
    code="SYN012",
    slug="folded-text",
    severity=Severity.ERROR,
    message="`{written}` joins lines, so places in the text can't be kept",
    help="use `|`: in Markdown a single line break is a space anyway",
    suppressible=False,
    manual=page(
        what="Refuses folded text (`>`); literal text (`|`) is the one form for long words.",
        why="""
            A finding could no longer point at its column, and a folded line break puts a space between two Chinese
            characters.
        """,
        example="text: >\n  we look forward\n  to seeing you.",
        instead="text: |\n  we look forward\n  to seeing you.",
        sources=(_YAML + "#813-folded-style",),
    ),
)

CUT_OFF = Rule(
    code="SYN013",
    slug="text-cut-off",
    severity=Severity.ERROR,
    message="the text ends before `{cut}`: ` #` begins a comment",
    help="put quotes around the text: `{fix}`; for a comment write two spaces, `#` and a space, or a line of its own",
    also={
        "value": (
            "`{cut}` is read as a comment, so the value is empty",
            "put quotes around it: `{fix}`",
        ),
        "inside": (
            "a comment ends the text above, so this line belongs to nothing",
            "use `|` for a text of several lines, and put the comment above its key",
        ),
    },
    suppressible=False,
    manual=page(
        what="""
            Finds text that is cut off by a `#`: after text without quotes, a `#` that follows a single space, or that
            is followed by a letter, counts as a slip. Two spaces, `#` and a space are a comment, and so is a `#` on a
            line of its own, after a closing quote or bracket, after a key alone, and after a number, true or false.
        """,
        why="`Room #4` silently becomes `Room`: the reader is told to come to the wrong place.",
        example="place: Room #4",
        instead='place: "Room #4"',
        sources=(_YAML + "#66-comments",),
    ),
)

NEEDS_QUOTES = Rule(
    code="SYN014",
    slug="needs-quotes",
    severity=Severity.ERROR,
    message="a colon and a space inside a text need quotes around it",
    help="write `{fix}`",
    also={
        "brace": ("a text that begins with `{written}` needs quotes", "write `{fix}`"),
        "character": ("a text can't begin with `{written}` without quotes", "write `{fix}`"),
        "markdown": ("a text that begins with `{written}` needs quotes, or `|` and a new line", "write `{fix}`"),
        "quote": ("there is a quote `{written}` inside the quotes, so the text ends too early", "write `{fix}`"),
        "after-quote": ("there are words after the closing `{written}`", "put quotes around all of it: `{fix}`"),
        "bracket": ("a `{written}` inside a text needs quotes around it here", "write `{fix}`"),
        "comma": (
            "a comma ends a value between `{{` and `}}`, so `{written}` became a key",
            "put quotes around the text with the comma",
        ),
        "key": (
            "`{written}` reads as a key, because a colon follows it",
            "if it is text, put quotes around all of it: `{fix}`",
        ),
        "lines": (
            "a colon and a space inside a text of several lines",
            "write `|` after the key, and the whole text on the lines below, two spaces further in",
        ),
        "block": (
            "text can't follow `{written}` on the same line",
            "begin the text on the next line, two spaces further in; or, if `{written}` is part of it, write `{fix}`",
        ),
        "dash": (
            "a list can't begin on the line of its key",
            "begin it on the next line; if it is text, write `{fix}`",
        ),
    },
    suppressible=False,
    manual=page(
        what="""
            Finds text that YAML would read as something else: with a colon and a space in it, with a quote inside
            quotes, or beginning with one of `{ [ * & ! | > % @` or a backtick.
        """,
        why="This is the most frequent slip in a campaign file; a YAML library says `mapping values are not allowed`.",
        example="subject: Reminder: your visit\npreheader: 'l'horaire'\ntitle: {{ practice.name }}",
        instead='subject: "Reminder: your visit"\npreheader: "l\'horaire"\ntitle: "{{ practice.name }}"',
        sources=(_YAML + "#733-plain-style", "62 traps tried in YAML 1.1 and 1.2"),
    ),
)

INDENTATION = Rule(
    code="SYN015",
    slug="indentation",
    severity=Severity.ERROR,
    message="`{written}` does not line up with the lines above",
    help="let it begin in the same column as its neighbours{columns}",
    also={
        "deeper": (
            "`{written}` is indented further than `{above}` above it, which has a value already",
            "let both begin in the same column, or leave the value of `{above}` out",
        ),
        "dash": (
            "this `-` is indented further than the one above, so both became one text",
            "let both dashes begin in the same column",
        ),
    },
    suppressible=False,
    manual=page(
        what="Finds a line whose indentation fits none of the lines above.",
        why="Indentation says what belongs to what; the line would be lost, or become part of another text.",
        example="emails:\n  - id: first\n   subject: News",
        instead="emails:\n  - id: first\n    subject: News",
        sources=(_YAML + "#61-indentation-spaces",),
    ),
)

UNCLOSED = Rule(
    code="SYN016",
    slug="unclosed",
    severity=Severity.ERROR,
    message="`{opening}` is never closed",
    help="write `{closing}` at the end: `{fix}`",
    also={"mark": ("`{opening}` is never closed", "write `{closing}` where the text ends")},
    suppressible=False,
    manual=page(
        what="Finds a quote or a bracket that is opened and not closed on its line.",
        why="Everything up to the next quote or bracket becomes part of it, keys and all.",
        example='subject: "News from us\npreheader: "Hello"',
        instead='subject: "News from us"\npreheader: "Hello"',
        sources=(_YAML + "#73-flow-scalar-styles",),
    ),
)

UNKNOWN_ESCAPE = Rule(
    code="SYN017",
    slug="unknown-escape",
    severity=Severity.ERROR,
    message="`{written}` means nothing between double quotes",
    help="write `\\\\` for a backslash, or use single quotes",
    also={
        "surrogate": (
            "`{written}` is half a character",
            "type the character itself; YAML has no pairs of `\\u`",
        ),
    },
    suppressible=False,
    manual=page(
        what="Finds a backslash between double quotes that YAML gives no meaning.",
        why="The file could not be read at all.",
        example='label: "C:\\clinic\\docs"',
        instead="label: 'C:\\clinic\\docs'",
        sources=(_YAML + "#57-escaped-characters",),
    ),
)

NO_KEY = Rule(
    code="SYN018",
    slug="no-key",
    severity=Severity.ERROR,
    message="this line has no key",
    help="write `key: value`; if it continues the text above, use `|` and indent it further than the key",
    also={
        "space": ("a space is missing after `{key}:`", "write `{fix}`"),
        "wide": ("`：` is a colon of Chinese texts; behind a key stands a plain one and a space", "write `{fix}`"),
        "value": ("`{written}` can't stand here", "write `key: value`, or remove it"),
    },
    suppressible=False,
    manual=page(
        what="Finds a line that is neither `key: value` nor an item of a list, and a colon without its space.",
        why="YAML would join it to the line above or stop reading.",
        example="subject:News\npreheader: Hello",
        instead="subject: News\npreheader: Hello",
        sources=(_YAML + "#822-block-mappings",),
    ),
)

DIRECTIVE = Rule(
    code="SYN019",
    slug="directive",
    severity=Severity.ERROR,
    message="`{written}` is a directive that is not known here",
    help="remove the line; `%YAML 1.2` is the only one that is read, and it is not needed",
    suppressible=False,
    manual=page(
        what="Refuses lines that begin with `%`, but for `%YAML 1.2` (or 1.1) before the document.",
        why="A directive changes how the whole file is read; campcompile always reads YAML 1.2.",
        example="%TAG ! tag:clinic.example,2026:\n---\ntitle: News",
        instead="title: News",
        sources=(_YAML + "#68-directives",),
    ),
)

UNREADABLE = Rule(
    code="SYN020",
    slug="unreadable",
    severity=Severity.ERROR,
    message="this can't be read as YAML: {problem}",
    help="compare it with the lines around it; quotes around the text help in most cases",
    also={
        "many": (
            "the file has more mistakes than could be mended in passing; the rest of it is not read",
            "mend the ones above, then lint again",
        ),
    },
    suppressible=False,
    manual=page(
        what="Says that a part of a file could not be read, where no better words are known.",
        why="What can't be read can't be checked.",
        example="subject: !%News",
        instead='subject: "!%News"',
        sources=(_YAML,),
    ),
)

BIDI_CONTROL = Rule(
    code="SYN021",
    slug="bidi-control",
    severity=Severity.ERROR,
    message="{name} turns the direction of the text and is never ended",
    help="remove it; Arabic and Hebrew letters need no such mark",
    also={
        "end": ("{name} ends a direction that was never begun", "remove it"),
        "override": (
            "{name} shows the following letters in another order than they are written",
            "remove it: a reviewer would read something else than is sent",
        ),
    },
    manual=page(
        what="Finds direction controls that are not in pairs within a line, and the two overrides in any case.",
        why="They make a reviewer see other words than are sent, and turn the text around that a mail client adds.",
        example='subject: "Hello \\u2066Kari"',
        instead='subject: "Hello Kari"',
        sources=(_TROJAN, "Unicode Standard Annex 9, section 2"),
    ),
)

INVISIBLE = Rule(
    code="SYN022",
    slug="invisible-character",
    severity=Severity.ERROR,
    message="an invisible character: {name}",
    help="delete it; it often comes along when text is copied from a web page",
    also={
        "many": (
            "{count} invisible characters in a row, the first is {name}",
            "delete them: text can be hidden in them",
        ),
        "tags": (
            "{count} invisible tag characters spell a hidden text",
            "delete them, and ask where the text was copied from",
        ),
    },
    manual=page(
        what="""
            Finds characters that print nothing: zero-width spaces and joiners, fillers, tag characters, stray variation
            selectors. Joiners within emoji and in scripts that join letters, soft hyphens, flags and no-break spaces
            are fine.
        """,
        why="They hide words from every check and from search, and text for others can be smuggled in them.",
        example='subject: "Your dia\\u200bbetes visit"',
        instead='subject: "A message from {{ practice.name }}"',
        sources=(_TROJAN, "Unicode Technical Standard 51 (emoji sequences)"),
    ),
)

MIXED_SCRIPT = Rule(
    code="SYN023",
    slug="mixed-script-word",
    severity=Severity.ERROR,
    message="`{letters}` in `{word}` is {script}, the other letters are {others}",
    help="type the word again; the letters only look alike",
    manual=page(
        what="Finds words that mix Latin, Greek, Cyrillic and other alphabets whose letters look alike.",
        why="A screen reader spells them out, a search misses them, and a check for `HIV` does not see `НIV`.",
        example="subject: Your \u041dIV test",
        instead="subject: A message from us",
        sources=("Unicode Technical Standard 39, section 5 (mixed scripts)",),
    ),
)

STACKED_MARKS = Rule(
    code="SYN024",
    slug="stacked-marks",
    severity=Severity.ERROR,
    message="{count} marks are stacked on `{letter}`",
    help="type the letter again; no language stacks more than four",
    manual=page(
        what="Finds five or more combining marks in a row.",
        why="They paint over the lines above and below, and slow some mail clients to a halt.",
        example="subject: e\u0301\u0301\u0301\u0301\u0301",
        instead="subject: é",
        sources=("Unicode Technical Report 36, section 2.10.2 (stacked diacritics)",),
    ),
)

PRIVATE_USE = Rule(
    code="SYN025",
    slug="private-use-character",
    severity=Severity.ERROR,
    message="{name} has a meaning in one font only",
    help="use a picture or a plain character; most readers see an empty box",
    manual=page(
        what="Finds private-use characters, such as the signs of an icon font.",
        why="The reader's font does not have them.",
        example='label: "\\uf095 Call us"',
        instead="label: Call us",
        sources=("The Unicode Standard, section 23.5",),
    ),
)

SECRET = Rule(
    code="SYN026",
    slug="secret-in-file",
    severity=Severity.ERROR,
    message="this looks like {kind}",
    help="keep it in the environment, never in a file; this one is known to all who read the repository: replace it",
    private=True,
    suppressible=False,
    manual=page(
        what="""
            Finds API keys, tokens, private keys and passwords by their known shapes, and long random values under a
            key that is named like one. The value itself is never printed.
        """,
        why="A repository keeps what was ever in it, and an ESP's key opens the list of all patients.",
        example="mailchimp: {dialect: mailchimp, api_key: …}",
        instead="mailchimp: {dialect: mailchimp}   # the runner reads the key from the environment",
        sources=("45 CFR 164.312(a)(1)", "the vendors' pages on their key formats"),
    ),
)

RULES = (
    NOT_UTF8,
    CONTROL_CHARACTER,
    TOO_LARGE,
    DUPLICATE_KEY,
    EMPTY_FILE,
    NOT_A_MAPPING,
    SEVERAL_DOCUMENTS,
    ANCHOR_OR_ALIAS,
    TAG,
    COMPLEX_KEY,
    TAB,
    FOLDED,
    CUT_OFF,
    NEEDS_QUOTES,
    INDENTATION,
    UNCLOSED,
    UNKNOWN_ESCAPE,
    NO_KEY,
    DIRECTIVE,
    UNREADABLE,
    BIDI_CONTROL,
    INVISIBLE,
    MIXED_SCRIPT,
    STACKED_MARKS,
    PRIVATE_USE,
    SECRET,
)
