"""Every row of the evil corpus in our language: what it spoils, what must be found, and where."""

from __future__ import annotations

from typing import NamedTuple

from tests.evil.practice import CLINIC, DICTIONARY, LETTER, SEGMENTS, TEXT_BLOCK, WAIVERS, WORKSPACE, good


class Case(NamedTuple):
    """`file` of the good practice with its first `old` replaced by `new`, or the whole of it where `old` is "".

    `finds` are all errors that it must give (and the warnings that matter), each as `CODE line:column`; "" where it
    must compile without any. `twin` is `new` without the trick, and must compile; by default it is `old`.
    """

    row: str
    what: str
    file: str
    old: str
    new: str | bytes
    finds: str
    twin: str | bytes = ""
    says: str = ""  # words that a message or its help must have
    later: str = ""  # rules that will find it, or more of it, and don't exist yet

    def spoiled(self) -> dict[str, bytes]:
        return self._with(self.new)

    def whole(self) -> dict[str, bytes]:
        return self._with(self.twin or self.old) if self.old else good()

    def _with(self, new: str | bytes) -> dict[str, bytes]:
        files = good()
        put = new if isinstance(new, bytes) else new.encode()
        if self.old:
            assert files[self.file].count(self.old.encode()) >= 1, self.row
            files[self.file] = files[self.file].replace(self.old.encode(), put, 1)
        else:
            files[self.file] = put
        return files


def _laughs(*, anchors: bool) -> str:
    """Ten segments; each names the conditions of the one above nine times, or writes nine out."""
    lines = []
    for level in range(10):
        items = ", ".join(["patient.first_name is set" if level == 0 or not anchors else f"*a{level - 1}"] * 9)
        lines += [f"s{level}:", f"  title: Level {level}", f"  where: {f'&a{level} ' if anchors else ''}[{items}]"]
    return "\n".join(lines) + "\n"


def _of_laughs() -> str:
    """Where the anchor of each of the ten segments stands, and the first use of each alias: three lines a segment."""
    return ", ".join(["SYN008 3:10", *(f"SYN008 {line}:10, SYN008 {line}:15" for line in range(6, 33, 3))])


_SUBJECT = "News from the fjord"
_SEND = '{date: "2026-12-01", at: "09:00"}'
_TEXT = "we are open all winter."
_LOGO = "logo.png"
_LINE = "<mj-text>Fjordklinikken</mj-text>"  # line 8 of the layout, from column 9 on
_END = "      - button: {label: Book a time, to: links.book}\n"  # line 17, the letter's last
_DATED = f"audience: readers\nlocales: [en]\nemails:\n  - id: letter\n    send: {_SEND}"
_ANCHORED = "audience: upcoming\nanchor: appointment.start\nlocales: [en]\nemails:\n  - id: letter\n    send: "


def _waivers(**changed: str) -> str:
    """waivers.yaml with one row, changed; "" takes a key away."""
    row = {
        "rule": "SUB003",
        "path": "campaigns/letter/campaign.yaml",
        "digest": "nrjkcnpm",
        "until": '"2027-03-31"',
        "by": "Lars Berg",
        "reason": "legacy wording",
    }
    keys = [f"{key}: {value}" for key, value in {**row, **changed}.items() if value]
    return "waivers:\n  - " + "\n    ".join(keys) + "\n"


