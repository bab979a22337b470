"""The layouts that come with campcompile: one theme, one header, one footer; what differs stands in the layout."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser

from campcompile.compiler import Compilation, compile_files
from campcompile.mail.layouts import read_layouts
from campcompile.mail.theme import DEFAULT
from campcompile.parts import Parts
from campcompile.syntax.schema import block_specs
from campcompile.syntax.source import Source
from tests.workspace import LETTER, workspace

LAYOUTS = ("clinic", "newsletter", "portal-notice")


def literals(parts: Parts) -> str:
    return "".join(part for part in parts if isinstance(part, str))


def test_there_are_a_letter_a_newsletter_and_a_portal_notice() -> None:
    assert read_layouts({}).value.names == set(LAYOUTS)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_layouts_share_theme_header_and_footer(desk, layout: str) -> None:
    desk.theme = replace(DEFAULT, light=replace(DEFAULT.light, accent="#123456"))
    message = desk.compose(desk.button("Go", "links.book"), layer="updates", layout=layout)
    html, text = literals(message.html), literals(message.text)
    assert desk.codes() == []
    assert "#123456" in html
    assert "Fjordklinikken AS" in html and "Fjordklinikken AS" in text
    assert "Unsubscribe" in html and "Unsubscribe" in text


def test_a_newsletters_subject_is_its_headline(desk) -> None:
    news = desk.compose(desk.text("Words"), subject="News of the fjord", layout="newsletter")
    letter = desk.compose(desk.text("Words"), subject="News of the fjord")
    assert ">News of the fjord</h1>" in literals(news.html)
    assert literals(news.text).startswith("News of the fjord\n\nWords\n")
    assert ">News of the fjord</h1>" not in literals(letter.html)
    assert literals(letter.text).startswith("Words\n")


def test_an_own_part_is_in_every_layout(desk) -> None:
    own = {"layouts/parts/footer.txt": "-- \nOurs alone\n"}
    desk.layouts = read_layouts({path: Source(path, text) for path, text in own.items()}).value
    for layout in LAYOUTS:
        assert literals(desk.compose(desk.text("Words"), layout=layout).text).endswith("-- \nOurs alone\n")


def test_every_block_of_the_language_has_a_look_and_a_text() -> None:
    files = read_layouts({}).value.files
    kinds = block_specs().keys() - {"phrase"}  # which arrives as text
    assert {f"blocks/{kind}{suffix}" for kind in kinds for suffix in (".mjml", ".txt")} <= files.keys()


OWN_BUTTON = (
    '<mj-button css-class="cc-block cc-button ours" href="{{ to }}">'
    '{% include "parts/arrow.mjml" %}{{ label }}</mj-button>\n'
)
OWN_LAYOUT = """\
<mjml lang="{{ lang }}" dir="{{ dir }}">
  <mj-head><mj-title>{{ subject }}</mj-title>{% include "parts/look.mjml" %}</mj-head>
  <mj-body>
    {% include "parts/header.mjml" %}
    <mj-section css-class="cc-card" background-color="{{ theme.card }}">
      <mj-column><mj-text css-class="cc-block">Autumn at ours</mj-text>{{ body }}</mj-column>
    </mj-section>
    {% include "parts/footer.mjml" %}
  </mj-body>
</mjml>
"""


def compiled(files: dict[str, str | bytes]) -> Compilation:
    return compile_files(workspace(files), as_of=None, now=datetime(2026, 11, 2, 9, tzinfo=UTC))


def test_a_workspaces_own_block_layout_and_piece_take_the_place_of_ours() -> None:
    made = compiled(
        {
            "layouts/blocks/button.mjml": OWN_BUTTON,
            "layouts/parts/arrow.mjml": "&rarr; ",
            "layouts/autumn.mjml": OWN_LAYOUT,
            "layouts/autumn.txt": 'Autumn at ours\n\n{{ body -}}\n{% include "parts/footer.txt" %}\n',
            "campaigns/letter/campaign.yaml": LETTER.replace("locales:", "layout: autumn\nlocales:"),
        }
    )
    assert [found.message for found in made.diagnostics] == []
    page, text = (made.bundle[f"lt26/emails/letter.en.{suffix}"].decode() for suffix in ("html", "txt"))
    assert "Autumn at ours" in page
    assert LexborHTMLParser(page).css_first(".ours a").text(strip=True) == "→ Book a time"
    assert text.startswith("Autumn at ours\n")


def test_a_layout_of_our_name_is_theirs_where_they_have_one() -> None:
    made = compiled({"layouts/clinic.mjml": OWN_LAYOUT.replace("Autumn", "Always")})
    assert "Always at ours" in made.bundle["lt26/emails/letter.en.html"].decode()
    assert [found.rule.code for found in made.diagnostics if found.severity.value == "error"] == []


def test_a_body_names_the_blocks_of_the_language_alone() -> None:
    letter = LETTER + "      - opening-hours\n"
    made = compiled(
        {"layouts/blocks/opening-hours.mjml": "<mj-text>8 to 16</mj-text>\n", "campaigns/letter/campaign.yaml": letter}
    )
    (finding,) = made.diagnostics
    assert letter[finding.span.start : finding.span.end] == "opening-hours"
    assert finding.rule.code.startswith("SCH")
