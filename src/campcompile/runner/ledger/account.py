"""What a ledger tells: counts, pauses, what is unknown, and the audit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime

from campcompile.runner.ledger.chain import Link, faults
from campcompile.runner.ledger.entry import Doubt, Open, Policy, State
from campcompile.runner.ledger.ledger import ALL, Ledger, instant, ms


def counts(ledger: Ledger, campaign: str = ALL) -> list[tuple[str, str, State, int]]:
    """How many of each campaign and e-mail are in each state."""
    rows = ledger.store.rows(
        "SELECT campaign, item, state, count(*) FROM sends WHERE ? IN ('', campaign)"
        " GROUP BY campaign, item, state ORDER BY campaign, item, state",
        (campaign,),
    )
    return [(code, item, State(state), count) for code, item, state, count in rows]


def campaigns(ledger: Ledger) -> list[str]:
    return [row[0] for row in ledger.store.rows("SELECT DISTINCT campaign FROM sends ORDER BY campaign")]


def is_written_to(ledger: Ledger, campaign: str, person: bytes) -> bool:
    """Whether anything was ever planned of a campaign for a person."""
    rows = ledger.store.rows("SELECT 1 FROM sends WHERE campaign = ? AND person = ? LIMIT 1", (campaign, person))
    return bool(rows)


def paused(ledger: Ledger) -> list[tuple[str, datetime, str]]:
    rows = ledger.store.rows("SELECT campaign, since, reason FROM pauses ORDER BY campaign")
    return [(campaign, instant(since), reason) for campaign, since, reason in rows]


def unknown(ledger: Ledger, campaign: str = ALL) -> list[Open]:
    """What may or may not have arrived, for a person to look after."""
    rows = ledger.store.rows(
        "SELECT key, campaign, item, source_row, policy, changed_at, reason FROM sends"
        " WHERE state = 'unknown' AND ? IN ('', campaign) ORDER BY id",
        (campaign,),
    )
    return [
        Open(
            token=ledger.secret.token(bytes(key)),
            campaign=code,
            item=item,
            row=row,
            policy=Policy(policy).value,
            since=instant(since),
            reason=reason,
        )
        for key, code, item, row, policy, since, reason in rows
    ]


def unknown_by_token(ledger: Ledger) -> Mapping[str, Doubt]:
    """What is unknown, by the token that names its message."""
    rows = ledger.store.rows("SELECT key, policy, changed_at, expires_at FROM sends WHERE state = 'unknown'")
    return {
        ledger.secret.token(bytes(key)): Doubt(
            key=bytes(key), policy=Policy(policy), claimed=instant(claimed), expires=instant(expires)
        )
        for key, policy, claimed, expires in rows
    }


def audit(ledger: Ledger) -> Iterator[Link]:
    """Every link of every chain, by writer and number."""
    for row in ledger.store.each("SELECT chain, number, at, what, details, digest FROM audit ORDER BY chain, number"):
        names = ("chain", "number", "at", "what", "details", "digest")
        yield Link(**dict(zip(names, row, strict=True)))


def audit_faults(ledger: Ledger) -> list[str]:
    return faults(audit(ledger))


def heads(ledger: Ledger) -> list[tuple[str, int, str]]:
    """The last link of each chain: its name, number and digest."""
    rows = ledger.store.rows(
        "SELECT a.chain, a.number, a.digest FROM audit a"
        " WHERE a.number = (SELECT MAX(number) FROM audit b WHERE b.chain = a.chain) ORDER BY a.chain"
    )
    return [(chain, number, digest) for chain, number, digest in rows]


def layers_left(ledger: Ledger, address: bytes) -> frozenset[str]:
    """The layers of which an address gets nothing; ALL among them stands for every one."""
    return frozenset(
        row[0] for row in ledger.store.rows("SELECT layer FROM suppressions WHERE address = ?", (address,))
    )


def troubles(ledger: Ledger, since: datetime) -> tuple[int, Mapping[str, int]]:
    """How many messages were tried since then, and how many bounced, brought a complaint, or made somebody leave."""
    at = ms(since)
    tried = dict(
        ledger.store.rows(
            "SELECT state, count(*) FROM sends WHERE state IN ('sent', 'failed') AND length(address) > 0"
            " AND changed_at > ? GROUP BY state",
            (at,),
        )
    )
    people = dict(
        ledger.store.rows(
            "SELECT source, count(DISTINCT address) FROM suppressions WHERE since > ?"
            " AND source IN ('late bounce', 'complaint', 'person') GROUP BY source",
            (at,),
        )
    )
    counts = {
        "bounce": tried.get("failed", 0) + people.get("late bounce", 0),
        "complaint": people.get("complaint", 0),
        "unsubscribe": people.get("person", 0),
    }
    return sum(tried.values()), counts


def gone_since(ledger: Ledger, since: datetime) -> int:
    """How many messages left, or may have left, since then."""
    found = ledger.store.rows(
        "SELECT count(*) FROM sends WHERE state IN ('sent', 'failed', 'claimed', 'unknown') AND changed_at >= ?",
        (ms(since),),
    )
    return int(found[0][0])


def resumed(ledger: Ledger) -> datetime | None:
    """When a person last let everything go on."""
    found = ledger.store.rows("SELECT value FROM facts WHERE name = 'resumed'")
    return instant(int(bytes(found[0][0]))) if found else None


def written_by_token(ledger: Ledger, tokens: Collection[str]) -> Mapping[str, tuple[bytes, str]]:
    """Of these messages the address's key and the layer; those that the ledger doesn't know are left out."""
    found: dict[str, tuple[bytes, str]] = {}
    for key, address, layer in ledger.store.each("SELECT key, address, layer FROM sends WHERE length(address) > 0"):
        if (token := ledger.secret.token(bytes(key))) in tokens:
            found[token] = bytes(address), layer
    return found