# fmt: off
YAML = (
    Case("y001", "a bomb of aliases", SEGMENTS, "readers:", _laughs(anchors=True) + "readers:", _of_laughs(),
         twin=_laughs(anchors=False) + "readers:"),
    Case("y003", "one alias", LETTER, f"{_SUBJECT}\n    preheader: What is new this winter",
         f"&a {_SUBJECT}\n    preheader: *a", "SYN008 11:14, SYN008 12:16"),
    Case("y005", "100,000 lists in one another", SEGMENTS, 'appointment.status == "booked"',
         "[" * 100_000 + "]" * 100_000, "SCH003 6:11, SYN003 6:40"),
    Case("y007", "10,000 items in one another", SEGMENTS, ' appointment.status == "booked"',
         "\n    " + "- " * 10_000 + "x", "SCH003 7:7, SYN003 7:65"),
    Case("y009", "a key twice", LETTER, _END, _END + "audience: everyone\n", "SYN004 18:1", says="line 6"),
    Case("y011", "a key twice, once in quotes", LETTER, _END, _END + '"code": zz99\n', "SYN004 18:1", says="line 2"),
    Case("y013", "an empty file", LETTER, "", b"", "SYN005 1:1"),
    Case("y015", "a list at the top", LETTER, "", "- a\n- b\n", "SYN006 1:1"),
    Case("y017", "a tab for spaces", LETTER, "      - phrase: greeting", "\t- phrase: greeting", "SYN011 14:1"),
    Case("y019", "an overlong UTF-8 sequence", LETTER, "A letter", b"A \xc0\xaf letter", "SYN001 1:10"),
    Case("y021", "UTF-16", LETTER, "", good()[LETTER].decode().encode("utf-16"), "SYN001 1:1"),
    Case("y023", "CRLF", LETTER, "", good()[LETTER].replace(b"\n", b"\r\n"), ""),
    Case("y025", "an escaped NUL", LETTER, _SUBJECT, '"News\\0from the fjord"', "SYN002 11:19"),
    Case("y027", "a next-line character hides a key", LETTER, "A letter", "A letter\x85audience: everyone",
         "SYN002 1:16, SYN014 1:25"),
    Case("y029", "a tag that runs a command", LETTER, "[en]", "!!python/object/apply:os.system [en]", "SYN009 7:10"),
    Case("y031", "a tag that makes bytes", LETTER, _SUBJECT, "!!binary TmV3cw==", "SYN009 11:14"),
    Case("y033", "a %YAML directive", LETTER, "title: A letter", "%YAML 1.2\n---\ntitle: A letter", ""),
    Case("y035", "a list as key", LETTER, _END, _END + "? [a, b]\n: 1\n", "SYN010 18:3"),
    Case("y037", "a base-60 number of 9,000 characters", WORKSPACE, "practice:",
         "format: 1" + ":59" * 3000 + "\npractice:", "SCH008 1:9", twin="format: 1\npractice:"),
    Case("y039", "a number that PyYAML chokes on", WORKSPACE, "practice:", "format: 0b_\npractice:", "SCH008 1:9",
         twin="format: 1\npractice:"),
    Case("y045", "a colon in a subject", LETTER, _SUBJECT, "Reminder: your letter: 3 days", "SYN014 11:22",
         says='subject: "Reminder: your letter: 3 days"'),
    Case("y047", "a subject that begins with %", LETTER, _SUBJECT, "%off today", "SYN014 11:14", says='"%off today"'),
    Case("y049", "a # cuts a subject off", LETTER, _SUBJECT, "Save $5 #spring", "SYN013 11:22",
         says='"Save $5 #spring"'),
)

SCHEMA = (
    Case("s001", "NO without quotes is Norway", WORKSPACE, '  holidays: "NO"', "  holidays: NO", ""),
    Case("s002", "on for true", DICTIONARY, "{type: locale, label: contact, required: true}",
         "{type: locale, label: contact, required: on}", "SCH003 6:60", says="true"),
    Case("s004", "a postcode with a leading zero", WORKSPACE, '"5013 Bergen"', "01450", ""),
    Case("s006", "an underscore in a number", WORKSPACE, "{max: 1, per: P7D}", "{max: 1_0, per: P7D}",
         "SCH003 18:22", twin="{max: 10, per: P7D}"),
    Case("s008", "no subject", LETTER, _SUBJECT, "~", "SCH003 11:14"),
    Case("s010", "a subject that looks like a date", LETTER, _SUBJECT, "2026-11-22", ""),
    Case("s012", "a mistyped key", LETTER, "    subject: ", "    subjct: x\n    subject: ", "SCH001 11:5",
         says="did you mean `subject`?"),
    Case("s014", "a text for a list", LETTER, "[en]", "en", "SCH003 7:10"),
    Case("s016", "two e-mails of one id", LETTER, _END, _END + """\
  - id: letter
    send: {date: "2026-12-15", at: "09:00"}
    subject: More news
    preheader: What is new this month
    body: We are open in the evening.
""", "REF004 18:9", twin=_END),
    Case("s018", "an offset in no form", LETTER, _DATED, _ANCHORED + '{offset: 3 bananas, at: "09:00"}',
         "SCH050 11:20", twin=_ANCHORED + '{offset: -P3D, at: "09:00", expires: -PT2H}'),
    Case("s020", "an offset without a number", LETTER, _DATED, _ANCHORED + '{offset: -PD, at: "09:00"}',
         "SCH050 11:20", twin=_ANCHORED + '{offset: -P3D, at: "09:00", expires: -PT2H}'),
    Case("s022", "a time zone that is a path", WORKSPACE, "Europe/Oslo", "../../etc/passwd", "REF002 9:14"),
    Case("s025", "a line break in a subject", LETTER, _SUBJECT, '"Hi\\r\\nBcc: x@evil.example"',
         "SYN002 11:17, TPL013 11:17, PHI009 11:26"),
    Case("s027", "a subject of several lines", LETTER, _SUBJECT, "|\n      Hi\n      Bcc: x@evil.example",
         "TPL013 12:9, PHI009 13:12"),
    Case("s028", "a subject of 2,000 characters", LETTER, _SUBJECT, "News from the fjord " * 100, "SCH006 11:14"),
    Case("s030", "a display name that is another address", WORKSPACE, "Fjordklinikken <pasient@",
         "billing@chase.com <pasient@", "REF002 21:16"),
)

