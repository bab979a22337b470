"""What is the practice's own: its names, its staff, the hosts that its links may lead to."""

from __future__ import annotations

from campcompile.model.campaign import Programme
from campcompile.phi.identifiers import OwnDetails
from campcompile.syntax.link_check import host_of
from campcompile.values import dataclass


@dataclass(frozen=True, slots=True)
class Own:
    names: frozenset[str]  # folded: practice, sites, staff, senders
    hosts: frozenset[str]  # lower case; of links, notices, opt-out and personal links
    domains: frozenset[str]  # with all below them: of the website and of senders' addresses

    def has_host(self, host: str) -> bool:
        """Is a host one that the workspace names, or one below the practice's own domain?"""
        return host in self.hosts or any(host == domain or host.endswith(f".{domain}") for domain in self.domains)


def own(programme: Programme) -> Own:
    """Ask through `facts.once(own, facts.programme)`."""
    settings = programme.settings
    practice = settings.practice
    places = [practice.values, *(site.values for site in practice.sites.values())]
    names = [values.get(key, "") for values in places for key in ("name", "legal_name")]
    names += practice.staff
    names += [sender.name for sender in settings.senders.values()]
    addresses = [link.address for link in settings.links.values()] + list(settings.privacy_notice.values())
    if settings.opt_out:
        addresses += [settings.opt_out.page, settings.opt_out.one_click]
    hosts = {host_of(address) for address in addresses}
    hosts |= {link.host.lower() for link in settings.links.values()}
    hosts |= {field.host.lower() for field in programme.dictionary.fields.values()}
    domains = {host_of(values.get("website", "")).removeprefix("www.") for values in places}
    domains |= {sender.email.rpartition("@")[2].lower() for sender in settings.senders.values()}
    return Own(
        names=frozenset(name.casefold() for name in names if name),
        hosts=frozenset(hosts - {""}),
        domains=frozenset(domains - {""}),
    )


def own_details(programme: Programme) -> OwnDetails:
    """What the practice says of itself, and may say to everybody. Ask through `facts.once(own_details, …)`."""
    settings = programme.settings
    practice = settings.practice
    places = [practice.values, *(site.values for site in practice.sites.values())]
    addresses = [address for sender in settings.senders.values() for address in (sender.email, sender.reply_to)]
    if settings.opt_out:
        addresses.append(settings.opt_out.mailto)

    def told(*keys: str) -> tuple[str, ...]:
        return tuple(values[key] for values in places for key in keys if values.get(key))

    return OwnDetails(
        names=told("name", "legal_name"),
        domains=tuple(sorted(own(programme).domains)),
        phones=told("phone"),
        emails=(*told("email"), *filter(None, addresses)),
        address_lines=tuple(line for lines in told("address") for line in lines.split("\n")),
        staff=practice.staff,
        public_numbers=(*practice.public_numbers, *told("emergency")),
    )
