"""PHI009: what points at one person, typed into a file of the workspace."""

from __future__ import annotations

from collections.abc import Iterator

from campcompile.analysis.facts import Facts
from campcompile.analysis.own import own_details
from campcompile.model.campaign import Programme
from campcompile.phi.identifiers import Identifier, OwnDetails, find_identifiers
from campcompile.regex import regex
from campcompile.rules.check import Found, rule
from campcompile.syntax.findings import Diagnostic, Severity
from campcompile.syntax.source import Source
from campcompile.syntax.tree import Mapping, Node, Scalar

_KINDS = {  # of identifiers, as a person calls them
    "account": "an account number",
    "address": "somebody's home address",
    "date": "a date of somebody's life or care",
    "dea": "a prescriber's DEA number",
    "device": "a device's serial number",
    "email": "somebody's e-mail address",
    "ip-address": "an IP address",
    "licence": "a licence number",
    "mbi": "a Medicare number",
    "mrn": "a number of a medical record",
    "name": "a patient's name",
    "nhi-card": "a Taiwanese health card's number",
    "nhs-number": "an NHS number",
    "nir": "a French social security number",
    "norwegian-id": "a Norwegian national identity number",
    "npi": "a provider's NPI",
    "payment-card": "a payment card's number",
    "phone": "a telephone number that isn't the practice's",
    "plan-number": "a number of a health plan",
    "ssn": "a US social security number",
    "taiwan-arc": "a Taiwanese resident's number",
    "taiwan-id": "a Taiwanese identity number",
    "url": "an address made for one person",
    "vehicle": "a number plate",
}
_LANGUAGES = {"FR": "fr", "NO": "nb", "TW": "zh-Hant", "US": "en"}  # whose telephones are known without their code

# A key, an id, a code, a day, a time, a plain address: forms of the language, which hold nobody’s number.
_FORM = regex(
    r"[A-Za-z_.-]*|[a-z]{1,8}\d{1,4}|\d{1,4}|\d{4}-\d\d-\d\d|\d\d:\d\d(?:-\d\d:\d\d)?|[-+]?P?T?(?:\d{1,3}[DWMHB]+)+"
    r"|https://[a-z./-]*"
)
_FIGURES = regex(r"\d(?:\D{0,3}\d){5}")