CHARACTERS = (
    Case("u002", "a direction that is never ended", LETTER, _SUBJECT, "News \u2066from the fjord", "SYN021 11:19"),
    Case("u004", "a zero-width joiner within an emoji", LETTER, _SUBJECT,
         "\U0001f468\u200d\U0001f469\u200d\U0001f467 family day", ""),
    Case("u006", "invisible tag characters", LETTER, _SUBJECT, "News\U000e0073\U000e0073\U000e006e", "SYN022 11:18"),
    Case("u010", "a Cyrillic letter in a Latin word", LETTER, _SUBJECT, "\u041dIV test", "SYN023 11:14"),
    Case("u013", "1,000 marks on one letter", LETTER, _TEXT, "e" + "\u0301" * 1000, "SYN024 15:16"),
)

PATHS = tuple(
    Case(row, what, LETTER, _LOGO, new, finds)
    for row, what, new, finds in (
        ("p001", "out of the workspace", '"../../../etc/passwd"', "REF002 16:22"),
        ("p003", "a file: address", '"file:///etc/passwd"', "REF002 16:22"),
        ("p005", "out by backslashes", '"..\\\\..\\\\windows\\\\win.ini"', "REF002 16:22"),
        ("p007", "out by way of a file", '"logo.png/../../x"', "REF002 16:22"),
        ("p009", "a NUL in a name", '"a\\0.png"', "SYN002 16:24"),
        ("p011", "a variable of the environment", '"$HOME/x.png"', "REF002 16:22"),
        ("p013", "the insides of the repository", '".git/config"', "REF002 16:22"),
        ("p015", "a device", '"/dev/zero"', "REF002 16:22"),
        ("p017", "a name of 300 characters", '"' + "x" * 300 + '"', "REF002 16:22"),
        ("p019", "other capitals", '"LOGO.png"', "REF002 16:22"),
    )
)

_SECTIONS = "<mj-section><mj-column>"

