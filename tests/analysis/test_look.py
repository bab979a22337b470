"""A page is looked at as a mail client shows it: what its words look like, and how large its targets are."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.contrast import contrast
from campcompile.analysis.css import declarations, read_sheet
from campcompile.analysis.facts import Facts
from campcompile.analysis.flat import flat
from campcompile.analysis.look import Ink, Look, Looks, read_look
from campcompile.compiler import Compilation, compile_files
from tests.rules.examples import AS_OF, NOW
from tests.workspace import BASE, workspace


def look(body: str, style: str = "") -> Look:
    return read_look(f"<html><head><style>{style}</style></head><body>{body}</body></html>")


def test_words_have_the_nearest_colour_on_the_nearest_ground() -> None:
    (run,) = look('<div style="color:#111"><div style="background:#eeeeee url(a.png)">Hello</div></div>').runs
    assert run.light == Ink("#111111", "#eeeeee", "#ffffff")


def test_on_a_picture_without_a_colour_the_ground_is_unknown() -> None:
    (run,) = look('<div style="background-image:url(a.png)">Hello</div>').runs
    assert run.light.ground == ""


def test_a_style_attribute_beats_a_sheet_unless_the_sheet_insists() -> None:
    page = '<p class="a b" style="color:#111111">Hello</p>'
    assert look(page, ".a { color: #222222 }").runs[0].light.colour == "#111111"
    assert look(page, ".a { color: #222222 !important }").runs[0].light.colour == "#222222"
    assert look(page, "p.b { color: #333333 !important } .a { color: #222222 !important }").runs[0].light.colour == (
        "#333333"
    )


def test_the_dark_mode_of_a_page_changes_dark_alone() -> None:
    sheet = "@media (prefers-color-scheme: dark) { .card > p { color: #eeeeee !important } }"
    (run,) = look('<div class="card"><p style="color:#111111">Hello</p></div>', sheet).runs
    assert (run.light.colour, run.dark.colour) == ("#111111", "#eeeeee")


def test_a_rule_for_narrow_screens_changes_nothing_here() -> None:
    sheet = "@media only screen and (max-width:479px) { p { font-size: 9px } }"
    assert look("<p>Hello</p>", sheet).runs[0].size_px == 16


@pytest.mark.parametrize(
    "hidden", ["display:none", "visibility:hidden", "max-height:0;overflow:hidden", "font-size:0px"]
)
def test_what_is_hidden_has_no_look(hidden: str) -> None:
    assert look(f'<div style="{hidden}">Hello</div>').runs == ()


def test_sizes_and_lines_are_handed_down_as_css_does() -> None:
    inside = '<p style="font-size:80%">a</p><h2 style="line-height:24px">b</h2>'
    small, large = look(f'<div style="font-size:20px;line-height:1.5">{inside}</div>').runs
    assert (small.size_px, small.line_height) == (16, 1.5)
    assert (large.size_px, large.line_height, large.is_bold) == (30, 0.8, True)


def test_a_button_is_as_high_as_its_padding_and_its_line() -> None:
    link = '<a href="x" style="display:inline-block;padding:14px 24px;line-height:20px">b</a>'
    (target,) = look(f'<td style="background:#005f73">{link}</td>').targets
    assert (target.height_px, target.width_px, target.is_button) == (48, 48, True)


def test_a_button_may_be_an_edge_alone() -> None:
    style = "display:inline-block;border:1px solid #cccccc;padding:11px 20px;line-height:24px"
    (target,) = look(f'<p><a href="x" style="{style}">b</a></p>').targets
    assert (target.is_button, target.is_filled, target.edge) == (True, False, "#cccccc")


def test_a_link_in_a_sentence_is_no_target_of_its_own() -> None:
    assert look('<p style="line-height:10px">See <a href="x">here</a>.</p>').targets == ()
    assert look('<div style="line-height:10px"><a href="x">Here</a> it is.</div>').targets == ()
    assert look('<div style="line-height:10px"><a href="x">Here it is</a></div>').targets[0].height_px == 10


def test_a_picture_that_links_is_as_large_as_it_is_shown() -> None:
    (target,) = look('<a href="x"><img src="a.png" width="20" height="18" alt="a"></a>').targets
    assert (target.width_px, target.height_px, target.is_picture) == (20, 18, True)


def test_headings_are_told_in_order() -> None:
    assert look("<h1>a</h1><div><h3>b</h3></div><h2>c</h2>").headings == (1, 3, 2)


@given(st.lists(st.sampled_from(["<p>", "</p>", "<a href='x'>", "</a>", "a", "<br>", '<td style="x:', "</div>", "<"])))
@settings(max_examples=100)
def test_no_page_is_too_broken_to_look_at(pieces: list[str]) -> None:
    read_look("<body>" + "".join(pieces))


@given(st.text(alphabet="{};:@ab.>#-, /*!", max_size=40))
@settings(max_examples=150)
def test_no_sheet_is_too_broken_to_read(text: str) -> None:
    for rule in read_sheet(text):
        assert rule.steps and rule.declarations
    declarations(text)


def test_a_sheet_that_never_ends_ends() -> None:
    assert read_sheet("@media a {" * 5_000) == ()
    deep = "<div>" * 90 + "<p>Hello</p>" + "</div>" * 90
    assert look(deep, "b " + "div " * 20 + "p { color: #111111 }").runs[0].light.colour == "#000000"
    assert look(deep, "div > div " + "div " * 20 + "> p { color: #111111 }").runs[0].light.colour == "#111111"


@pytest.mark.parametrize(
    ("padding", "sides"),
    [("1px", "1111"), ("1px 2px", "1212"), ("1px 2px 3px", "1232"), ("1px 2px 3px 4px", "1234")],
)
def test_padding_has_four_sides(padding: str, sides: str) -> None:
    found, _ = declarations(f"padding:{padding}")
    assert "".join(found[f"padding-{side}"][0] for side in ("top", "right", "bottom", "left")) == sides


# Our own layouts: no rule looks at them in a practice's workspace, so they are looked at here.

NEWS = BASE["campaigns/letter/campaign.yaml"] + (
    "      - checklist: {title: Please bring, items: [Papers, Questions]}\n"
    "      - details: {title: Hours, rows: [{label: Monday, value: 8–16}]}\n"
    "      - place\n      - divider\n      - notice: A calm word\n"
    '      - text: "## A heading\\n\\nand [a link](links.book)."\n'
)
NEWS_IN_CHINESE = """\
letter:
  subject: 峽灣的消息
  preheader: 今年冬天有什麼新鮮事
  body:
    - text: 我們整個冬天都開放。
    - button: 預約時間
    - checklist: {title: 請攜帶, items: [文件, 問題]}
    - details: {title: 時間, rows: [{label: 星期一, value: 8–16}]}
    - notice: 一句平靜的話
    - text: "## 標題\\n\\n還有[連結](links.book)。"
