"""A version becomes a message: every word arrives, every value in its context, every condition balanced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from campcompile.formula import Const, Lookup
from campcompile.mail.deriving import constant, derived_name
from campcompile.mail.html import to_html
from campcompile.mail.kit import BODY
from campcompile.mail.layouts import Layouts, read_layouts
from campcompile.mail.splicing import Tokens, html_pieces, plain_pieces, settled, splice
from campcompile.model.campaign import Asset, Prose
from campcompile.parts import Branch, Context, Part, Parts, Picture, Slot
from campcompile.parts_text import normal
from campcompile.syntax.source import Source

LODDEFJORD = {
    "name": "Fjordklinikken Loddefjord",
    "address": "Lyderhornsveien 353\n5171 Loddefjord",
    "phone": "+47 55 50 12 60",
}
TEAM = Asset(
    path="assets/team.jpg", name="0123456789abcdef.jpg", media_type="image/jpeg", width=1200, height=501, size=9
)
HOSTILE = [
    "<script>alert(1)</script>",
    'a "quoted" <b>word</b> & more',
    "{{ recipient.ssn }} {% if x %}",
    "__cc_h0__ __cc_b0__ __cc_e0__ __cc_body__",
    "]]> --> <!-- <![endif]-->",
    "</mj-text></mj-column><mj-raw>",
    "مرحبا بكم \u202eabc",
    "👩🏽‍⚕️ 5 < 6 \\u{a0} \\n",
    "x-any-language ../assets/x.png",
]


def walk(parts: Parts) -> Iterator[Part]:
    for part in parts:
        yield part
        if isinstance(part, Branch):
            yield from walk(part.then)
            yield from walk(part.orelse)


def slots(parts: Parts) -> set[tuple[str, Context]]:
    return {(part.name, part.context) for part in walk(parts) if isinstance(part, Slot)}


def literals(parts: Parts) -> str:
    return "".join(part for part in walk(parts) if isinstance(part, str))


def words_of(html: str) -> str:
    body = LexborHTMLParser(html).body
    assert body is not None
    return " ".join(body.text(separator=" ").split())


def as_parsed(html: str) -> str:
    """HTML without what makes no difference: character references (mjml-python is fed ASCII), space between tags."""
    return re.sub(r">\s+<", "><", unescape(html))


def everything(desk):
    return (
        desk.text("Hello{% if recipient.first_name is set %} {{ recipient.first_name }}{% endif %},"),
        desk.appointment("weekday", "date", "time", "place", "provider"),
        desk.button("Confirm or change", "links.confirm"),
        desk.checklist("Please bring", "Photo ID", ("{{ appointment.bring }}", "appointment.bring is set")),
        desk.text("## Sleeping better\n\nFive [habits](links.book).", when='has(patient.topics, "sleep")'),
        desk.details(("Friday", "08:00–14:00")),
        desk.block("divider"),
        desk.block("place"),
        desk.image(TEAM, "Our team", "links.book"),
    )


def test_every_block_composes_without_a_finding_and_leaves_no_token(desk) -> None:
    message = desk.compose(*everything(desk))
    assert desk.codes() == []
    for parts in (message.subject, message.preheader, message.mjml, message.html, message.text):
        assert parts == normal(parts)
        assert "__cc_" not in literals(parts)
        assert "x-any-language" not in literals(parts)
    named = {part.name for text in (message.html, message.text, message.mjml) for part in walk(text)
             if isinstance(part, Slot | Branch)}  # fmt: skip
    assert named == set(message.derived)


def test_html_that_a_person_gets_is_the_mjml_of_that_person_compiled(desk, shown) -> None:
    """Splicing words into a compiled skeleton equals compiling the whole."""
    message = desk.compose(*everything(desk))
    for topics in ((), ("sleep",)):
        mjml = shown(replace(message, html=message.mjml), "html", patient__topics=topics)
        assert as_parsed(to_html(mjml)) == as_parsed(shown(message, "html", patient__topics=topics))


def test_each_slot_has_the_context_of_where_the_layout_prints_it(desk) -> None:
    message = desk.compose(
        desk.text("Hello {% if recipient.first_name is set %}{{ recipient.first_name }}{% endif %}"),
        desk.button("Confirm", "links.confirm"),
        desk.image(TEAM, "A picture for {% if recipient.first_name is set %}{{ recipient.first_name }}{% endif %}"),
        subject="{% if recipient.first_name is set %}{{ recipient.first_name }}{% endif %}, hello",
    )
    (link,) = (name for name, value in message.derived.items() if value.type == "url")
    (name,) = (name for name, value in message.derived.items() if value.type == "text")
    assert slots(message.subject) == {(name, Context.HEADER)}
    assert slots(message.html) == {(name, Context.TEXT), (name, Context.ATTRIBUTE), (link, Context.URL)}
    assert slots(message.text) == {(name, Context.PLAIN), (link, Context.PLAIN)}
    assert message.derived[link].host == "time.fjordklinikken.example"
    html = literals(message.html)
    assert "<title>" in html and 'alt="A picture for' in html and 'href="' in html


def test_the_title_is_safe_in_the_attribute_that_mjml_python_prints_it_in(desk) -> None:
    message = desk.compose(subject='5 < 6 "and" so')
    html = literals(message.html)
    assert '"and"' not in html
    tree = LexborHTMLParser(html)
    title, article = tree.css_first("title"), tree.css_first("[role=article]")
    assert title is not None and article is not None
    assert title.text() == article.attributes["aria-label"] == '5 < 6 "and" so'


def test_a_block_under_a_condition_is_one_branch_in_every_medium(desk, shown) -> None:
    message = desk.compose(
        desk.text("Always"), desk.text("Sometimes", when='has(patient.topics, "sleep")'), desk.text("At last")
    )
    for medium in ("html", "text"):
        assert "Sometimes" in shown(message, medium, patient__topics=("sleep",))
        assert "Sometimes" not in shown(message, medium, patient__topics=())
        assert "At last" in shown(message, medium, patient__topics=())
    (branch,) = (part for part in walk(message.html) if isinstance(part, Branch))
    assert str(branch.then[0]).startswith("<tr>") and str(branch.then[-1]).endswith("</tr>")
    assert message.derived[branch.name].type == "yes_no"


def test_several_arms_nest_and_only_one_shows(desk, shown) -> None:
    message = desk.compose(
        desk.text(
            'A {% if has(patient.topics, "x") %}one{% elif recipient.first_name is set %}two'
            "{% else %}three{% endif %} B"
        )
    )
    assert "A one B" in shown(message, "text", patient__topics=("x",))
    assert "A two B" in shown(message, "text")
    assert "A three B" in shown(message, "text", patient__first_name=None)


def test_provider_and_items_show_only_where_set(desk, shown) -> None:
    message = desk.compose(
        desk.appointment("date", "provider"),
        desk.checklist("Bring", "Photo ID", ("{{ appointment.bring }}", "appointment.bring is set")),
    )
    assert desk.codes() == []
    assert "With: Ingrid Hansen\n" in shown(message, "text")
    without = shown(message, "text", appointment__provider=None, appointment__bring=None)
    assert "With" not in without
    assert "Bring\n- Photo ID\n\n-- \n" in without
    assert "<li" in shown(message, "html") and shown(message, "html").count("<li") == 2
    assert shown(message, "html", appointment__bring=None).count("<li") == 1


def test_an_appointment_shows_date_time_and_place_where_nothing_is_said(desk, shown) -> None:
    text = shown(desk.compose(desk.block("appointment")), "text")
    assert text.startswith("Date: 10 September 2026\nTime: 09:30\nWhere: Fjordklinikken, Strandgaten 14,")
    assert "With" not in text


def test_sites_print_their_own_name_address_and_number(desk_of, shown) -> None:
    desk = desk_of(sites={"loddefjord": LODDEFJORD})
    message = desk.compose(desk.block("place"))
    here = shown(message, "text", appointment__site=None, patient__site=None)
    assert here.startswith("Fjordklinikken\nStrandgaten 14\n5013 Bergen\nNorway\nPhone: +47 55 50 12 34\n")
    there = shown(message, "text", appointment__site="loddefjord", patient__site=None)
    expected = "Fjordklinikken Loddefjord\nLyderhornsveien 353\n5171 Loddefjord\nPhone: +47 55 50 12 60\n"
    assert there.startswith(expected)
    html = shown(message, "html", appointment__site="loddefjord", patient__site=None)
    assert 'href="tel:+4755501260"' in html
    assert "Lyderhornsveien 353<br />5171 Loddefjord</p>" in html
    assert 'href="tel:+4755501234"' in shown(message, "html", appointment__site=None, patient__site=None)


def test_a_map_is_offered_where_the_workspace_has_no_page_of_directions(desk_of, shown) -> None:
    for sites in (None, {"loddefjord": LODDEFJORD}):
        desk = desk_of(sites=sites)
        links = {name: link for name, link in desk.settings.links.items() if name != "directions"}
        desk.settings = replace(desk.settings, links=links)
        message = desk.compose(desk.block("place"))
        address = "https://www.openstreetmap.org/search?query=Strandgaten%2014%2C%205013%20Bergen%2C%20Norway"
        row = {"appointment__site": None, "patient__site": None}
        assert re.search(rf"^Show on a map:\s{re.escape(address)}$", shown(message, "text", **row), re.M)
        assert f'href="{address}"' in shown(message, "html", **row)


def test_a_practice_without_phone_and_address_prints_neither(desk_of) -> None:
    desk = desk_of(phone="", address="", legal_name="")
    message = desk.compose(desk.block("place"), desk.appointment("date", "place"))
    assert desk.codes() == []
    text = literals(message.text)
    assert "Phone" not in text and "tel:" not in literals(message.html)
    assert "Where: Fjordklinikken\n" in text
    assert "\n-- \nFjordklinikken\n\n" in text


def test_pictures_print_their_real_proportions_and_link_only_where_told(desk) -> None:
    message = desk.compose(desk.image(TEAM, ""), desk.image(replace(TEAM, width=300, height=200), "Door", "links.book"))
    html = literals(message.html)
    assert 'alt="" width="600" height="250"' in html
    assert 'alt="Door" width="300" height="200"' in html
    assert html.count("https://time.fjordklinikken.example/?a=1&#38;b=2") == 1
    assert [part for part in walk(message.html) if isinstance(part, Picture)] == [Picture(TEAM.name)] * 2
    assert message.assets == (TEAM.name,)
    assert "[Door]\nhttps://time.fjordklinikken.example/?a=1&b=2\n" in literals(message.text)
    assert not any(isinstance(part, Picture) for part in walk(message.text))


@pytest.mark.parametrize(("layer", "offered"), [("essential", False), ("updates", True), ("promotional", True)])
def test_the_way_out_is_offered_wherever_a_message_may_be_refused(desk, layer: str, offered: bool) -> None:
    message = desk.compose(layer=layer)
    for parts in (message.html, message.text):
        assert ("https://fjordklinikken.example/valg" in literals(parts)) is offered
        assert ("Unsubscribe" in literals(parts)) is offered
        assert "https://fjordklinikken.example/en/privacy" in literals(parts)
        assert "Fjordklinikken AS" in literals(parts)


def test_html_is_accessible(desk) -> None:
    html = literals(desk.compose(*everything(desk)).html)
    tree = LexborHTMLParser(html)
    assert html.count('lang="en"') == 2 == html.count('lang="en" dir="ltr"')
    assert all(table.attributes.get("role") == "presentation" for table in tree.css("table"))
    assert all("alt" in image.attributes for image in tree.css("img"))
    assert 'name="color-scheme" content="light dark"' in html
    assert "prefers-color-scheme: dark" in html
    sizes = {int(size) for size in re.findall(r"font-size:\s*(\d+)px", html)} - {0, 1}
    assert min(sizes) == 15  # the footer; words are 16 at least
    assert "https://fonts" not in html and "@import" not in html


def test_the_preheader_is_hidden_padded_and_first(desk) -> None:
    message = desk.compose(desk.text("Body"), preheader="Please confirm")
    html = literals(message.html)
    start = html.index("Please confirm")
    assert "display:none" in html[start - 200 : start]
    assert html[start : html.index("</div>", start)].count("\u034f\u200c") == 90
    assert message.preheader == ("Please confirm",)


def test_one_value_has_one_name_whatever_prints_it(desk) -> None:
    message = desk.compose(
        desk.text("{{ appointment.start | date }} and again {{ appointment.start | date }}"), desk.appointment("date")
    )
    (only,) = message.derived.values()
    assert only.name == derived_name("text", only.formula, "")
    assert re.fullmatch("t_[0-9a-f]{12}", only.name)
    assert only.label.word == "relationship"


def test_findings_of_a_built_in_block_point_at_the_authors_block(desk_of) -> None:
    desk = desk_of()
    desk.records = ("patient",)
    block = desk.block("appointment")
    desk.compose(block)
    assert desk.codes()
    assert {found.span for found in desk.diagnostics()} == {block.span}


def test_a_second_e_mail_of_the_same_structure_has_its_own_words_spans_and_findings(desk) -> None:
    first = desk.compose(desk.text("One"), desk.block("appointment"), subject="First")
    place = replace(desk.block("appointment"), span=Source("campaigns/b/campaign.yaml", "x" * 9).span(3, 7))
    second = desk.compose(desk.text("Two"), place, subject="Second")
    assert "First" not in literals(second.html) and "Second" in literals(second.html)
    assert "One" not in literals(second.html) and "Two" in literals(second.html)
    assert {value.span for value in second.derived.values()} == {place.span}
    assert {value.span for value in first.derived.values()} != {place.span}
    assert set(first.derived) == set(second.derived)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(desk, shown, words: str) -> None:
    message = desk.compose(subject="x", preheader="y")
    calm = LexborHTMLParser(shown(message, "html"))
    inlines = replace(desk.line("w")[0], text=words)
    block = replace(desk.button("w", "links.book"), fields={})
    text = replace(desk.text("w"), fields={"text": Prose((replace(desk.prose("w")[0], children=(inlines,)),))})
    button = replace(desk.button("w", "links.book"))
    image = desk.image(TEAM, "w")
    line = replace(button.fields["label"], words=(inlines,))
    blocks = (
        text,
        replace(button, fields={**button.fields, "label": line}),
        replace(image, fields={**image.fields, "alt": line}),
    )
    assert block.kind == "button"
    message = desk.compose(*blocks)
    html = shown(message, "html")
    tree = LexborHTMLParser(html)
    for selector in (".cc-block p", ".cc-button a"):
        node = tree.css_first(selector)
        assert node is not None and node.text() == words
    image_node = tree.css_first("img")
    assert image_node is not None and image_node.attributes["alt"] == words
    assert shown(message, "text").startswith(words + "\n")
    assert len(tree.css("script")) == len(calm.css("script")) == 0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn")), min_size=1, max_size=40))
def test_any_words_survive_to_what_a_reader_sees(desk, shown, words: str) -> None:
    inline = replace(desk.line("w")[0], text=words)
    text = replace(desk.text("w"), fields={"text": Prose((replace(desk.prose("w")[0], children=(inline,)),))})
    message = desk.compose(text, subject="S")
    tree = LexborHTMLParser(shown(message, "html"))
    node = tree.css_first(".cc-block p")
    assert node is not None and node.text() == words
    assert " ".join(words.split()) in " ".join(shown(message, "text").split()) or _ideographic(words)
    compiled = to_html(shown(replace(message, html=message.mjml), "html"))
    node = LexborHTMLParser(compiled).css_first(".cc-block p")
    assert node is not None and node.text() == words


def _ideographic(words: str) -> bool:
    return any(ord(char) > 0x2E7F for char in words)


# Layouts of a workspace


def layouts_of(desk, files: dict[str, str]) -> tuple[Layouts, list[str]]:
    sources = {path: Source(path, text) for path, text in files.items()}
    checked = read_layouts(sources, {"team.jpg": TEAM})
    shown = [f"{f.rule.code} {sources[f.span.path].quote(f.span)}" for f in checked.diagnostics]
    return checked.value, shown


def test_a_workspaces_own_block_takes_the_place_of_ours(desk) -> None:
    own = '<mj-button css-class="mine" href="{{ to }}">→ {{ label }}</mj-button>\n'
    desk.layouts, found = layouts_of(desk, {"layouts/blocks/button.mjml": own})
    assert found == []
    message = desk.compose(desk.button("Go", "links.book"), desk.text("Words"))
    assert "→ Go" in words_of(literals(message.html))
    assert "Go: https://" in literals(message.text)  # the text twin is still ours


def test_names_of_own_layouts_are_checked_and_the_meant_one_offered(desk) -> None:
    _, found = layouts_of(
        desk,
        {
            "layouts/blocks/button.mjml": '<mj-button href="{{ too }}">{{ label }}</mj-button>\n',
            "layouts/blocks/text.mjml": "<mj-text>{{ words.dat_label }}{{ text }}</mj-text>\n",
            "layouts/blocks/details.mjml": "<mj-text>{% for row in rows %}{{ row.lable }}{% endfor %}</mj-text>\n",
        },
    )
    assert found == ["LAY018 too", "LAY018 row.lable", "LAY018 words.dat_label"]


def test_an_unknown_field_in_an_own_layout_is_found_there(desk) -> None:
    own = "<mj-text>{{ text }} {{ appointment.strat | date }}</mj-text>\n"
    desk.layouts, found = layouts_of(desk, {"layouts/blocks/text.mjml": own})
    assert found == []
    desk.compose(desk.text("Words"))
    (finding,) = desk.diagnostics()
    assert (finding.rule.code, finding.span.path) == ("FLD001", "layouts/blocks/text.mjml")
    assert own[finding.span.start : finding.span.end] == "appointment.strat | date"


def test_an_own_layout_can_name_pictures_of_assets_and_include_files(desk) -> None:
    own = (
        '<mjml lang="{{ lang }}" dir="{{ dir }}"><mj-head><mj-title>{{ subject }}</mj-title></mj-head>'
        "<mj-body><mj-section><mj-column>"
        '<mj-image src="assets/team.jpg" alt="Us"/>{{ body }}{% include "blocks/foot.mjml" %}'
        "</mj-column></mj-section></mj-body></mjml>"
    )
    files = {"layouts/clinic.mjml": own, "layouts/blocks/foot.mjml": "<mj-text>{{ practice.legal_name }}</mj-text>"}
    desk.layouts, found = layouts_of(desk, files)
    assert found == []
    message = desk.compose(desk.text("Words"))
    assert desk.codes() == []
    assert "Fjordklinikken AS" in literals(message.html)
    assert message.assets == (TEAM.name,)
    _, found = layouts_of(
        desk, {"layouts/clinic.mjml": own.replace("team.jpg", "teem.jpg"), **dict([*files.items()][1:])}
    )
    assert found == ["REF002 assets/teem.jpg"]


def test_a_whole_block_of_mjml_may_depend_on_the_person(desk, shown) -> None:
    own = (
        "{% if recipient.first_name is set %}<mj-text>Dear {{ recipient.first_name }}</mj-text>"
        "{% elif layer == 'updates' %}<mj-text>Never</mj-text>{% else %}<mj-text>Dear you</mj-text>{% endif %}"
    )
    desk.layouts, found = layouts_of(desk, {"layouts/blocks/text.mjml": own})
    assert found == []
    message = desk.compose(desk.text("Words"))
    assert desk.codes() == []
    assert "Dear Kari" in words_of(shown(message, "html"))
    assert "Dear you" in words_of(shown(message, "html", patient__first_name=None))
    assert "Never" not in literals(message.html)
    assert "<mj-raw>_" not in literals(message.mjml)


def test_a_locale_without_words_is_found_and_english_stands_in(desk_of) -> None:
    desk = desk_of(locale="de")
    message = desk.compose(layer="updates")
    assert desk.codes() == ["LAY050"]
    assert "`en`, `fr`, `nb`, `zh-Hant`" in desk.diagnostics()[0].help
    assert "Unsubscribe" in literals(message.text)


# The pieces


def test_splicing_nests_branches_and_joins_words() -> None:
    tokens = Tokens()
    word = tokens.hold(("w",))
    outer, inner = tokens.fork("c1"), tokens.fork("c2")
    text = f"a{outer[0]}b{inner[0]}{word}{inner[1]}{inner[2]}{outer[1]}d{word}{outer[2]}e"
    parts = splice(plain_pieces(text), tokens.held, tokens.tests)
    assert parts == ("a", Branch("c1", ("b", Branch("c2", ("w",))), ("dw",)), "e")
    pieces = settled(plain_pieces(text), tokens.held)
    assert splice(pieces, tokens.held, tokens.tests) == parts
    assert len(pieces) < len(plain_pieces(text))


def test_a_layouts_own_text_that_looks_like_a_token_is_text(desk, shown) -> None:
    own = "<mj-text>__cc_h0__ __cc_b7__ {{ text }}</mj-text>\n"
    desk.layouts, found = layouts_of(desk, {"layouts/blocks/text.mjml": own})
    assert found == []
    message = desk.compose(desk.text("Words"))
    assert "__cc_h0__ __cc_b7__ Words" in words_of(shown(message, "html"))


def test_a_condition_that_is_the_same_for_all_is_decided_while_compiling(desk) -> None:
    message = desk.compose(desk.text("{% if practice.phone is set %}Call{% else %}Write{% endif %} us"))
    assert "Call us" in literals(message.text) and not message.derived
    assert constant(Const(True)) is True
    both = Lookup(("patient.site",), (("a", "x"),), "y")
    condition = desk.condition("practice.phone is set and recipient.first_name is set")
    assert condition is not None and constant(condition.formula) is None
    assert isinstance(both.table, tuple)


def test_skeletons_are_shared_by_languages(desk_of) -> None:
    html_pieces.cache_clear()
    for locale in ("en", "fr", "nb"):
        desk = desk_of(locale=locale)
        message = desk.compose(desk.text("Words"), desk.button("Go", "links.book"))
        assert f'lang="{locale}"' in literals(message.html)
    assert html_pieces.cache_info().misses == 1


def test_the_body_has_a_place_of_its_own(desk) -> None:
    assert BODY not in literals(desk.compose(desk.text("Words")).html)
