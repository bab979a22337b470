"""ADV004: patients who praise, stars, famous people, pictures of before and after."""

from __future__ import annotations

import re
from collections.abc import Iterator

from campcompile.analysis.advertising import Pitch, instead, pitched
from campcompile.analysis.facts import Facts
from campcompile.analysis.law import strictest
from campcompile.model.campaign import Asset, Version
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Severity
from campcompile.syntax.source import Span

_PAIR = r"before(?:.?and|.?&)?.?after|avant.?(?:et.?)?apr(?:e|è)s|f(?:ø|o|oe)r.?(?:og.?)?etter|術前術?後|前後對[比照]"
_SIDES = (
    ("before", "after"),
    ("avant", "apres"),
    ("avant", "après"),
    ("for", "etter"),
    ("før", "etter"),
    ("術前", "術後"),
)


@rule(
    code="ADV004",
    slug="testimonial-or-image-endorsement",
    severity=Severity.ERROR,
    message="`{words}` lets somebody else praise the practice ({law})",
    help="let those who give the care describe it, e.g. `{instead}`",
    also={
        "pictures": (
            "`{words}` shows before and after ({law})",
            "leave the picture out, and say in words what can be expected",
        ),
    },
)
def testimonial_or_image_endorsement(version: Version, facts: Facts) -> Found:
    """
    ## What it does

    Looks for what patients say, for stars, for famous people who recommend, in English, French, Norwegian and
    Chinese; and for pictures of before and after, by their names. It is an error in France and Taiwan, a warning in
    Norway, a note in the United States and the United Kingdom.

    ## Why it matters

    One person's result says nothing of the next one's, and reads as a promise.

    ## Example

    ```yaml
    body:
      - text: «Le docteur m'a sauvé !»
      - image: {src: avant-apres.jpg, alt: Un sourire}
    ```

    ## Use instead

    ```yaml
    body: Parcours, compétences et honoraires du docteur.
    ```

    ## Sources

    * France: decrees 2020-1658 to 1663; Code de la santé publique, R.4127-19-1: no testimonies of third parties
    * Taiwan: the ministry's directive of 2016: pictures of before and after, artists' images
    * Norway: helsepersonelloven § 13 (read second-hand)
    * United States: 16 CFR 255 (unconfirmed)
    """
    found = [("", claim.span(facts), claim.words) for claim in pitched(version, facts, Pitch.TESTIMONIAL)]
    found += [("pictures", span, name) for span, name in _pictures(version)]
    provision = strictest("testimonials", facts) if found else None
    if provision is None:
        return
    for say, span, words in found:
        yield testimonial_or_image_endorsement.at(
            span,
            say=say,
            severity=provision.severity,
            words=words,
            law=provision.words,
            instead=instead(Pitch.TESTIMONIAL, version.locale),
        )


def _pictures(version: Version) -> Iterator[tuple[Span, str]]:
    """Pictures whose names say before and after: one that holds both, or two that are one each."""
    images = [(block, asset) for block in version.blocks if isinstance(asset := block.fields.get("src"), Asset)]
    names = [asset.path.rpartition("/")[2].lower() for _, asset in images]
    for (block, _), name in zip(images, names, strict=True):
        if re.search(_PAIR, name) or any(_is_half(name, before, after, names) for before, after in _SIDES):
            yield block.spans["src"], name


def _is_half(name: str, before: str, after: str, names: list[str]) -> bool:
    """`smile-before.jpg`, where there is a `smile-after.jpg`."""
    return re.search(rf"(?<![^\W_]){before}(?![^\W_])", name) is not None and name.replace(before, after) in names