"""


def made(files: Mapping[str, str]) -> Compilation:
    return compile_files(workspace(dict(files)), as_of=AS_OF, now=NOW, lint_only=True)


@pytest.mark.parametrize("layout", ["clinic", "newsletter"])
def test_our_own_layouts_are_legible_in_light_and_dark(layout: str) -> None:
    campaign = NEWS.replace("locales: [en]", f"locales: [en, zh-Hant]\nlayout: {layout}")
    files = {"campaigns/letter/campaign.yaml": campaign, "campaigns/letter/zh-Hant.yaml": NEWS_IN_CHINESE}
    messages = made(files).rendered
    assert [message.version.locale for message in messages] == ["en", "zh-Hant"]
    for message in messages:
        seen = read_look(flat(message.html))
        assert seen.runs and seen.targets
        for run in seen.runs:
            for ink in (run.light, run.dark):
                assert contrast(ink.colour, ink.ground) >= 4.5, run
            assert run.size_px >= 14 and (run.line_height >= 1.4 or run.size_px >= 18), run
            assert run.width_px / run.size_px <= 40, run
        assert all(target.height_px >= (44 if target.is_button else 24) for target in seen.targets)
        assert seen.headings.count(1) <= 1 and (not seen.headings or seen.headings[0] <= 2)


def test_pages_that_are_built_alike_are_looked_at_once() -> None:
    letter = BASE["campaigns/letter/campaign.yaml"]
    second = letter[letter.index("  - id: letter") :].replace("id: letter", "id: second").replace("-01", "-02")
    compilation = made({"campaigns/letter/campaign.yaml": letter + second.replace("all winter", "every day")})
    one, other = compilation.rendered
    facts = Facts(as_of=AS_OF, profile="strict", documents={}, programme=compilation.programme)
    looks = facts.once(Looks, facts.programme)
    assert looks.of(one) is looks.of(other)


def test_a_practice_without_layouts_of_its_own_has_no_page_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campcompile.analysis.look.read_look", lambda html: pytest.fail("a page was looked at"))
    assert made({}).diagnostics == ()
