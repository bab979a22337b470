"""ADV001: a cure, a result or safety that is promised."""

from __future__ import annotations

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity


@rule(
    code="ADV001",
    slug="cure-or-guarantee-claim",
    severity=Severity.ERROR,
    message="`{words}` promises what no treatment can ({law})",
    help="say what can be expected, and what may go wrong, e.g. `{instead}`",
)
def cure_or_guarantee_claim(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks for promises of a cure, a result or safety, in English, French, Norwegian and Chinese: *guaranteed results*,
    *guérison garantie*, *kvitt … for godt*, 根治, 永不復發. It is an error where a law that was read says so (France,
    Norway, Taiwan), else a warning. *We can't guarantee a result* is fine.

    ## Why it matters

    Whoever is ill believes it, and whoever supervises the practice fines it.

    ## Example

    ```yaml
    body: 保證根治，永不復發。
    ```

    ## Use instead

    ```yaml
    body: 療程說明、適應症與可能的副作用。
    ```

    ## Sources

    * Taiwan: 醫療法 § 86, 衛部醫字第1051666009號 (27 September 2016), items 2 and 5
    * Norway: helsepersonelloven § 13, with Helsedirektoratet's own example «bli kvitt fettet for godt»
    * France: Code de la santé publique, R.4127-19-1
    * United States: FTC, Health Products Compliance Guidance (unconfirmed: no error by itself)
    """
    for claim in pitched(version, facts, Pitch.GUARANTEE):
        provision = strictest("cure-claims", facts)
        if provision is not None:
            yield cure_or_guarantee_claim.at(
                claim.span(facts),
                severity=provision.severity,
                words=claim.words,
                law=provision.words,
                instead=instead(claim.pitch, version.locale),
            )
