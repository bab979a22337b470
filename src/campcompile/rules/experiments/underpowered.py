"""ABT002: an experiment with too few people to tell anything."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.power import detectable, people_needed
from campcompile.model.campaign import Email
from campcompile.rules.check import Found, Unknown, rule
from campcompile.syntax.findings import Severity
from campcompile.syntax.packs import pack
from campcompile.syntax.tree import Mapping, Scalar

_DATA = "rules/data/experiments.yaml"


@rule(
    code="ABT002",
    slug="underpowered",
    severity=Severity.WARNING,
    message="to see {detect} more than {baseline} %, each of {variants} variants needs {needed} people; it gets {have}",
    help="with so many people, {detectable} can be seen: write that as `detect` if it would do, let the experiment run "
    "over several sends, or do without it",
)
def underpowered(email: Email, facts: Facts) -> Found:
    """
    ## What it does

    Computes how many people each variant needs so that a difference of `detect` is seen in four of five experiments
    and isn't seen in nineteen of twenty where there is none, and compares it with `people`, shared equally. The share
    that acts today is `baseline`; without it, what is usual: 3 % click, 1 % reply, 5 % reach the goal. Where `people`
    isn't said, it is a note that says how many it takes.

    ## Why it matters

    A practice with 2,000 patients can't see that one subject is half a point better than another: what it sees is
    chance, and it will act on it.

    ## Example

    ```yaml
    experiment: {metric: click, detect: 0.5pp, people: 4000, variants: {b: {subject: Other words}}}
    ```

    ## Use instead

    ```yaml
    experiment: {metric: click, detect: 3pp, people: 4000, variants: {b: {subject: Other words}}}
    ```

    ## Sources

    * two proportions, normal approximation, two-sided α = 0.05, power 0.8: n = (z₁₋α⸝₂ √(2 p̄ q̄) + z_power √(p₁q₁ +
      p₂q₂))² ∕ (p₁ − p₂)² (Fleiss, Levin and Paik, Statistical Methods for Rates and Proportions, 3rd ed., 4.14)
    * the shares without a `baseline` are policy: 2.5 to 3.5 % of clicks are told of practices' mail
    """
    experiment = email.experiment
    if experiment is None:
        return
    usual = pack(_DATA).root.get("baselines")
    share = usual.get(experiment.metric) if isinstance(usual, Mapping) else None
    written = experiment.baseline.rstrip("%") or (share.value if isinstance(share, Scalar) else "")
    points = experiment.detect.removesuffix("pp")
    if not _is_number(written) or not _is_number(points):
        return  # that has its finding
    baseline, detect = float(written) / 100, float(points) / 100
    variants = len(experiment.variants) + 1
    if not 0 < baseline < baseline + detect < 1:
        return
    needed = people_needed(baseline, detect)
    if experiment.people is None:
        many = f"{variants * needed:,}"
        reason = f"to see {experiment.detect} more than {written} % takes {many} people, and `people` isn't said"
        yield Unknown(reason, experiment.span)
        return
    have = experiment.people // variants
    if have < needed:
        yield underpowered.at(
            experiment.span,
            detect=experiment.detect,
            baseline=written,
            variants=str(variants),
            needed=f"{needed:,}",
            have=f"{have:,}",
            detectable=f"{100 * detectable(baseline, have):.1f}pp",
        )


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()
