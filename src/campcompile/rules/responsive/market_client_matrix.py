"""RSP003: the mail clients that a practice tests for leave out those of its own readers."""

from __future__ import annotations

from campcompile.analysis.facts import Facts
from campcompile.analysis.mail_clients import client_names, market_clients
from campcompile.model.campaign import Programme
from campcompile.rules.check import Found, rule
from campcompile.rules.places import setting_span
from campcompile.syntax.findings import Severity


@rule(
    code="RSP003",
    slug="market-client-matrix",
    severity=Severity.WARNING,
    message="`clients` leaves out {missing}, which readers {where} use",
    help="add {names}, or take `clients` out: then those of your jurisdictions are looked at",
    sources=("caniemail.com (MIT): the clients that it tests",),
)
def market_client_matrix(programme: Programme, facts: Facts) -> Found:
    """
    ## What it does

    Compares `clients` of campcompile.yaml with the mail clients that readers in the practice's `jurisdictions` are
    said to use: Apple Mail, Gmail and Outlook everywhere, in France also Orange, SFR, LaPoste.net and Free, in the
    United States also Yahoo. Without `clients` there is nothing to compare.

    For Norway and Taiwan nobody has published tests of a webmail of their own: there the three are all that is
    asked for. The shares behind the list are unconfirmed; so this is a warning and never an error.

    ## Why it matters

    In France about every sixth reader is with Orange, whose webmail drops what Gmail shows. A layout that was
    looked at in Gmail alone hasn't been looked at for them.

    ## Example

    ```yaml
    jurisdictions: [FR]
    clients: [gmail, apple-mail, outlook]
    ```

    ## Use instead

    ```yaml
    jurisdictions: [FR]
    clients: [gmail, apple-mail, outlook, orange, sfr, laposte, free-fr]
    ```

    ## Sources

    * caniemail.com: Orange, SFR, LaPoste.net and Free are tested there; no webmail of Norway or Taiwan is
    * shares of clients by market: unconfirmed, see `mail_clients.json`
    """
    stated = programme.settings.clients
    if not stated:
        return
    span = setting_span(facts, "clients", otherwise=programme.settings.span)
    everywhere = market_clients(())
    for place in ("", *programme.settings.jurisdictions):
        wanted = [client for client in market_clients([place]) if (client in everywhere) == (not place)]
        missing = [client for client in wanted if client not in stated]
        if missing:
            yield market_client_matrix.at(
                span,
                missing=", ".join(client_names()[client] for client in missing),
                names=", ".join(f"`{client}`" for client in missing),
                where=f"in {place}" if place else "everywhere",
            )
