"""Legal basis: which row of consent.yaml allows a campaign in each place, at the label of what it tells."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.model.campaign import Campaign
from campcompile.model.labels import Label, join
from campcompile.model.shared import Basis, Consent
from campcompile.values import dataclass

LAYERS = ("essential", "updates", "promotional")
PURPOSES = ("treatment", "operations", "marketing", "referral", "review", "b2b")


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a place's rows say of a campaign."""

    place: str
    rows: tuple[Basis, ...]  # all that cover the place
    row: Basis | None  # the one that it rests on: of those that reach its label, the one that reaches least far
    consent: Consent | None  # of that row
    rivals: tuple[Basis, ...]  # others that would do as well


def label_of(campaign: Campaign) -> Label:
    """What is told by who gets the campaign and what it says."""
    return join((campaign.audience.label, *(email.label for email in campaign.emails)))


def grounds(campaign: Campaign, facts: Facts) -> Iterator[Grounds]:
    """One for each jurisdiction of the workspace, in its order."""
    if campaign.layer not in LAYERS or campaign.purpose not in PURPOSES:
        return  # that has its finding
    label = label_of(campaign)
    consents = facts.programme.consent.consents
    for place in facts.programme.settings.jurisdictions:
        rows = tuple(row for row in campaign.bases if row.covers(place))
        reaching = sorted((row for row in rows if label <= row.up_to), key=lambda row: row.up_to)
        row = reaching[0] if reaching else None
        rivals = tuple(other for other in reaching[1:] if row is not None and other.up_to == row.up_to)
        yield Grounds(place, rows, row, consents.get(row.consent) if row is not None else None, rivals)
