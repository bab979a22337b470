"""Tricks of the same kinds that the evil corpus lacks: measured threats, and what came to mind beside them."""

from __future__ import annotations

from tests.evil.cases import Case
from tests.evil.practice import CLINIC, DICTIONARY, LETTER, SEGMENTS, WORKSPACE, good

_SUBJECT = "News from the fjord"  # line 11, from column 14 on
_TEXT = "we are open all winter."  # line 15, from column 15 on
_LOGO = "logo.png"  # line 16, from column 22 on
_LINE = "<mj-text>Fjordklinikken</mj-text>"  # line 8 of the layout, from column 9 on
_READERS = 'has(patient.topics, "news")'  # line 3, from column 10 on
_BOOKED = 'appointment.status == "booked"'
_END = "      - button: {label: Book a time, to: links.book}\n"  # the letter's last line
_SET = "patient.first_name is set"


def _merges() -> str:
    """The bomb of 488 bytes that costs PyYAML 20 seconds: each mapping merges nine times the one above."""
    lines = [f"s0: &b0 {{title: Level 0, where: {_SET}}}"]
    for level in range(1, 10):
        merged = ", ".join([f"*b{level - 1}"] * 9)
        lines.append(f"s{level}: &b{level} {{<<: [{merged}], title: Level {level}, where: {_SET}}}")
    return "\n".join(lines) + "\n"


def _of_merges() -> str:
    """In each line an anchor, from the second on a merge key and the first alias of a name."""
    rest = (f"SYN008 {line}:5, SYN008 {line}:10, SYN008 {line}:15" for line in range(2, 11))
    return ", ".join(["SYN008 1:5", *rest])


def _chain(length: int) -> str:
    return "".join(f's{n}: {{title: Step {n}, where: segment("s{n + 1}")}}\n' for n in range(length))


def _doubling(length: int) -> str:
    """Each segment asks twice for the next: 2 ** length questions."""
    row = 's{n}: {{title: Step {n}, where: segment("s{m}") and segment("s{m}")}}\n'
    last = f"s{length}: {{title: The last, where: {_SET}}}\n"
    return "".join(row.format(n=n, m=n + 1) for n in range(length)) + last