MJML = (
    Case("body.mjml", "the good layout", CLINIC, _LINE, _LINE, ""),
    Case("m002", "2,000 sections in one another", CLINIC, _LINE,
         _SECTIONS * 2000 + "</mj-column></mj-section>" * 2000, "LAY010 8:10, LAY001 8:332"),
    Case("m006", "never closed", CLINIC, "", '<mjml lang="{{ lang }}" dir="{{ dir }}"><mj-body>\n',
         "LAY006 1:2, LAY006 1:42"),
    Case("m008", "an unknown tag", CLINIC, _LINE, "<mj-txt>hi</mj-txt>", "LAY007 8:10", says="did you mean `mj-text`?"),
    Case("m010", "text outside a column", CLINIC, "    <mj-section>", "    <mj-text>hi</mj-text>\n    <mj-section>",
         "LAY010 6:6"),
    Case("m012", "a layout that includes itself", CLINIC, _LINE, '<mj-include path="clinic.mjml"/>', "LAY014 8:10"),
    Case("m012b", "the same, as we write it", TEXT_BLOCK, "</mj-text>",
         '</mj-text>{% include "blocks/text.mjml" %}', "LAY014 1:41", says="blocks/text.mjml → blocks/text.mjml"),
    Case("m014", "a script", CLINIC, _LINE, "<mj-text><script>alert(1)</script></mj-text>", "LAY011 8:19"),
    Case("m016", "a link that runs a script", CLINIC, _LINE, '<mj-button href="javascript:alert(1)">a</mj-button>',
         "LNK001 8:26", twin='<mj-button href="{{ links.book }}">a</mj-button>'),
    Case("m018", "a link that is a page", CLINIC, _LINE, '<mj-button href="data:text/html,x">a</mj-button>',
         "LNK001 8:26"),
    Case("m021", "a form", CLINIC, _LINE,
         '<mj-text><form action="https://x.example"><input name="ssn"/></form></mj-text>',
         "LAY011 8:19, LAY011 8:52"),
    Case("m023", "a link that shows another address", CLINIC, _LINE,
         '<mj-text><a href="https://evil.example">https://maple.example</a></mj-text>', "LNK002 8:27"),
    Case("m025", "a link with a name before the @", CLINIC, _LINE,
         '<mj-button href="https://maple.example@evil.example/">a</mj-button>', "LNK001 8:26"),
    Case("m027", "a comment that would go out", CLINIC, _LINE,
         "<mj-text><!-- patient list: jane@x.example --><p>hi</p></mj-text>", "LAY013 8:18, PHI009 8:37"),
    Case("m029", "a picture without words", CLINIC, _LINE, '<mj-image src="assets/logo.png"/>', "A11Y004 8:10",
         twin='<mj-image src="assets/logo.png" alt=""/>'),
    Case("m030", "a condition for Outlook", CLINIC, _LINE, "<mj-raw><!--[if mso]><p>x</p><![endif]--></mj-raw>", ""),
    Case("m032", "entities of every day", CLINIC, _LINE, "<mj-text>a&nbsp;b &amp; c</mj-text>", ""),
    Case("m034", "a NUL", CLINIC, _LINE, "<mj-text>a\0b</mj-text>", "SYN002 8:19"),
    Case("m036", "a divider in a text", CLINIC, _LINE, "<mj-text><mj-divider></mj-divider></mj-text>", "LAY010 8:19"),
    Case("m038", "a curly quote", CLINIC, _LINE, '<mj-button href="{{ links.book }}" padding="1px”>a</mj-button>',
         "LAY004 8:56", twin='<mj-button href="{{ links.book }}" padding="1px">a</mj-button>'),
)

JINJA = tuple(
    Case(row + mark, what, file, old, put, found, says="" if mark else says)
    for row, what, trick, layout, words, says in (
        ("j001", "into Python", "{{ ''.__class__.__mro__ }}", "FLD004 8:21", "FLD004 15:19", ""),
        ("j003", "ten thousand paragraphs", "{{ lipsum(n=10000) }}", "FLD004 8:21", "FLD004 15:19", ""),
        ("j005", "a huge power", "{{ 9**9**7 }}", "FLD004 8:21", "FLD004 15:19", ""),
        ("j007", "a gigabyte of blanks", "{{ 'x'|center(1000000000) }}", "FLD004 8:21", "FLD004 15:19", ""),
        ("j009", "ten thousand million turns",
         "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
         "LAY016 8:25, LAY016 8:52", "TPL002 15:19, TPL002 15:46", ""),
        ("j011", "5,000 brackets", "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}", "LAY001 8:18", "TPL012 15:10016", ""),
        ("j013", "another file", "{% include '/etc/passwd' %}", "LAY014 8:29", "TPL002 15:19", ""),
        ("j015", "a mistyped field", "{{ patient.first_nmae }}", "FLD001 8:21", "FLD001 15:19", "patient.first_name"),
        ("j017", "escaping switched off", "{% autoescape false %}{{ practice.name }}{% endautoescape %}",
         "LAY016 8:21, LAY016 8:62", "TPL002 15:19", ""),
        ("j019", "a value without quotes", "<a href={{ links.book }}>x</a>",
         "FLD004 8:29", "TPL021 15:16, TPL021 15:42", ""),
        ("j021", "something else each time", "{{ [1,2,3]|random }}", "FLD004 8:21", "FLD004 15:19", ""),
        ("j025", "an if without end", "{% if recipient.first_name is set %}hi", "TPL003 8:18", "TPL003 15:16", ""),
        ("j027", "braces that are no field", "{% raw %}{{ not_a_field }}{% endraw %}", "", "", ""),
    )
    for mark, file, old, put, found in (
        ("", CLINIC, "Fjordklinikken", trick, layout),
        ("w", LETTER, _TEXT, f"'{trick}'" if "'" not in trick else f'"{trick}"', words),
    )
)

