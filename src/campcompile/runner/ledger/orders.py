"""What people order: to pause, to call off, whom not to write to, what an unknown one turned out to be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from campcompile.runner.ledger.entry import Finished
from campcompile.runner.ledger.ledger import ALL, Ledger, ms


def pause(ledger: Ledger, campaign: str, now: datetime, reason: str = "by hand") -> None:
    """Let nothing of a campaign (ALL: of none) leave until `resume`."""
    with ledger.store.transaction():
        ledger.store.run(
            "INSERT INTO pauses VALUES (?, ?, ?) ON CONFLICT (campaign) DO UPDATE SET reason = excluded.reason",
            (campaign, ms(now), reason),
        )
        ledger.link(ms(now), "pause", {"campaign": campaign, "reason": reason})


def resume(ledger: Ledger, campaign: str, now: datetime) -> bool:
    """Whether it was paused. Of all campaigns: bounces and complaints are counted anew from now."""
    with ledger.store.transaction():
        was = ledger.store.run("DELETE FROM pauses WHERE campaign = ?", (campaign,)) > 0
        if was and campaign == ALL:
            ledger.store.run(
                "INSERT INTO facts VALUES ('resumed', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(ms(now)).encode(),),
            )
        if was:
            ledger.link(ms(now), "resume", {"campaign": campaign})
    return was


def cancel(ledger: Ledger, campaign: str, now: datetime, *, item: str = ALL, person: bytes = b"") -> int:
    """Call off what is planned by now and not yet on its way; how many."""
    where = ["state = 'planned'", "campaign = ?"]
    values: list[str | bytes] = [campaign]
    if item:
        where, values = [*where, "item = ?"], [*values, item]
    if person:
        where, values = [*where, "person = ?"], [*values, person]
    with ledger.store.transaction():
        ledger.store.run(
            "INSERT INTO stops VALUES (?, ?, ?, ?) ON CONFLICT (campaign, item, person) DO UPDATE SET at = excluded.at",
            (campaign, item, person, ms(now)),
        )
        chosen = f"SELECT id FROM sends WHERE {' AND '.join(where)}{ledger.store.holding}"
        count = ledger.store.run(
            f"UPDATE sends SET state = 'cancelled', reason = 'by hand', changed_at = ? WHERE id IN ({chosen})",
            (ms(now), *values),
        )
        ledger.link(ms(now), "cancel", {"campaign": campaign, "item": item, "cancelled": count})
    return count


def suppress(ledger: Ledger, addresses: Iterable[tuple[bytes, str]], now: datetime, source: str) -> int:
    """Write to these addresses no more: each with a layer, or ALL. How many weren't known."""
    with ledger.store.transaction():
        ledger.store.hold(["suppressions"])
        before = ledger.store.rows("SELECT count(*) FROM suppressions")[0][0]
        ledger.store.run_many(
            "INSERT INTO suppressions VALUES (?, ?, ?, ?) ON CONFLICT (address, layer) DO NOTHING",
            [(address, layer, ms(now), source) for address, layer in addresses],
        )
        count = int(ledger.store.rows("SELECT count(*) FROM suppressions")[0][0] - before)
        if count:
            ledger.link(ms(now), "suppress", {"source": source, "new": count})
    return count


def agree(ledger: Ledger, consents: Iterable[tuple[bytes, str, datetime]], now: datetime) -> int:
    """Replace what is known of consents: person, consent, since when. How many there are."""
    with ledger.store.transaction():
        ledger.store.hold(["consents"])
        ledger.store.run("DELETE FROM consents")
        ledger.store.run_many(
            "INSERT INTO consents VALUES (?, ?, ?) ON CONFLICT (person, consent) DO UPDATE SET given = excluded.given",
            [(person, consent, ms(given)) for person, consent, given in consents],
        )
        count = int(ledger.store.rows("SELECT count(*) FROM consents")[0][0])
        ledger.link(ms(now), "consents", {"known": count})
    return count


def forget(ledger: Ledger, before: datetime, now: datetime) -> int:
    """Of what was over before then, whom it was about. How many rows.

    Their own keys stay, so that nothing goes twice; what is unknown stays whole. What was called off never left, and
    may be planned again: it goes altogether.
    """
    over = "expires_at < ? AND state"
    with ledger.store.transaction():
        ledger.store.run(
            "UPDATE sends SET state = 'expired', reason = 'past its deadline', changed_at = ?"
            f" WHERE {over} = 'planned'",
            (ms(now), ms(before)),
        )
        count = ledger.store.run(f"DELETE FROM sends WHERE {over} = 'cancelled'", (ms(before),))
        count += ledger.store.run(
            "UPDATE sends SET person = ?, address = ?, consent = '', source_row = 0"
            f" WHERE {over} IN ('sent', 'failed', 'expired', 'suppressed') AND length(person) + length(address) > 0",
            (b"", b"", ms(before)),
        )
        if count:
            ledger.link(ms(now), "forget", {"before": ms(before), "rows": count})
    return count


def settle(ledger: Ledger, found: Iterable[Finished], now: datetime, source: str) -> int:
    """What was unknown has turned out: by a person, or by a feed. How many."""
    with ledger.store.transaction():
        known = [one for one in found if ledger.known([one.key]).get(one.key, ("",))[0] == "unknown"]
        ledger.end(known, ms(now))
        if known:
            ledger.link(ms(now), "settle", {"source": source, **ledger.told(known, [], [])})
    return len(known)


def come_back(ledger: Ledger, address: bytes, layers: Iterable[str], now: datetime) -> int:
    """Somebody wants a layer's mail again: lifts what they ordered themselves, no bounce, and no list's row."""
    with ledger.store.transaction():
        ledger.store.hold(["suppressions"])
        count = sum(
            ledger.store.run(
                "DELETE FROM suppressions WHERE address = ? AND layer = ? AND source = 'person'", (address, layer)
            )
            for layer in layers
        )
        if count:
            ledger.link(ms(now), "come back", {"lifted": count})
    return count