# fmt: off
KIN = (
    Case("y-merge", "a bomb of merge keys", SEGMENTS, "readers:", _merges() + "readers:", _of_merges()),
    Case("y-two", "two documents", LETTER, "audience: readers", "---\naudience: readers", "SYN007 6:1"),
    Case("y-bom", "a byte-order mark", LETTER, "title: A letter", "\ufefftitle: A letter", ""),
    Case("y-cr", "line ends of an old Mac", LETTER, "", good()[LETTER].replace(b"\n", b"\r"), ""),
    Case("y-latin1", "Latin-1", LETTER, "A letter", b"A letter from No\xebl", "SYN001 1:24"),
    Case("y-half", "half a surrogate pair", LETTER, _SUBJECT, '"News \\ud83d"', "SYN017 11:20"),
    Case("y-nul", "a NUL in the file", LETTER, _SUBJECT, "News\0 from the fjord", "SYN002 11:18"),
    Case("y-size", "2 MB", LETTER, _END,
         _END + "# as long as a book\n" * 100_000, "SCH002 1:1, SYN003 1:1"),
    Case("y-keys", "10,000 keys", SEGMENTS, "readers:", "".join(f"s{n}: 1\n" for n in range(10_000)) + "readers:",
         "SCH003 …"),
    Case("y-anchors", "3,000 anchors", SEGMENTS, _READERS, "[" + f"&a {_SET}, " * 3_000 + _SET + "]",
         ", ".join(f"SYN008 3:{11 + 30 * n}" for n in range(20))),
    Case("y-tabs", "5,000 lines with tabs", LETTER, "      - phrase: greeting", "\t- phrase: greeting\n" * 5000,
         "SYN011 14:1 …"),
    Case("y-quote", "a quote that is never closed before 900 kB", LETTER, _SUBJECT, '"News' + " of the fjord" * 70_000,
         "SYN016 11:14 …"),
    Case("y-open", "50,000 brackets that are never closed", SEGMENTS, _BOOKED, "[a, " * 50_000,
         "FLD001 6:11, SCH003 6:15, SYN003 6:130"),
    Case("y-digits", "a number of 100,000 digits", WORKSPACE, "{max: 1,", "{max: " + "9" * 100_000 + ",",
         "SCH003 18:22"),
    Case("y-inf", "infinity", WORKSPACE, "{max: 1,", "{max: .inf,", "SCH003 18:22"),
    Case("y-hashes", "400 kB of hashes", LETTER, _SUBJECT, "a #" * 130_000, "SYN013 11:16"),

    Case("s-day", "a day that is not in the calendar", LETTER, "2026-12-01", "2026-13-45", "SCH050 10:18"),
    Case("s-clock", "an hour without quotes", LETTER, '"09:00"', "09:00", ""),
    Case("s-hour", "the 25th hour", LETTER, '"09:00"', '"25:00"', "SCH050 10:36"),
    Case("s-zone", "a zone by way of a folder", WORKSPACE, "Europe/Oslo", "Europe/../Oslo", "REF002 9:14"),
    Case("s-local", "the machine's own zone", WORKSPACE, "Europe/Oslo", "/etc/localtime", "REF002 9:14"),
    Case("s-layout", "a layout that is a path", LETTER, "layer: updates", "layer: updates\nlayout: ../../etc/passwd",
         "REF002 5:9"),
    Case("s-code", "a code that is a path", LETTER, "lt26", "../lt26", "SCH005 2:7"),
    Case("s-id", "an id that is a path", LETTER, "id: letter", "id: ../../letter", "SCH005 9:9"),
    Case("s-from", "a line break in a sender", WORKSPACE, "Fjordklinikken <pasient@", "Fjord\\nBcc: x <pasient@",
         "REF002 21:16"),
    Case("s-wide", "a full-width @ in a name", WORKSPACE, "Fjordklinikken <pasient@",
         "billing\uff20chase.com <pasient@",
         "REF002 21:16"),
    Case("s-quoted", "a quoted address as name", WORKSPACE, '"Fjordklinikken <pasient@fjordklinikken.example>"',
         "'\"billing@chase.com\" <pasient@fjordklinikken.example>'", "REF002 21:16"),
    Case("s-reply", "two addresses for answers", WORKSPACE, "reply_to: post@fjordklinikken.example",
         'reply_to: "post@fjordklinikken.example, x@evil.example"', "SCH005 21:77, PHI009 21:107"),
    Case("s-link", "a link that runs a script", WORKSPACE, "https://time.fjordklinikken.example/",
         '"javascript:alert(1)"', "LNK001 23:9"),
    Case("s-button", "the same on a button", LETTER, "to: links.book", 'to: "javascript:alert(1)"', "LNK001 17:42"),
    Case("s-words", "the same in words", LETTER, _TEXT, "we are [open](javascript:alert(1)) all winter.",
         "LNK001 15:29"),
    Case("s-pass", "a password in an address", WORKSPACE, "https://fjordklinikken.example/u",
         "https://user:geheim@fjordklinikken.example/u", "SYN026 28:14, LNK001 28:14"),

    Case("u-rlo", "right to left by force", LETTER, _SUBJECT, "News \u202egpj.exe", "SYN021 11:19"),
    Case("u-zero", "a zero-width space in a word", LETTER, _TEXT, "dia\u200bbetes", "SYN022 15:18"),
    Case("u-key", "a Cyrillic letter in a key", LETTER, "    subject:", "    subj\u0435ct:",
         "SCH001 11:5, SYN023 11:9"),
    Case("u-note", "a direction in a comment", LETTER, _SUBJECT, _SUBJECT + "  # \u202e see above", "SYN021 11:37"),
    Case("u-own", "a private-use letter", LETTER, _SUBJECT, "News \ue001", "SYN025 11:19"),
    Case("u-lost", "a lost letter", LETTER, _SUBJECT, "News \ufffd", "SYN002 11:19"),

    *(Case(row, what, LETTER, _LOGO, new, "REF002 16:22") for row, what, new in (
        ("p-root", "from the root", "/etc/passwd"), ("p-home", "the home folder", "~/.ssh/id_ed25519"),
        ("p-host", "another computer", "//host/share/x.png"), ("p-web", "the web", "https://evil.example/x.png"),
        ("p-drive", "a drive", "'C:\\x.png'"), ("p-percent", "dots as percent signs", "'%2e%2e/%2e%2e/x.png'"),
        ("p-dot", "a dot at the end", "logo.png."), ("p-blank", "a blank at the end", "'logo.png '"),
        ("p-device", "a device of Windows", "CON"), ("p-here", "the folder itself", "."), ("p-none", "no name", "''"),
        ("p-svg", "an SVG", "logo.svg"))),
    Case("p-null", "null", LETTER, _LOGO, "~", "SCH003 16:22"),

    *(Case(row, what, CLINIC, _LINE, new, finds) for row, what, new, finds in (
        ("m-panic", "what made mjml-python panic", "<mj-text>”></mj-text>", ""),
        ("m-panic2", "the same in a column", "</mj-column><mj-column>”>", "LAY010 8:32"),
        ("m-panic2", "the same in a column", "</mj-column><mj-column>”>", "LAY010 8:32"),
        ("m-divs", "9,000 divs", "<mj-text>" + "<div>" * 9000 + "</div>" * 9000 + "</mj-text>", "LAY001 8:339"),
        ("m-css", "a style in a colour", '<mj-text color="red;background:url(https://evil.example)">a</mj-text>',
         "LAY009 8:25"),
        ("m-click", "an event handler", '<mj-text><p onclick="alert(1)">a</p></mj-text>', "LAY011 8:21"),
        ("m-web", "a picture of the web", '<mj-image src="https://evil.example/x.png" alt="x"/>', "LAY012 8:24"),
        ("m-file", "a picture of the disk", '<mj-image src="file:///etc/passwd" alt="x"/>', "LAY012 8:24"),
        ("m-out", "a picture out of assets/", '<mj-image src="assets/../../x.png" alt="x"/>', "LAY012 8:24"),
        ("m-none", "a picture that is not there", '<mj-image src="assets/lgoo.png" alt="x"/>', "REF002 8:24"),
        ("m-sheet", "a style sheet of the web", "<mj-text><style>@import 'x.css';</style>a</mj-text>", "LAY012 8:25"),
        ("m-frame", "a frame", '<mj-text><iframe src="https://evil.example"></iframe></mj-text>', "LAY011 8:19"),
        ("m-svg", "an SVG with a script", '<mj-text><svg onload="alert(1)"></svg></mj-text>', "LAY011 8:19"),
        ("m-base", "another base", '<mj-raw><base href="https://evil.example/"></mj-raw>', "LAY011 8:18"),
        ("m-php", "a processing instruction", "<mj-text><?php echo 1 ?></mj-text>", "LAY003 8:18"),
        ("m-lol", "an entity of nobody", "<mj-text>&lol9;</mj-text>", "LAY003 8:18"),
        ("m-less", "200,000 open brackets", "<mj-text>" + "<" * 200_000 + "</mj-text>", "LAY003 8:18 …"),
        ("m-attrs", "5,000 attributes", "<mj-text " + 'a="b" ' * 5_000 + ">x</mj-text>", "LAY008 8:18 …"),
        ("m-tags", "12,500 tags", "<mj-text>" + "<b>x</b>" * 12_500 + "</mj-text>", "LAY001 8:95923 …"),
        ("m-note", "a comment that is never closed", "<mj-text><!-- a</mj-text>", "LAY003 8:18 …"),
        ("m-quote", "a quote that is never closed", '<mj-text align="left>a</mj-text>', "LAY004 8:24"),
        ("m-amps", "300,000 ampersands", "<mj-text>" + "&" * 300_000 + "</mj-text>", ""),
        ("m-token", "our own tokens", "<mj-text>__cc_h0__ __cc_body__</mj-text>", ""),
        ("j-braces", "20,000 opening braces", "<mj-text>" + "{{" * 20_000 + "</mj-text>", "TPL001 8:18 …"),
        ("j-ifs", "3,000 ifs", "<mj-text>" + '{% if layer == "x" %}' * 3_000 + "</mj-text>", "TPL003 8:18 …"),
        ("j-href", "a script before a field", '<mj-text><a href="javascript:{{ practice.name }}">a</a></mj-text>',
         "FLD004 8:41"),
        ("j-style", "a field in a style", '<mj-text><p style="color:{{ practice.name }}">a</p></mj-text>',
         "FLD004 8:37"),
        ("j-tag", "a field as tag", "<mj-text><{{ practice.name }}>a</mj-text>", "FLD004 8:22"),
        ("j-set", "a variable", "<mj-text>{% set x = 1 %}</mj-text>", "LAY016 8:21"),
        ("j-safe", "a value without escaping", "<mj-text>{{ practice.name | safe }}</mj-text>", "FLD004 8:37"),
        ("j-out", "a file out of layouts/", '{% include "../../etc/passwd" %}', "LAY014 8:20"),
        ("j-half", "half an element under an if", '{% if layer == "x" %}<mj-text>{% endif %}a</mj-text>',
         "LAY017 8:42"),
        ("j-open", "a field that is never closed", "<mj-text>{{ practice.name </mj-text>", "TPL001 8:18"),
    )),

    Case("b-none", "a layout without the e-mail's words", CLINIC, "{{ body }}", "", "LAY017 5:4"),
    Case("b-twice", "the words twice", CLINIC, "{{ body }}", "{{ body }}{{ body }}", "LAY017 9:22"),
    Case("b-head", "the words in the head", CLINIC, "<mj-head>", "<mj-head>{{ body }}", "LAY017 2:15"),
    Case("b-row", "the words beside columns", CLINIC, "<mj-section>", "<mj-section>{{ body }}", "LAY017 6:20"),
    Case("b-top", "the words before the layout", CLINIC, "<mjml lang", "{{ body }}<mjml lang",
         "LAY017 1:4, LAY017 9:12"),
    Case("b-html", "a link outside of the layout", CLINIC, "<mjml lang", "<a href='x'>a</a><mjml lang",
         "LAY010 1:2, LNK001 1:10"),
    Case("b-title", "two titles", CLINIC, "  </mj-head>", "    <mj-title>b</mj-title>\n  </mj-head>", "LAY010 4:6"),
    Case("b-blank", "a blank at the end", CLINIC, "</mjml>", "</mjml> \t", ""),

    *(Case(row, what, LETTER, _TEXT, new, finds) for row, what, new, finds in (
        ("w-deep", "900 brackets", "'{{ " + "(" * 900 + "1" + ")" * 900 + " }}'", "TPL010 15:19"),
        ("w-ifs", "500 ifs", "'" + "{% if a.b %}" * 500 + "'", "TPL003 15:16 …"),
        ("w-stars", "9,000 stars", "'" + "*a" * 4500 + "'", ""),
        ("w-links", "3,000 brackets", "'" + "[" * 3000 + "'", "TPL012 15:116"),
        ("w-format", "a format", "'{{ \"%s\" | format(1) }}'", "FLD004 15:19"),
        ("w-times", "a gigabyte", "'{{ \"a\" * 1000000000 }}'", "FLD004 15:19"),
        ("w-class", "a field's inside", "'{{ patient.first_name.__class__ }}'", "FLD004 15:19"),
        ("w-html", "a picture as HTML", "'<img src=x onerror=alert(1)>'", "TPL021 15:16"),
        ("w-image", "a picture in words", "'![a](https://evil.example/x.png)'", "TPL022 15:16"),
        ("w-token", "our own tokens", "__cc_h0__ __cc_body__", ""),
        ("w-long", "a text of 200 kB", "a fjord " * 25_000, "TPL012 15:10015"),
    )),
    *(Case(row, what, LETTER, "  - id: letter", f"  - id: letter\n    if: {new}", finds) for row, what, new, finds in (
        ("w-if", "a condition in 500 brackets", "(" * 500 + _SET + ")" * 500, "TPL012 10:41"),
        ("w-and", "a condition of 3,000 parts", " and ".join([_SET] * 3000), "TPL012 10:10009"),
        ("w-not", "2,000 nots", "not " * 2000 + _SET, "TPL012 10:137"),
    )),
    Case("w-circle", "a segment that asks itself", SEGMENTS, _BOOKED, 'segment("upcoming")', "REF001 6:18"),
    Case("w-chain", "500 segments that ask each other", SEGMENTS, "readers:",
         _chain(500) + "s500: {title: The last, where: patient.first_name is set}\nreaders:", "TPL012 1:36 …"),
    Case("w-double", "a question that doubles 40 times", SEGMENTS, "readers:", _doubling(40) + "readers:",
         "TPL012 1:36 …"),
    Case("w-own", "a field that is made of itself", DICTIONARY, "  patient.diagnosis:",
         "  patient.x: {from: next(patient.x), label: contact}\n  patient.diagnosis:", "FLD001 14:26"),
)