PRIVACY = (
    Case("j029", "identifiers that say together who it is", LETTER, _TEXT,
         "'{% if patient.first_name is set %}{{ patient.first_name }}{% endif %} {{ patient.last_name }}, "
         "{{ patient.birth_date | date }}'", "PHI011 15:114"),
    Case("j023", "a field about health in a body", LETTER, _TEXT, "'{{ patient.diagnosis }}.'", "PHI013 15:19"),
)

LATER = (
    Case("u008", "a number in full-width digits", LETTER, _SUBJECT,
         "ref \uff11\uff12\uff13-\uff14\uff15-\uff16\uff17\uff18\uff19", "",
         later="PHI009 literal-identifier-in-source"),
)

CONFIG = (
    Case("c001", "a key in a target", WORKSPACE, "{dialect: smtp, tls: required}",
         '{dialect: smtp, tls: required, api_key: "0123456789abcdef0123456789abcdef-us21"}',
         "SCH001 37:41, SYN026 37:51"),
    Case("c001b", "a key in a comment", WORKSPACE, "{dialect: smtp, tls: required}",
         "{dialect: smtp, tls: required}  # api_key: 0123456789abcdef0123456789abcdef-us21", "SYN026 37:53"),
    Case("c003", "a bracket that is never closed", WORKSPACE, "{dialect: smtp, tls: required}",
         "{dialect: smtp, tls: required", "SYN016 37:10"),
    Case("c004", "a waiver without date", WAIVERS, "", _waivers(until=""), "SCH002 2:5"),
    Case("c004b", "a comment without date", LETTER, _SUBJECT, '"Re: your question"  # allow SUB003: legacy',
         "SUB003 11:15, HYG001 11:35", says="nrjkcnpm",
         twin='"Re: your question"  # allow SUB003 nrjkcnpm until 2027-03-31 by Lars Berg: their own mail'),
    Case("c006", "a waiver of nothing until 2099", WAIVERS, "", _waivers(until='"2099-01-01"'),
         "HYG005 4:13, HYG003 5:12"),
    Case("c006b", "a comment that waives nothing", LETTER, _SUBJECT,
         f"{_SUBJECT}  # allow SUB003 nrjkcnpm until 2027-03-31 by Lars Berg: legacy wording", "HYG005 11:35"),
    Case("c008", "a waiver of everything", WAIVERS, "", _waivers(rule='"*"', path='"**"'), "HYG006 2:11, HYG006 3:11"),
    Case("c008b", "a comment that waives everything", LETTER, _SUBJECT,
         f"{_SUBJECT}  # allow * until 2026-12-31: hurry", "HYG006 11:43"),
    Case("c009", "a waiver of a merge field that nobody declared", LETTER, _SUBJECT,
         '"{{ patient.nam }}"  # allow FLD001 kqdmtbrv until 2027-03-31 by Lars Berg: later', 
         "FLD001 11:18, HYG008 11:43"),
    Case("c010", "a waiver for half a year and a day", WAIVERS, "", _waivers(until='"2027-05-02"'),
         "HYG005 4:13, HYG003 5:12"),
    Case("c011", "a waiver of a file elsewhere", WAIVERS, "", _waivers(path="../other/campaign.yaml"), "HYG011 3:11"),
    Case("g001", "the good practice", LETTER, _SUBJECT, _SUBJECT, ""),
)

CASES = (*YAML, *SCHEMA, *CHARACTERS, *PATHS, *MJML, *JINJA, *PRIVACY, *CONFIG)
