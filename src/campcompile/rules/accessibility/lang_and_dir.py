"""A11Y001: a page that doesn't say in which language it is, and which way that is read."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.shown import shown
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.places import layout_span
from campcompile.syntax.findings import Severity

_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"])


@rule(
    code="A11Y001",
    slug="lang-and-dir",
    severity=Severity.ERROR,
    message="{where} has {seen}, where the message is in `{locale}`",
    help='write `lang="{locale}" dir="{dir}"` on <mjml>, and on an element around the whole body',
    sources=("WCAG 2.2, 3.1.1 Language of Page (A)", "45 CFR 84.84", "EN 301 549, 9.3.1.1"),
)
def lang_and_dir(message: RenderedEmail, facts: Facts) -> Found:
    """
    ## What it does

    Asks that every compiled page says its language (`lang`, as the locale or more exactly: `nb` or `nb-NO`) and
    its direction (`dir`), on `<html>` and again on the outermost elements of the body: webmail takes `<html>` away.

    ## Why it matters

    A screen reader reads Norwegian with English sounds where nothing tells it otherwise, and nobody understands a
    word. Of 376,000 mails measured in 2026, 96 in 100 lacked it.

    ## Example

    ```html
    <html><body><div>Du har time hos oss</div></body></html>
    ```

    ## Use instead

    ```html
    <html lang="nb" dir="ltr"><body><div lang="nb" dir="ltr">Du har time hos oss</div></body></html>
    ```

    ## Sources

    * WCAG 2.2, success criterion 3.1.1 Language of Page (level A)
    * 45 CFR 84.84 (section 504), EN 301 549 clause 9.3.1.1
    * caniemail.com: support of `lang` and `dir` on the root element
    """
    page = facts.once(shown, message).page
    locale = message.version.locale
    direction = "rtl" if locale.partition("-")[0].lower() in _RIGHT_TO_LEFT else "ltr"
    places = [("<html>", page.lang, page.dir)]
    places += [(f"the outermost <{wrapper.tag}>", wrapper.lang, wrapper.dir) for wrapper in page.wrappers]
    for where, lang, dir in places:
        if not _speaks(lang, locale) or dir != direction:
            yield lang_and_dir.at(
                layout_span(message, facts, "<mjml"),
                where=where,
                seen=_seen(lang, dir),
                locale=locale,
                dir=direction,
            )
            return  # what is wrong on the root is wrong inside it too


def _speaks(lang: str, locale: str) -> bool:
    """`nb-NO` speaks `nb`; `zh` doesn't speak `zh-Hant`."""
    return lang.lower() == locale.lower() or lang.lower().startswith(f"{locale.lower()}-")


def _seen(lang: str, dir: str) -> str:
    given = [f'`{name}="{value}"`' for name, value in (("lang", lang), ("dir", dir)) if value]
    return " ".join(given) if given else "neither `lang` nor `dir`"
