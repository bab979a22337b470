"""VEN004: a campaign asks for what the target that it is compiled for can't carry."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.dialects.dialect import Dialect
from campcompile.dialects.registry import dialect_ids, find_dialect
from campcompile.model.campaign import Campaign, Programme
from campcompile.model.practice import TargetSpec
from campcompile.model.rendered import RenderedEmail
from campcompile.rules.check import Found, rule
from campcompile.rules.loss import Loss
from campcompile.rules.losses import campaign_losses, message_losses
from campcompile.rules.places import SETTINGS, value_span
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.findings import Label as Place
from campcompile.syntax.suggest import listed, nearest


@rule(
    code="VEN004",
    slug="lossy-export",
    severity=Severity.ERROR,
    message="{target} {what}",
    help="{instead}",
    also={
        "unknown": (
            "there is no dialect `{name}`, so nothing can be exported to `targets: {target}`",
            "{advice}",
        ),
    },
)
def lossy_export(campaign: Campaign, facts: Facts) -> Found:
    """
    ## What it does

    Compares each campaign with what the targets that it is compiled for can carry, as `campcompile targets` lists it:
    words that depend on a condition, times that differ by person, tests of two versions, calendar files, mail that may
    not be unsubscribed from, signs that the service would take for merge tags of its own, and what its terms keep out.

    What would not arrive as it was written is an error at its line. Where a person can do by hand what the service's
    API can't, such as building a journey from templates, it is a warning; where the service keeps no times at all, and
    whoever calls it decides, a notice. A limit that the service itself has not confirmed never makes an error.

    ## Why it matters

    A service drops what it does not know without a word: the reader gets the sentence that was for somebody else, or
    `*|FNAME|*`.

    ## Example

    ```yaml
    layer: essential
    targets: [mailchimp]
    ```

    ## Use instead

    ```yaml
    layer: essential
    targets: [relay]      # a `smtp` target: our own runner
    ```

    ## Sources

    * each service's own documentation: campcompile/dialects/targets/, with the day that it was read
    * what its terms keep out: campcompile/analysis/data/vendors.yaml
    """
    for target in campaign.targets:
        dialect = find_dialect(target.dialect)
        if dialect is None or target.dialect == "smtp":
            continue
        for loss in campaign_losses(campaign, target, dialect, facts):
            if not (loss.is_of_terms and _is_in_the_us(facts.programme)):  # there VEN001 and VEN002 say it
                yield loss_finding(loss, target, dialect)


@rule(lossy_export.rule)
def lossy_words(message: RenderedEmail, facts: Facts) -> Found:
    """The words of one message."""
    for target in message.campaign.targets:
        if target.dialect == "smtp" or (dialect := find_dialect(target.dialect)) is None:
            continue
        for loss in message_losses(message, dialect, facts):
            yield loss_finding(loss, target, dialect)


@rule(lossy_export.rule)
def unknown_dialect(programme: Programme, facts: Facts) -> Found:
    """Rows of `targets` by themselves."""
    for target in programme.settings.targets.values():
        if target.dialect and find_dialect(target.dialect) is None:
            near = nearest(target.dialect, dialect_ids())
            meant = f"did you mean `{near}`? " if near else ""
            yield lossy_export.at(
                value_span(facts, SETTINGS, "targets", target.id, "dialect", otherwise=target.span),
                say="unknown",
                severity=Severity.WARNING,
                name=target.dialect,
                target=target.id,
                advice=f"{meant}there are {listed(dialect_ids())}; `bundle` writes files for any other tool",
            )


def loss_finding(loss: Loss, target: TargetSpec, dialect: Dialect) -> Diagnostic:
    """A loss as it is printed; `export` and `targets` ask for it, too."""
    return lossy_export.at(
        loss.span,
        severity=loss.severity,
        related=(Place(target.span, "the target"),),
        target=dialect.title,
        what=loss.what,
        instead=loss.instead,
    )


def _is_in_the_us(programme: Programme) -> bool:
    return "US" in {place.partition("-")[0] for place in programme.settings.jurisdictions}
