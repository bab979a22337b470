"""Findings that mail gives birth to: themes (LAY030 on), pictures (LAY040 on), layouts as they print (LAY050 on)."""

from __future__ import annotations

from campcompile.syntax.findings import Rule, Severity
from campcompile.syntax.manual import short_page

_ERROR = Severity.ERROR


LOW_CONTRAST_THEME = Rule(
    code="LAY030",
    slug="low-contrast-theme",
    severity=_ERROR,
    message="`{colour}` on `{ground}` has a contrast of {ratio}:1, too little for {what}",
    help="choose a colour with at least 4.5:1; `{better}` keeps the hue",
    manual=short_page(
        "Computes the contrast of every pair of theme colours that a layout prints as text on ground, light and dark.",
        "People with low vision, on a cheap screen or in sunlight can't read pale text: below 4.5:1 many don't.",
        'colours: {accent: "#7fd1c7"}',
        'colours: {accent: "#0b6b62"}',
        "WCAG 2.2, success criterion 1.4.3 (level AA); EN 301 549, 9.1.4.3",
    ),
    sources=("WCAG 2.2 SC 1.4.3",),
)

THEME_VALUE = Rule(
    code="LAY031",
    slug="unreadable-theme-value",
    severity=_ERROR,
    message="`{value}` is no {what}",
    help="{advice}",
    manual=short_page(
        "Reports a colour, font, corner radius or logo in a theme that can't be read.",
        "Mail clients ignore what they don't understand: the e-mail would be black on white, or without its logo.",
        "colours: {accent: teal}",
        'colours: {accent: "#0b6b62"}',
        "the campaign language: theme.yaml",
    ),
    suppressible=False,
)

FAR_FONT = Rule(
    code="LAY032",
    slug="font-not-on-devices",
    severity=Severity.WARNING,
    message="the font `{font}` isn't on most people's devices",
    help="use `sans`, `serif`, or a list of fonts that devices bring along, such as {known}",
    manual=short_page(
        "Reports a font that is not among those that computers and phones bring along.",
        "campcompile loads no web fonts: loading one tells a third party who opened the e-mail. A font that isn't "
        "there is replaced by whatever the mail client picks.",
        "fonts: {text: Lato}",
        "fonts: {text: sans}",
        "LG München I, 20 January 2022, 3 O 17493/20 (fonts loaded from a third party)",
    ),
)

PICTURE_FORMAT = Rule(
    code="LAY040",
    slug="picture-format",
    severity=_ERROR,
    message="`{picture}` is {what}, which mail clients don't show everywhere",
    help="save it as PNG (drawings, logos) or JPEG (photographs)",
    also={
        "unknown": (
            "`{picture}` is no picture that we can read",
            "save it as PNG (drawings, logos) or JPEG (photographs)",
        ),
        "suffix": (
            "`{picture}` holds {what}, but its name says otherwise",
            "rename it to `{better}`",
        ),
    },
    manual=short_page(
        "Reports a picture that is neither PNG, JPEG nor GIF, and one whose name and content differ.",
        "Gmail and Outlook drop SVG; WebP and AVIF stay blank in older clients; SVG can also carry scripts.",
        "image: {src: logo.svg, alt: Fjordklinikken}",
        "image: {src: logo.png, alt: Fjordklinikken}",
        "caniemail.com: image formats, read in November 2026",
    ),
    suppressible=False,
)

PICTURE_WEIGHT = Rule(
    code="LAY041",
    slug="picture-too-heavy",
    severity=_ERROR,
    message="`{picture}` weighs {size}, more than 1 MB",
    help="save it at 1,200 px width and a JPEG quality of 80",
    manual=short_page(
        "Reports a picture above 1 MB (1,000,000 bytes).",
        "Most people open mail on a phone: a heavy picture comes late, costs them money, or never comes.",
        "image: {src: team-original.jpg, alt: Our team}",
        "image: {src: team-1200.jpg, alt: Our team}",
        "the campaign language: assets/",
    ),
    suppressible=False,
)

DAMAGED_PICTURE = Rule(
    code="LAY042",
    slug="damaged-picture",
    severity=_ERROR,
    message="`{picture}` is damaged: {what}",
    help="save it anew from the original",
    manual=short_page(
        "Reads the headers and the frame of every PNG, JPEG and GIF, and reports one that is cut off or garbled.",
        "Half a picture shows as grey, or as nothing.",
        "image: {src: half.png, alt: Our team}",
        "image: {src: team.png, alt: Our team}",
        "ISO/IEC 15948 (PNG); ITU-T T.81 (JPEG); GIF89a",
    ),
    suppressible=False,
)

PICTURE_DIMENSIONS = Rule(
    code="LAY043",
    slug="picture-dimensions",
    severity=_ERROR,
    message="`{picture}` is {width} × {height} px",
    help="the largest side allowed is 10,000 px, the smallest 1 px; 1,200 px are plenty",
    manual=short_page(
        "Reports a picture with a side above 10,000 px, or of no size.",
        "A small file can unpack to gigabytes and stop a reader's mail program.",
        "image: {src: poster.png, alt: The way to us}",
        "image: {src: poster-1200.png, alt: The way to us}",
        "CWE-409 (improper handling of highly compressed data)",
    ),
    suppressible=False,
)

PICTURE_METADATA = Rule(
    code="LAY044",
    slug="picture-metadata",
    severity=Severity.WARNING,
    message="`{picture}` carries {what}",
    help="save it without metadata: `exiftool -all= {picture}`",
    manual=short_page(
        "Reports the place where a photograph was taken, comments, captions and names inside a picture's file.",
        "Every recipient gets the file: a camera writes where somebody lives, a scanner writes whose picture it is.",
        "image: {src: camera.jpg, alt: Our team}",
        "image: {src: camera-clean.jpg, alt: Our team}",
        "45 CFR 164.514(b)(2)(i): places and full-face pictures are identifiers",
    ),
    sources=("45 CFR 164.514(b)",),
)

LOCALE_WITHOUT_WORDS = Rule(
    code="LAY050",
    slug="locale-without-words",
    severity=_ERROR,
    message="layouts say nothing in `{locale}` yet",
    help="there are {known}; another language is one file of words in campcompile (CONTRIBUTING.md)",
    manual=short_page(
        "Reports a locale that the layouts' own words (footer, labels, the opt-out) haven't been written in.",
        "A reader would get a footer, and the way to unsubscribe, in a language that he may not read.",
        "locales: {default: en, others: [de]}",
        "locales: {default: en, others: [fr]}",
        "Regulation (EU) 2016/679, article 12(1): in clear and plain language",
    ),
    sources=("GDPR art. 12(1)",),
    suppressible=False,
)
