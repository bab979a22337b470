"""A theme is readable by everybody, or its author hears of it at the colour."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campcompile.analysis.contrast import contrast, is_colour, mix
from campcompile.mail.theme import DARK, DEFAULT, LIGHT, Palette, Theme, read_theme
from campcompile.model.campaign import Asset
from campcompile.syntax.source import Source
from campcompile.syntax.yaml import read_yaml

LOGO = Asset(path="assets/logo.png", name="a" * 16 + ".png", media_type="image/png", width=320, height=80, size=9)


def read(text: str, assets: dict[str, Asset | None] | None = None) -> tuple[Theme, list[str]]:
    source = Source("layouts/theme.yaml", text)
    checked = read_theme(read_yaml(source).value, assets or {})
    shown = []
    for found in checked.diagnostics:
        assert found.help
        shown.append(f"{found.rule.code} {source.quote(found.span)}: {found.message}; {found.help}")
    return checked.value, shown


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#fff", "#fff", 1.0), ("#767676", "#ffffff", 4.54), ("#0000ff", "#ffffff", 8.59)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_the_default_palettes_can_be_read_everywhere(palette: Palette) -> None:
    for text, ground in itertools.product(("text", "muted"), ("card", "tint", "page")):
        assert contrast(getattr(palette, text), getattr(palette, ground)) >= 4.5, (text, ground)
    for ground in ("card", "tint"):
        assert contrast(palette.accent, getattr(palette, ground)) >= 4.5
    assert contrast(palette.on_accent, palette.accent) >= 4.5


def test_no_file_and_an_empty_one_give_the_default() -> None:
    assert read_theme(None, {}).value == DEFAULT
    assert read("colours: {}\n") == (DEFAULT, [])


def test_an_accent_alone_brings_its_button_tint_and_dark_mode_along() -> None:
    theme, shown = read('colours: {accent: "#5b3fa0"}\n')
    assert shown == []
    assert theme.light.accent == "#5b3fa0"
    assert theme.light.on_accent == "#ffffff"
    assert theme.light.tint == mix("#5b3fa0", "#ffffff", 0.08)
    assert theme.dark.accent != DARK.accent
    assert contrast(theme.dark.accent, theme.dark.card) >= 4.5
    assert contrast(theme.dark.on_accent, theme.dark.accent) >= 4.5


def test_a_pale_accent_is_found_at_its_place_with_a_readable_one_of_its_hue() -> None:
    theme, shown = read('colours: {accent: "#7fd1c7"}\n')
    assert theme.light.accent == "#7fd1c7"
    (found,) = shown
    assert found.startswith(
        'LAY030 "#7fd1c7": `#7fd1c7` on `#ffffff` has a contrast of 1.7:1, too little for links; '
        "choose a colour with at least 4.5:1; `#"
    )
    better = found[found.index("; `") + 3 :][:7]
    assert is_colour(better) and contrast(better, "#ffffff") >= 4.5


def test_a_dark_card_under_the_default_text_is_found_at_the_card() -> None:
    _, shown = read('colours: {card: "#333333"}\n')
    assert shown[0].startswith('LAY030 "#333333": `#1d2b29` on `#333333`')
    assert len(shown) == 1


def test_dark_colours_are_judged_too() -> None:
    _, shown = read('dark: {text: "#444444"}\n')
    assert [found[:17] for found in shown] == ['LAY030 "#444444":']


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("colours: {accent: teal}", "LAY031 teal: `teal` is no colour; write `#` and six hex digits"),
        ('colours: {accent: "#12345"}', 'LAY031 "#12345": `#12345` is no colour'),
        ("radius: round", "LAY031 round: `round` is no corner radius; write a number of px from 0 to 32"),
        ("radius: 33", "LAY031 33: `33` is no corner radius"),
        ("fonts: {text: Lato}", "LAY032 Lato: the font `Lato` isn't on most people's devices"),
        ("fonts: {text: Ariel}", "LAY032 Ariel: the font `Ariel` isn't on most people's devices; use `sans`, `serif`"),
        ("logo: logoo.png", "LAY031 logoo.png: `logoo.png` is no picture of assets/; did you mean `logo.png`?"),
    ],
)
def test_what_cannot_be_read_is_found_and_the_default_stays(text: str, start: str) -> None:
    theme, shown = read(text + "\n", {"logo.png": LOGO})
    assert shown and shown[0].startswith(start), shown
    assert theme == DEFAULT


def test_fonts_are_stacks_of_what_devices_bring_along() -> None:
    theme, shown = read("fonts: {text: serif, headings: 'georgia, \"Segoe UI\"'}\n")
    assert shown == []
    assert theme.font.startswith("Georgia,") and theme.font.endswith(", serif")
    assert theme.heading_font == "Georgia, Segoe UI, sans-serif"


def test_a_logo_prints_at_half_its_real_width_or_as_stated_but_never_larger() -> None:
    assets: dict[str, Asset | None] = {"logo.png": LOGO, "broken.png": None}
    assert read("logo: logo.png\n", assets)[0].logo_width == 160
    assert read("logo: {src: logo.png, width: 120}\n", assets)[0].logo_width == 120
    assert read("logo: {src: logo.png, width: 5000}\n", assets)[0].logo_width == 240
    assert read("logo: broken.png\n", assets) == (DEFAULT, [])  # the picture itself has a finding


@settings(max_examples=60, deadline=None)
@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_every_accent_either_reads_or_is_told_with_one_that_does(accent: str) -> None:
    theme, shown = read(f'colours: {{accent: "{accent}"}}\n')
    pairs = [(theme.light.accent, theme.light.card), (theme.light.accent, theme.light.tint)]
    pairs.append((theme.light.on_accent, theme.light.accent))
    assert (min(itertools.starmap(contrast, pairs)) < 4.5) == bool(shown)
    if shown:
        better = shown[0].rpartition("; `")[2][:7]
        assert read(f'colours: {{accent: "{better}"}}\n')[1] == [], "what is offered reads wherever it is printed"
    assert contrast(theme.dark.accent, theme.dark.tint) >= 4.5
