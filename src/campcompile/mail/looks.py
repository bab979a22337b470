"""Looks are the themes of a practice: its own, and those of sites that have one; each with its contrast checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from campcompile.formula import Const, Formula, Lookup
from campcompile.mail.theme import DEFAULT, Theme, read_theme
from campcompile.model.campaign import Asset
from campcompile.model.findings import UNKNOWN_NAME
from campcompile.model.practice import Practice
from campcompile.model.scope import Scope
from campcompile.syntax.findings import Checked, Findings
from campcompile.syntax.renaming import renaming
from campcompile.syntax.suggest import nearest
from campcompile.syntax.tree import Document
from campcompile.values import dataclass

OWN = "layouts/theme.yaml"
SITES = "layouts/themes/"
_FIRST = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Numbered, as a bundle names them: what a theme is called stays at home."""

    themes: Mapping[str, Theme]  # "1" is the practice's own
    of_sites: Mapping[str, str]  # site → its number, where it isn't "1"

    def at(self, scope: Scope) -> tuple[Formula, tuple[str, ...]]:
        """What chooses the look of an e-mail's message, and the numbers that it can be."""
        formula = scope.site_lookup(self.of_sites, _FIRST)
        if not isinstance(formula, Lookup):
            return Const(_FIRST), (_FIRST,)
        return formula, tuple(sorted({_FIRST, *self.of_sites.values()}, key=int))


def read_looks(
    documents: Mapping[str, Document], assets: Mapping[str, Asset | None], practice: Practice
) -> Checked[Looks]:
    """layouts/theme.yaml, and layouts/themes/*.yaml over it: a site's theme says only what differs.

    Themes that are alike are one look. `assets` are the pictures by path below assets/ (None: there, but refused).
    """
    findings = Findings()
    own = findings.take(read_theme(documents.get(OWN), assets, DEFAULT))
    named = {
        path.removeprefix(SITES).removesuffix(".yaml"): findings.take(read_theme(document, assets, own))
        for path, document in sorted(documents.items())
        if path.startswith(SITES)
    }
    numbers = {own: _FIRST}
    of_sites = {}
    for site, name in _wanted(practice, named, findings):
        number = numbers.setdefault(named[name], str(len(numbers) + 1))
        if number != _FIRST:
            of_sites[site] = number
    return findings.done(Looks(themes={number: theme for theme, number in numbers.items()}, of_sites=of_sites))


def _wanted(practice: Practice, named: Mapping[str, Theme], findings: Findings) -> Iterator[tuple[str, str]]:
    for site in practice.sites.values():
        if site.theme in named:
            yield site.id, site.theme
        elif site.theme:
            near = nearest(site.theme, named)
            advice = f"did you mean `{near}`?" if near else f"add {SITES}{site.theme}.yaml, or take the key out"
            findings.add(
                UNKNOWN_NAME.at(
                    site.theme_span,
                    kind="theme",
                    name=site.theme,
                    advice=advice,
                    fixes=renaming(site.theme_span, site.theme, near),
                )
            )
