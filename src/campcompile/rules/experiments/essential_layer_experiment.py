"""ABT004: an experiment with care."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.version_words import version_words
from campcompile.model.campaign import Campaign, Email, Version
from campcompile.model.labels import Label
from campcompile.phi.folded import fold
from campcompile.phi.lexicon import concept, find_concepts
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity

_CLINICAL = frozenset({"condition", "drug", "vaccine", "procedure", "test", "screening"})


@rule(
    code="ABT004",
    slug="essential-layer-experiment",
    severity=Severity.WARNING,
    message="variant {variant} goes at another time, so chance decides who hears later about their own care ({why})",
    help="take `send` out of the variant, and test other words, such as the subject",
    also={
        "special": (
            "this e-mail tells what is `special`, and the result of a test would show who acted on it",
            "take `experiment` out, and send everybody the same e-mail",
        ),
        "advice": (
            "variant {variant} says other medical things than the e-mail, so chance decides who reads which; nobody "
            "has reviewed them",
            "have both read by somebody with a licence, and write who it was: "
            "`reviewed: {{by: …, source: …, until: …}}`; or test the subject alone",
        ),
    },
)
def essential_layer_experiment(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    In campaigns of layer `essential` or purpose `treatment`: reports variants that go out at another time; variants
    whose body says other clinical words (a test, a drug, an illness) where the e-mail isn't `reviewed`. In all
    campaigns: experiments in e-mails that tell what is `special`. There is no way to send nothing to a group.

    ## Why it matters

    Who gets the reminder late misses the visit; who gets the other advice follows it. Where an experiment with patients
    becomes research, an ethics board decides.

    ## Example

    ```yaml
    layer: essential
    experiment: {metric: click, detect: 3pp, variants: {b: {send: {offset: -P1D}}}}
    ```

    ## Use instead

    ```yaml
    layer: essential
    experiment: {metric: click, detect: 3pp, variants: {b: {subject: Please confirm your time}}}
    ```

    ## Sources

    * this project's policy; where quality improvement ends and research begins differs by country (unconfirmed)
    """
    is_care = campaign.layer == "essential" or campaign.purpose == "treatment"
    why = "`layer: essential`" if campaign.layer == "essential" else "`purpose: treatment`"
    for email in campaign.emails:
        experiment = email.experiment
        if experiment is None:
            continue
        if email.label >= Label.SPECIAL:
            yield essential_layer_experiment.at(experiment.span, say="special")
        elif is_care and experiment.sends:
            yield essential_layer_experiment.at(experiment.span, variant=min(experiment.sends), why=why)
        elif is_care and email.reviewed is None and (variant := _other_advice(email, facts)):
            yield essential_layer_experiment.at(experiment.span, say="advice", variant=variant)


def _other_advice(email: Email, facts: Facts) -> str:
    """The first variant whose body names other clinical things than the e-mail's own."""
    own = {version.locale: _clinical(version, facts) for version in email.versions if version.variant == "a"}
    for version in email.versions:
        if version.variant != "a" and _clinical(version, facts) != own.get(version.locale, frozenset()):
            return version.variant
    return ""


def _clinical(version: Version, facts: Facts) -> frozenset[str]:
    parts = (part for part in facts.once(version_words, version).parts if part.block >= 0)
    folded = [fold(line.text) for part in parts for line in part.lines]
    found = (one for read in folded for one in find_concepts(read.text, version.locale, cased=read.cased))
    return frozenset(one.concept_id for one in found if not one.weak and concept(one.concept_id).kind in _CLINICAL)
