"""What can be wrong with a file's keys and values: SCH001 to SCH009."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import page

_LANGUAGE = "the language's schemas: `campcompile schema --write`"

UNKNOWN_KEY = Rule(
    code="SCH001",
    slug="unknown-key",
    severity=Severity.ERROR,
    message="unknown key `{key}`",
    help="the keys here are {keys}",
    also={
        "near": ("unknown key `{key}`", "did you mean `{nearest}`?"),
        "under": ("unknown key `{key}`", "it belongs under `{parent}:`"),
        "text": (
            "`{key}` is read as a key, and no such key is known",
            "if it is text, put quotes around all of it; the keys here are {keys}",
        ),
        "none": ("unknown key `{key}`", "no keys stand here"),
    },
    suppressible=False,
    manual=page(
        what="Finds keys that the language does not have.",
        why="A mistyped key would be read by nobody: the default would hold, without a word.",
        example="emails:\n  - id: due\n    subjct: News",
        instead="emails:\n  - id: due\n    subject: News",
        sources=(_LANGUAGE, "dbt-core issues 4280 and 5605: years of keys ignored in silence"),
    ),
)

MISSING_KEY = Rule(
    code="SCH002",
    slug="missing-key",
    severity=Severity.ERROR,
    message="`{key}` is missing",
    help="add it, for example `{example}`",
    also={
        "one-of": ("{rule}; here is neither", "add one of them, for example `{example}`"),
        "with": ("`{key}` is missing, which `{other}` needs", "add it, for example `{example}`"),
    },
    suppressible=False,
    manual=page(
        what="Finds what every campaign, e-mail, block or setting must say, and doesn't.",
        why="There is no safe default for it.",
        example="emails:\n  - id: due\n    subject: News",
        instead='emails:\n  - id: due\n    send: {offset: P0D, at: "10:00"}\n    subject: News\n    body: We are open.',
        sources=(_LANGUAGE,),
    ),
)

WRONG_TYPE = Rule(
    code="SCH003",
    slug="wrong-type",
    severity=Severity.ERROR,
    message="{seen} stands here; {wanted} is wanted",
    help="for example `{example}`",
    also={
        "empty": ("the value is missing", "write {wanted}, for example `{example}`"),
        "quotes": ("`{value}` is read as {seen}; text is wanted", "put quotes around it: `{fix}`"),
        "truth": ("`{value}` is text; `true` or `false` is wanted", "write `{fix}`"),
        "digits": ("`{value}` is text; {wanted} is wanted", "write `{fix}`, without quotes or `_`"),
        "nothing": ("{seen} stands here; nothing is wanted", "write the name alone: `- {name}`"),
        "list": ("{seen} stands here; a list is wanted", "write `{fix}`, or a line with `- ` for each"),
    },
    suppressible=False,
    manual=page(
        what="""
            Finds a value of another kind than its key wants: text, a number, true or false, a list, keys. `no`, `off`,
            `10:30`, `2026-09-08`, `012` and `1_000` are text; `12`, `true` and an empty value are not.
        """,
        why="What is meant can't be told for sure: a code `1234` may lose its text, and `off` is no switch.",
        example="fields:\n  patient.deceased: {type: yes_no, label: contact, required: off}",
        instead="fields:\n  patient.deceased: {type: yes_no, label: contact, required: false}",
        sources=(_LANGUAGE, "YAML 1.2.2, section 10.3 (core schema)"),
    ),
)

NOT_ALLOWED = Rule(
    code="SCH004",
    slug="value-not-allowed",
    severity=Severity.ERROR,
    message="`{value}` is not allowed here",
    help="the values are {values}",
    also={"near": ("`{value}` is not allowed here", "did you mean `{nearest}`? the values are {values}")},
    suppressible=False,
    manual=page(
        what="Finds a value outside the few that its key allows.",
        why="Nothing would be known to do with it.",
        example="layer: esential",
        instead="layer: essential",
        sources=(_LANGUAGE,),
    ),
)

MALFORMED = Rule(
    code="SCH005",
    slug="malformed-value",
    severity=Severity.ERROR,
    message="`{value}` does not have the right form",
    help="{advice}",
    also={
        "empty": ("the text is empty", "{advice}"),
        "lines": ("the text runs over several lines", "{advice}"),
        "key": ("`{value}` can't be a name here", "{advice}"),
        "reserved": (
            "`{value}` can't be a name: some YAML tools read it as true, false or nothing",
            "choose another name",
        ),
    },
    suppressible=False,
    manual=page(
        what="Finds a text that does not have the form its key wants: a name, a code, a language, a length of time.",
        why="It would be refused later, far from the line that holds it.",
        example="code: Appointments",
        instead="code: ap71",
        sources=(_LANGUAGE,),
    ),
)

WRONG_SIZE = Rule(
    code="SCH006",
    slug="wrong-size",
    severity=Severity.ERROR,
    message="`{value}` is out of range",
    help="write a number {range}",
    also={
        "few": ("there is nothing in it", "add at least one, for example `{example}`"),
        "many": ("there are {count} in it; {limit} is the most", "take some out"),
        "long": ("the text has {count} characters; {limit} is the most", "shorten it"),
        "twice": ("`{value}` stands here twice", "keep one of them"),
    },
    suppressible=False,
    manual=page(
        what="Finds numbers out of range, empty or overlong lists and texts, and repeated entries.",
        why="An empty list means nothing, and a header line longer than 998 bytes is refused by mail servers.",
        example="locales: [en, en]",
        instead="locales: [en, nb]",
        sources=(_LANGUAGE, "RFC 5322, section 2.1.1"),
    ),
)

UNKNOWN_BLOCK = Rule(
    code="SCH007",
    slug="unknown-block",
    severity=Severity.ERROR,
    message="unknown block `{name}`",
    help="the blocks are {names}",
    also={
        "near": ("unknown block `{name}`", "did you mean `{nearest}`?"),
        "text": ("a text alone is no block", "write `- text: {value}`"),
        "fields": ("the block `{name}` needs its fields", "for example `{example}`"),
        "none": ("no block is named here", "begin with a block's name: {names}"),
        "several": (
            "one item of the body is one block; `{name}` and `{other}` are two",
            "begin a new line with `- ` before `{name}`",
        ),
        "no-words": (
            "the block `{name}` has no words to translate",
            "leave it out: a translation holds only blocks with words",
        ),
    },
    suppressible=False,
    manual=page(
        what="Finds items of a body that are no block, or two blocks in one item.",
        why="Nothing would be printed for it.",
        example="body:\n  - buton: {label: Book a time, to: links.book}",
        instead="body:\n  - button: {label: Book a time, to: links.book}",
        sources=(_LANGUAGE,),
    ),
)

UNKNOWN_FORMAT = Rule(
    code="SCH008",
    slug="unknown-format",
    severity=Severity.ERROR,
    message="these files say that they are written in format `{value}`; this campcompile reads format 1",
    help="install a campcompile that reads it, or write `format: 1` if the files are; `campcompile migrate` lifts old "
    "ones",
    suppressible=False,
    manual=page(
        what="Reads the language's version from `format:` in campcompile.yaml, and refuses one that it doesn't know.",
        why="A later version may give the same words another meaning; to guess would be to send the wrong mail.",
        example="format: 2",
        instead="format: 1",
        sources=(_LANGUAGE,),
    ),
)

NOT_TOGETHER = Rule(
    code="SCH009",
    slug="not-together",
    severity=Severity.ERROR,
    message="`{key}` and `{other}` contradict each other",
    help="{rule}: keep one of them",
    suppressible=False,
    manual=page(
        what="Finds two keys of which only one may be given.",
        why="Which of the two holds could only be guessed.",
        example="fields:\n  patient.next_visit: {type: date, from: next(appointment.start), label: relationship}",
        instead="fields:\n  patient.next_visit: {from: next(appointment.start), label: relationship}",
        sources=(_LANGUAGE,),
    ),
)

RULES = (
    UNKNOWN_KEY,
    MISSING_KEY,
    WRONG_TYPE,
    NOT_ALLOWED,
    MALFORMED,
    WRONG_SIZE,
    UNKNOWN_BLOCK,
    UNKNOWN_FORMAT,
    NOT_TOGETHER,
)
