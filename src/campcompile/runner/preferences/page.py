"""The page where a person chooses: one form, no script, no cookie, nothing loaded; readable aloud, on any screen."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from html import escape
from pkgutil import get_data

from campcompile.runner.preferences.links import LAYERS

_STYLE = (
    "body{font:1.125rem/1.5 system-ui,sans-serif;max-width:38rem;margin:0 auto;padding:1.5rem;color:#1b1b1b;"
    "background:#fff}fieldset{border:0;padding:0;margin:0}legend{padding:0 0 .75rem}label,.fixed{display:flex;"
    "gap:.75rem;margin:0;padding:.75rem 0;min-height:3rem;box-sizing:border-box}"
    "input,.fixed>:first-child{width:1.5rem;height:1.5rem;flex:none;margin:.1rem 0;text-align:center}"
    "small{display:block;font-size:1rem;color:#444}"
    "button{font:inherit;min-height:3rem;padding:.5rem 1.25rem;margin:.5rem .5rem .5rem 0;"
    "border:2px solid #17456b;border-radius:.25rem;background:#17456b;color:#fff}button.plain{background:#fff;"
    "color:#17456b}a{color:#17456b;display:inline-block;padding:.75rem .5rem .75rem 0}:focus-visible{outline:3px solid "
    "#b35c00;outline-offset:2px}@media(prefers-color-scheme:dark){body{background:#161616;color:#f2f2f2}small{color:#ccc}"
    "a,button.plain{color:#9fd0f5;background:#161616}button{border-color:#9fd0f5}:focus-visible{outline-color:#ffb454}}"
)
STYLE_DIGEST = b64encode(sha256(_STYLE.encode()).digest()).decode()  # for Content-Security-Policy


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """The page's words by locale."""
    found: Mapping[str, Mapping[str, str]] = json.loads(get_data(__package__, "words.json") or b"{}")
    return found


def locale_of(accept_language: str, wanted: str = "") -> str:
    """The page's locale for what a browser asks for; `wanted` is what the reader chose. English where nothing fits."""
    asked = [part.partition(";")[0].strip().lower() for part in accept_language.split(",")]
    for tag in (wanted.lower(), *asked):
        for locale in words():
            if tag == locale.lower() or tag.partition("-")[0] == locale:
                return locale
        if tag.startswith("zh"):
            return "zh-Hant"
        if tag.partition("-")[0] in ("no", "nn", "sv"):
            return "nb"
    return "en"


def choice_page(locale: str, name: str, kept: frozenset[str], note: str = "") -> str:
    """The form; `kept` are the layers that still come, `note` the key of a sentence about what was just done."""
    say = words()[locale]
    boxes = "".join(_box(layer, say, layer in kept) for layer in LAYERS)
    told = f'<p role="status"><strong>{escape(say[note])}</strong></p>' if note else ""
    return _page(
        locale,
        name,
        say["title"],
        f'{told}<form method="post"><fieldset><legend>{escape(say["intro"])}</legend>'
        f'<p class="fixed"><span aria-hidden="true">✓</span><span>{escape(say["essential"])}'
        f"<small>{escape(say['essential_note'])}</small></span></p>"
        f'{boxes}</fieldset><button name="do" value="save">{escape(say["save"])}</button>'
        f'<button class="plain" name="do" value="none">{escape(say["none"])}</button></form>',
        said_first=say[note] if note else "",
    )


def unknown_page(locale: str, name: str) -> str:
    """For a link that isn't ours."""
    say = words()[locale]
    return _page(locale, name, say["unknown_title"], f"<p>{escape(say['unknown'])}</p>")


def _box(layer: str, say: Mapping[str, str], checked: bool) -> str:
    mark = " checked" if checked else ""
    return (
        f'<label><input type="checkbox" name="keep" value="{layer}"{mark}>'
        f"<span>{escape(say[layer])}<small>{escape(say[f'{layer}_note'])}</small></span></label>"
    )


def _page(locale: str, name: str, title: str, body: str, said_first: str = "") -> str:
    """`said_first` begins the title, which is what a screen reader says of a page that has come."""
    others = "".join(
        f'<a href="?lang={other}" lang="{other}" hreflang="{other}">{escape(say["language"])}</a> '
        for other, say in words().items()
        if other != locale
    )
    heading = f"<p>{escape(name)}</p>" if name else ""
    return (
        f'<!doctype html><html lang="{locale}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(f'{said_first} {title}'.strip())}</title><style>{_STYLE}</style></head><body><main>"
        f"{heading}<h1>{escape(title)}</h1>{body}</main><nav>{others}</nav></body></html>\n"
    )
