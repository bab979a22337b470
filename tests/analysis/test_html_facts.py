"""HTML facts are what a reader meets: hidden words and Outlook's copies are not."""

from __future__ import annotations

from campcompile.analysis.flat import flat, slot_mark, slots_in, without_marks
from campcompile.analysis.html_facts import Wrapper, read_html
from campcompile.parts import Branch, Context, Picture, Slot

PAGE = """<!doctype html><html lang="nb" dir="ltr"><head><title>En &amp; annen</title></head><body>
<div style="display:none;max-height:0">Skjult <a href="https://a.example/hidden">lenke</a>
<span style="display:none">dypt</span></div>
<!--[if mso]><table><tr><td>Outlook <a href="https://a.example/mso">x</a></td></tr></table><![endif]-->
<div lang="nb" dir="ltr" style="font-size:0px"><p>Hei&nbsp;du</p>
<a href="https://a.example/?a=1&amp;b=2">Se <b>her</b></a>
<a href="https://a.example/p"><img src="x.png" alt="Kart"></a><img src="y.png"></div></body></html>"""


def test_only_visible_words_count() -> None:
    assert read_html(PAGE).words == "Hei du Se her"


def test_hidden_links_are_known_as_hidden_and_comments_not_at_all() -> None:
    links = [(link.href, link.words, link.visible) for link in read_html(PAGE).links]
    assert links == [
        ("https://a.example/hidden", "lenke", False),
        ("https://a.example/?a=1&b=2", "Se her", True),
        ("https://a.example/p", "Kart", True),
    ]


def test_language_title_wrappers_and_pictures() -> None:
    page = read_html(PAGE)
    assert (page.lang, page.dir, page.title) == ("nb", "ltr", "En & annen")
    assert page.wrappers == (Wrapper("div", "nb", "ltr"),)
    assert [(image.src, image.alt) for image in page.images] == [("x.png", "Kart"), ("y.png", None)]


def test_what_is_no_page_has_no_facts() -> None:
    assert read_html("").words == ""
    assert read_html("just words").words == "just words"
    assert read_html("<html").wrappers == ()


def test_flat_shows_both_arms_and_a_mark_for_each_slot() -> None:
    slot = Slot("t1", Context.TEXT)
    parts = ("Hi ", slot, Branch("c1", ("yes",), (slot, "no")), Picture("a.png"))
    text = flat(parts)
    assert slots_in(text) == ("t1", "t1")
    assert without_marks(text) == "Hi yesno../assets/a.png"
    assert f"Hi {slot_mark('t1')}" in text
    assert "yes" + slot_mark("t1") not in text  # a mark parts the arms


def test_arms_that_are_elements_get_no_mark_between_rows() -> None:
    assert flat((Branch("c1", ("<tr></tr>",), ("<tr></tr>",)),)) == "<tr></tr><tr></tr>"
