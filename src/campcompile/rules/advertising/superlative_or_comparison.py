"""ADV002: better than others, or the only one."""

from __future__ import annotations

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="ADV002",
    slug="superlative-or-comparison",
    severity=Severity.ERROR,
    message="`{words}` praises the practice above others ({law})",
    help="say who works there and what they do, e.g. `{instead}`",
)
def superlative_or_comparison(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks for superlatives and comparisons with other providers, in English, French, Norwegian and Chinese: *the best
    dentists*, *le meilleur cabinet*, *den eneste kvalifiserte*, 全國唯一. It is an error in France, Norway and Taiwan,
    a note in the United States; where no pack speaks of it, it is silent. *The best time to call* praises nobody.

    ## Why it matters

    The law of these places lets a practice inform, and not compete.

    ## Example

    ```yaml
    subject: Connaissez-vous quelqu'un qui a besoin d'un excellent médecin ?
    ```

    ## Use instead

    ```yaml
    subject: Parler de notre cabinet à un proche
    ```

    ## Sources

    * Taiwan: 衛部醫字第1051666009號 (27 September 2016), item 2, its list of superlatives
    * France: Code de la santé publique, R.4127-19-1: no comparison with other practitioners
    * Norway: helsepersonelloven § 13; Helsedirektoratet: not *the only qualified*
    """
    for claim in pitched(version, facts, Pitch.SUPERLATIVE):
        provision = strictest("superlatives", facts)
        if provision is not None:
            yield superlative_or_comparison.at(
                claim.span(facts),
                severity=provision.severity,
                words=claim.words,
                law=provision.words,
                instead=instead(claim.pitch, version.locale),
            )
