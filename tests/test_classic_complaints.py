"""Twenty things that users of our neighbours have asked for, for years: each is a test here, so that we don't go back.

The neighbours are linters of templates (sqlfluff), compilers of declarations (dbt, terraform) and makers of mail (MJML,
react-email, mailing lists). Where they stand: the project, and the number of the issue or pull request on GitHub.

Not covered, because the commands are not there yet: watch, which survives a mistake and follows inclusions (mjmlio/mjml
#43, #1171, #2823); diff and plan, which say little where little changes (hashicorp/terraform #10507, #21639, #30359);
and preview, with both kinds of dark mode (resend/react-email #2045, #3712).
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from campcompile.cli.main import main
from tests.acceptance.practice import attributes, clean, compiled, compiled_letter, found, letter, message, shown
from tests.workspace import CAMPCOMPILE, DICTIONARY, LETTER, SEGMENTS, lay, workspace

CAMPAIGN = "campaigns/letter/campaign.yaml"
DEAR = "{% if recipient.first_name is set %}Dear {{ recipient.first_name }},{% endif %}"
NAMED = DICTIONARY.replace(
    "patient.first_name: {", "patient.first_name: {required: true, "
)  # so that it may be printed


def findings_of(files: dict[str, str | bytes]) -> list[str]:
    return found(compiled(files))


def lint(place: Path, campaign: str, *options: str) -> int:
    """The command itself, on the small practice with this campaign.yaml."""
    lay(place, {**workspace(), CAMPAIGN: campaign.encode()})
    with chdir(place):
        return main(["lint", *options])


# Where is it?


def test_a_finding_behind_a_condition_points_at_the_authors_line() -> None:
    """Positions of the rendered text, which nobody has open (sqlfluff/sqlfluff #273, #371, #910)."""
    body = f"- text: |\n    {DEAR}\n\n    {{{{ patient.age }}}}"
    assert findings_of({CAMPAIGN: letter(body)}) == ["FLD001 17:14 patient.age"]


def test_a_finding_in_a_layout_names_the_layouts_line() -> None:
    """No line of the MJML file, or one of what it was made into (mjmlio/mjml #23, sofn-xyz/mailing #36)."""
    block = '<mj-text css-class="cc-block">\n  <p>{{ text }}</p>\n  <mj-txt></mj-txt>\n</mj-text>\n'
    told = findings_of({"layouts/blocks/text.mjml": block})
    assert "LAY007 layouts/blocks/text.mjml:3:4 mj-txt" in told


def test_a_finding_in_json_says_where_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is wrong, and not where (hashicorp/terraform #21501, dbt-labs/dbt-core #1325)."""
    assert lint(tmp_path, LETTER.replace("audience: readers", "audience: reader"), "--format", "json") == 1
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["path"], finding["line"], finding["column"]) == (CAMPAIGN, 6, 11)
    assert (finding["end_line"], finding["end_column"]) == (6, 17)


# Was it read at all?


@pytest.mark.parametrize("path", [CAMPAIGN, "campcompile.yaml", "campaigns/_shared/segments.yaml"])
def test_a_key_that_does_not_exist_is_an_error(path: str) -> None:
    """Misspelt keys that are ignored without a word (dbt-labs/dbt-core #4280, #5605)."""
    text = {
        CAMPAIGN: LETTER.replace("sender: care", "sendr: care"),
        "campcompile.yaml": CAMPCOMPILE.replace("quiet_hours:", "quiet_hour:"),
        "campaigns/_shared/segments.yaml": SEGMENTS + "  exclude: [updates]\n",
    }[path]
    assert [told.split()[0] for told in findings_of({path: text})] == ["SCH001"]


def test_a_misspelt_key_or_name_comes_with_what_was_meant() -> None:
    """A typo that is found, and leaves one searching for it (dbt-labs/dbt-core #8942, hashicorp/terraform #28114)."""
    text = LETTER.replace("sender: care", "sendr: care").replace("phrase: greeting", "phrase: greting")
    helps = {one.rule.code: one.help for one in compiled({CAMPAIGN: text}).diagnostics}
    assert "`sender`" in helps["SCH001"]
    assert "`greeting`" in helps["REF002"]


def test_a_key_that_stands_twice_is_an_error_at_the_second() -> None:
    """The last one wins, in silence (yaml/pyyaml #165, nodeca/js-yaml #166)."""
    assert findings_of({CAMPAIGN: LETTER + "layer: essential\n"}) == ["SYN004 17:1 layer"]


def test_norway_is_a_country_and_half_past_ten_no_number() -> None:
    """`NO` that becomes false, times that become minutes (alibaba/nacos #12969, carmen-ruby/carmen #62)."""
    unquoted = CAMPCOMPILE.replace('holidays: "NO"', "holidays: NO").replace(
        'jurisdictions: ["NO"]', "jurisdictions: [NO]"
    )
    text = LETTER.replace('at: "09:00"', "at: 09:00")
    compilation = clean(compiled({"campcompile.yaml": unquoted, CAMPAIGN: text}))
    assert compilation.programme.settings.jurisdictions == ("NO",)
    assert compilation.programme.campaigns[0].emails[0].send.at == "09:00"


# One run, one verdict


def test_all_mistakes_are_told_at_once() -> None:
    """Mend one, run again, meet the next (dbt-labs/dbt-core #11897, dbt-labs/dbt-fusion #847)."""
    text = (
        LETTER.replace("audience: readers", "audience: reader")
        .replace("sender: care", "sender: car")
        .replace("News from the fjord", '"News {{ patient.nom }}"')
        .replace("phrase: greeting", "phrase: greting")
        .replace("links.book", "links.bok")
    )
    told = findings_of({CAMPAIGN: text, "campaigns/_shared/phrases.yaml": "greeting:\n  en: Hello\n  fr: Bonjour\n"})
    wrong = {line.rpartition(" ")[2] for line in told}
    assert {"reader", "car", "patient.nom", "greting", "links.bok"} <= wrong
    assert any("phrases.yaml" in line for line in told), "another file's mistake is told, too"


BAD_YAML = {
    "a colon too many": "title: A letter: to all\n",
    "a list": "- title: A letter\n",
    "an anchor": "title: &a A letter\ncode: *a\n",
    "an open quote": 'title: "A letter\ncode: lt26\n',
    "a tab": "emails:\n\t- id: letter\n",
    "a day that is not there": "emails: [{id: a, send: {date: 2026-13-45}, subject: a, preheader: b, body: c}]\n",
    "nothing": "",
    "no text": "\x00\x01",
    "deep": "[" * 30_000,
}


@pytest.mark.parametrize("text", BAD_YAML.values(), ids=BAD_YAML)
def test_bad_yaml_is_a_finding_with_its_line_and_no_traceback(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stack trace where a line would have helped (dbt-labs/dbt-core #139, #366, #10284)."""
    assert lint(tmp_path, text, "--format", "json") == 1
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    assert all(finding["line"] >= 1 and finding["help"] for finding in json.loads(out)["findings"])


def test_bad_yaml_in_one_file_fails_the_whole_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error on the screen, a file left out, and success for the machine (dbt-labs/dbt-core #1493)."""
    assert lint(tmp_path, LETTER) == 0
    (tmp_path / "campaigns/_shared/consent.yaml").write_text("consents: [\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["lint"]) == 1
    assert main(["compile"]) == 1
    assert not (tmp_path / "build" / "index.json").exists()


@pytest.mark.parametrize("format", ["json", "github"])
def test_a_format_for_programs_prints_nothing_else_and_no_colour(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Warnings and colours amid JSON (sqlfluff/sqlfluff #850, #5054, #5906, hashicorp/terraform #15264)."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert lint(tmp_path, LETTER.replace("audience: readers", "audience: reader"), "--format", format) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    if format == "json":
        json.loads(out)
    else:
        assert all(line.startswith("::error ") for line in out.splitlines())


def test_words_with_merge_fields_are_linted_about_as_fast_as_words_alone() -> None:
    """Templates that make a lint ten times as slow (sqlfluff/sqlfluff #651, #2053)."""
    plain = "\n".join(f'- text: "We are open all winter, on day {day} too."' for day in range(60))
    fields = plain.replace('"We are', f'"{DEAR} we are')

    def cost(body: str) -> float:
        """CPU time of the quickest of three, each with words that no cache has seen."""
        return min(timed(body.replace("winter", f"winter of {2026 + turn}")) for turn in range(3))

    def timed(body: str) -> float:
        began = time.process_time()
        compiled({CAMPAIGN: letter(body)}, lint_only=True)
        return time.process_time() - began

    cost(plain)
    assert any(cost(fields) < 3 * cost(plain) for _ in range(2)), "twice, as the machine may be busy"


# Exceptions


def test_an_exception_that_nothing_needs_is_told() -> None:
    """Ignore comments that outlive what they were for (sqlfluff/sqlfluff #2337)."""
    text = LETTER.replace(
        "fjord\n", "fjord  # allow SUB003 nrjkcnpm until 2026-12-31 by Lars Berg: we answer the patients' own mail\n"
    )
    assert [told.split()[0] for told in findings_of({CAMPAIGN: text})] == ["HYG005"]


def test_an_exception_holds_whatever_template_stands_above_it() -> None:
    """An ignore comment that slips from its line because a template above it grew (sqlfluff/sqlfluff #976, #1017)."""
    allow = "# allow SUB003 nrjkcnpm until 2026-12-31 by Lars Berg: we answer the patients' own mail"
    text = letter(f"- text: |\n    {DEAR}\n\n    We are open.", subject="Re: winter hours")
    assert "SUB003" in {told.split()[0] for told in findings_of({CAMPAIGN: text})}
    one, other = text.partition("    preheader:")[::2]
    moved = one.partition("  - id: letter")[0] + "  - id: letter\n" + '    send: {date: "2026-12-01", at: "09:00"}\n'
    body = other.partition("    body:\n")[2]
    moved += f'    preheader: What is new this winter\n    body:\n{body}    {allow}\n    subject: "Re: winter hours"\n'
    assert findings_of({CAMPAIGN: moved}) == []


# What arrives


def test_words_with_less_than_and_ampersand_arrive() -> None:
    """`<$100` that becomes a tag, apostrophes that end the page (mjmlio/mjml #2291, #543)."""
    sent = message(compiled_letter('- text: "Above 5 & below <100, isn’t it? It doesn\'t break."'))
    assert "Above 5 & below <100, isn’t it? It doesn't break." in shown(sent.html)
    assert "Above 5 & below <100, isn’t it? It doesn't break." in sent.text


def test_quotes_stay_inside_their_attribute() -> None:
    """An alt text or a title whose quotes end the attribute (mjmlio/mjml #2656, #2982)."""
    words = "The \"old\" quay & the 'new' one, seen from the sea"
    body = f"- text: The quay is open again.\n- image: {{src: a.png, alt: {json.dumps(words)}}}"
    sent = message(compiled_letter(body, subject='The "new" quay'))
    assert attributes(sent.html, "img", "alt") == [words]
    assert shown(sent.html, "title") == 'The "new" quay'


def test_a_name_brings_no_markup_into_a_message() -> None:
    """A first name that is a link to somewhere else (mjmlio/mjml #666, mailgun/mailgun.js #308)."""
    name = '<a href="https://evil.example">Kari</a>'
    campaign = letter('- text: "Dear {{ recipient.first_name }}, we are open."')
    sent = message(clean(compiled({CAMPAIGN: campaign, "campaigns/_shared/dictionary.yaml": NAMED})),
                   {"patient.first_name": name})  # fmt: skip
    assert f"Dear {name}, we are open." in shown(sent.html)
    assert not [link for link in attributes(sent.html, "a", "href") if "evil" in link]


def test_nobody_is_greeted_without_a_name() -> None:
    """`Dear None,` and `Dear ,` (jazzband/django-newsletter #221, EFForg/action-center-platform #459)."""
    bare = letter('- text: "Dear {{ recipient.first_name }}, we are open."')
    assert [told.split()[0] for told in findings_of({CAMPAIGN: bare})] == ["FLD002"]
    greeted = clean(compiled({CAMPAIGN: LETTER}))
    assert message(greeted).text.startswith("Hello Kari,\n")
    assert message(greeted, {"patient.first_name": None}).text.startswith("Hello,\n")


def test_plain_text_begins_with_the_letter_and_keeps_its_links() -> None:
    """Plain text with the preview's words and blanks on top, and without addresses (resend/react-email #343, #1377)."""
    body = (
        "- text: We are open, see [how to find us](links.directions).\n- button: {label: Book a time, to: links.book}"
    )
    text = message(compiled_letter(body)).text
    assert text.startswith(
        "We are open, see how to find us.\nhow to find us: https://fjordklinikken.example/finn-oss\n"
    )
    assert "\nBook a time: https://time.fjordklinikken.example/\n" in text
    assert "What is new this winter" not in text


def test_outlooks_conditions_are_closed_as_often_as_opened(
    copy_of_example: Callable[[Path], Path], tmp_path: Path
) -> None:
    """A conditional comment that Outlook can't close (mjmlio/mjml #1201, shellscape/jsx-email #403)."""
    practice = copy_of_example(tmp_path)
    with chdir(practice):
        assert main(["compile"]) == 0
    pages = sorted(practice.glob("build/*/emails/*.html"))
    assert len(pages) >= 20
    for page in pages:
        marks = re.findall(r"<!--\[if [^\]]*\]>(?:<!-->)?|(?:<!--)?<!\[endif\]-->", page.read_text("utf-8"))
        assert marks, page
        assert all(mark.startswith("<!--[if") is (at % 2 == 0) for at, mark in enumerate(marks)), page
        assert len(marks) % 2 == 0, page
