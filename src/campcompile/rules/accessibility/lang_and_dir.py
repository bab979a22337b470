"""A11Y001: a page that doesn't say in which language it is, and which way that is read."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.shown import shown
from campcompile.model.rendered import RenderedEmail
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_span
from campcompile.syntax.findings_lay import LANG_AND_DIR

_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"])
_ROOT = regex(r"<mjml\b[^>]*>")


@rule(LANG_AND_DIR)
def lang_and_dir(message: RenderedEmail, facts: Facts) -> Found:
    """The page's own language and direction, on its root and on the outermost elements of its body."""
    page = facts.once(shown, message).page
    locale = message.version.locale
    direction = "rtl" if locale.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    untold = _untold(message, facts)
    places = [("<html>", page.lang, page.dir)]
    places += [(f"the outermost <{wrapper.tag}>", wrapper.lang, wrapper.dir) for wrapper in page.wrappers]
    for where, lang, dir in places:
        is_wrong = {"lang": not _speaks(lang, locale), "dir": dir != direction}
        if any(is_wrong[name] for name in untold):
            yield lang_and_dir.at(
                layout_span(message, facts, "<mjml"),
                where=where,
                seen=_seen(lang, dir),
                locale=locale,
                dir=direction,
            )
            return  # what is wrong on the root is wrong inside it too


def _untold(message: RenderedEmail, facts: Facts) -> tuple[str, ...]:
    """Which of the two a layout doesn't lack: one that lacks any was told of it when its file was read."""
    source = facts.source(f"layouts/{message.campaign.layout}.mjml")
    root = _ROOT.search(source.text) if source else None
    return tuple(name for name in ("lang", "dir") if root is None or f"{name}=" in root[0])


def _speaks(lang: str, locale: str) -> bool:
    """`nb-NO` speaks `nb`; `zh` doesn't speak `zh-Hant`."""
    return lang.lower() == locale.lower() or lang.lower().startswith(f"{locale.lower()}-")


def _seen(lang: str, dir: str) -> str:
    given = [f'`{name}="{value}"`' for name, value in (("lang", lang), ("dir", dir)) if value]
    return " ".join(given) if given else "neither `lang` nor `dir`"