@rule(
    code="PHI009",
    slug="literal-identifier-in-source",
    severity=Severity.ERROR,
    message="this looks like {kind}",
    help="take it out: a merge field gets it for each person, and an example needs a made-up one; if it is the "
    "practice's own, say so in campcompile.yaml (`staff`, `phone`, `public_numbers`, `senders`)",
    also={
        "unread": (
            "line {line} of this file, which nothing reads, looks like {kind}",
            "take the file out of the folder of campaigns, and out of the repository's history",
        ),
    },
    private=True,
    suppressible=False,
)
def literal_identifier_in_source(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Looks for what points at one person in every value, key and comment of the workspace's YAML, in its layouts, and
    in texts beside them that nothing reads, such as a README or a list (there, the first): national identity
    numbers, social security and health card numbers (each with its check digit), numbers of medical records, plans
    and accounts, telephones, e-mail and home addresses, dates of a life or of care, plates, addresses made for one
    person, and names in a patient's role; written with blanks, dots or full-width figures, too. No message of ours
    repeats what was found, and no report prints its line.

    What campcompile.yaml says of the practice is its own (names, staff, telephones, addresses, senders); so are
    numbers of public services, and numbers whose check digit is wrong. It can't be waived.

    Not looked at: pictures, files that are no text or whose name begins with a dot, what lies outside of campaigns/ and
    layouts/, and campaigns other than those that were asked about.

    ## Why it matters

    A repository keeps what was ever in it, on every computer that has a copy. And a number that was typed into an
    e-mail as an example goes to everybody who gets that e-mail.

    ## Example

    ```yaml
    body:
      - text: "Ola Nordmann, born 3 March 1957, said that we saved his summer."
    ```

    ## Use instead

    ```yaml
    body:
      - text: "One of our patients said that we saved the summer."
    ```

    ## Sources

    * 45 CFR 164.514(b)(2)(i)(A)–(R): the eighteen kinds of identifiers
    * the format and check digit of each number: docstrings of `campcompile/phi/identifiers/`
    """
    details = facts.once(own_details, programme)
    others = _not_asked(programme, facts)
    for path, document in facts.documents.items():
        if path.startswith(others):
            continue
        locales = _locales(path, programme)
        if not document.root.entries:  # no YAML: as it stands
            yield from _in_text(document.source, locales, details)
            continue
        for scalar in _scalars(document.root):
            for found in _found(scalar.value, locales, details):
                yield literal_identifier_in_source.at(scalar.text.span(found.start, found.end), kind=_KINDS[found.kind])
        for comment in document.comments:
            for found in _found(comment.text, locales, details):
                yield literal_identifier_in_source.at(comment.span(found.start, found.end), kind=_KINDS[found.kind])


@rule(literal_identifier_in_source.rule)
def literal_identifier_in_layout(programme: Programme, facts: Facts) -> Found:
    """Layouts and blocks, with their comments."""
    details = facts.once(own_details, programme)
    for path, source in facts.sources.items():
        if path not in facts.documents:
            yield from _in_text(source, _locales(path, programme), details)


@rule(literal_identifier_in_source.rule)
def literal_identifier_in_unread_text(programme: Programme, facts: Facts) -> Found:
    """Texts that nothing reads. No report has their lines, so the finding says which it is."""
    details = facts.once(own_details, programme)
    for path, source in facts.unread.items():
        locales = _locales(path, programme)
        lines = ((at, _found(line, locales, details)) for at, line in enumerate(source.text.split("\n"), 1))
        first = next(((at, found.kind) for at, all_found in lines for found in all_found), None)
        if first is not None:
            line, kind = str(first[0]), _KINDS[first[1]]
            yield literal_identifier_in_source.at(Source(path, "").whole(), say="unread", line=line, kind=kind)


def _in_text(source: Source, locales: tuple[str, ...], own: OwnDetails) -> Iterator[Diagnostic]:
    for found in _found(source.text, locales, own):
        yield literal_identifier_in_source.at(source.span(found.start, found.end), kind=_KINDS[found.kind])


def _not_asked(programme: Programme, facts: Facts) -> tuple[str, ...]:
    """Where the campaigns lie that nobody asked about. A folder without a campaign isn't among them."""
    asked = {campaign.path for campaign in programme.campaigns}
    return tuple(
        path.removesuffix("campaign.yaml")
        for path, document in facts.documents.items()
        if path.endswith("/campaign.yaml") and path not in asked and document.root.entries
    )


def _found(text: str, locales: tuple[str, ...], own: OwnDetails) -> Iterator[Identifier]:
    """What is found in a text in any of the languages, each place once."""
    if _FORM.fullmatch(text):
        return
    seen: set[int] = set()
    for locale in locales if _FIGURES.search(text) else locales[:1]:  # countries differ in their telephones alone
        for found in find_identifiers(text, locale, own):
            if seen.isdisjoint(range(found.start, found.end)) and not _is_host(found, text):
                seen.update(range(found.start, found.end))
                yield found


def _is_host(found: Identifier, text: str) -> bool:
    """`https://198.51.100.7`, `https://practice@evil.example`: a server, of which LNK001 speaks."""
    return found.kind in ("email", "ip-address") and text.endswith("//", 0, found.start)


def _locales(path: str, programme: Programme) -> tuple[str, ...]:
    """The language that a file is written in, and those of the countries that the practice is in."""
    settings = programme.settings
    name = path.rpartition("/")[2].removesuffix(".yaml")
    first = (
        name
        if name in settings.locales.all
        else next(
            (campaign.locales[0] for campaign in programme.campaigns if campaign.path == path and campaign.locales),
            settings.locales.default,
        )
    )
    at_home = (_LANGUAGES[place] for place in settings.jurisdictions if place in _LANGUAGES)
    return tuple(dict.fromkeys((first, *at_home)))


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Mapping):
        for entry in node.entries:
            yield entry.key
            yield from _scalars(entry.value)
    else:
        for item in node.items:
            yield from _scalars(item)
