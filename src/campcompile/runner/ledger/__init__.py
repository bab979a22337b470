"""What was meant to leave, what left, and what nobody knows: durable, and without a name or an address.

Whoever hands anything to the world writes its intent here first. A sender of another kind than `delivery.py`, such as
one that carries out an ESP's requests, uses it like this:

    ledger = Ledger.open(path)                           # makes it where there is none
    with ledger.alone():                                 # in a seat of its own; what a dead one left is `unknown` now
        ledger.plan([Entry(key=…, campaign="ap71", item="create-template", …)], now)
        turn = ledger.turn(finished=(), wanted=[key], terms=Terms(digest=…, now=now))   # one durable write
        for claim in turn.claimed:                       # only these may leave, each once
            sight = ledger.look(claim.key, now)          # the last moment: None, or why not after all
            …                                            # hand it over
        ledger.turn(finished=[Finished(key, State.SENT)], wanted=[next_key], terms=…)

* A **key** is 32 bytes of HMAC under the ledger's own secret (`secret.py`): of an occurrence, or of whatever makes a
  request the same request when it is asked for again. Planning a key twice adds nothing.
* `person` and `address` are HMACs, too; b"" where nobody is written to: then no suppression, consent or cap is asked.
* What was claimed and never finished is `unknown`: it is listed for a person, or reconciled from a feed, never guessed.
* Every change of a state stands in a hash chain (`chain.py`), one link a turn.
* A file (`sqlite.py`) has one sender at a time, PostgreSQL (`postgres.py`) any number: `store.py` is all they share.
"""
