"""A line to a carrier: one request a message, and an exact account of each.

What was not taken may go again; what may have been taken is unknown, for no carrier tells one request from its
repetition. A no that isn't about the recipient is about our account: then nobody else gets a no for it, and it stops.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from campcompile.errors import DeliveryError
from campcompile.runner.api import LOOPBACK, Answer, Api, NotSentError, UnknownOutcomeError
from campcompile.runner.carriers.carrier import Carrier, Wishes
from campcompile.runner.message import Envelope
from campcompile.runner.services import Signer
from campcompile.runner.transport import ACCEPTED, Fate, Outcome

_FIRST_WAIT_S = 1.0
_LONGEST_WAIT_S = 60.0
_NOT_SAID = frozenset({408, 409})


class Line:
    """One request at a time."""

    def __init__(
        self,
        carrier: Carrier,
        base: str,
        signer: Signer,
        wishes: Wishes,
        *,
        steady: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[float, float], float] = random.uniform,
    ) -> None:
        """Raises UsageError for an address that isn't https, unless it is this machine's."""
        self.carrier = carrier
        self.name = carrier.service.name
        self.is_this_machine = urlsplit(base).hostname in LOOPBACK
        self.wishes = wishes
        self._api = Api(base, signer)
        self._steady, self._sleep, self._chance = steady, sleep, chance
        self._open_again = 0.0
        self._busy_in_a_row = 0
        self._has_taken = False

    def open(self) -> None:
        """Waits until the service has time again."""
        wait = self._open_again - self._steady()
        if wait > 0:
            self._sleep(wait)

    def deliver(self, envelope: Envelope, token: str) -> Outcome:
        """Hands one message over. Raises DeliveryError where the service takes none from us, and not this one."""
        order = self.carrier.order(envelope, token, self.wishes)
        try:
            answer = self._api.ask("POST", order.path, order.body, content_type=order.content_type)
        except NotSentError as error:
            raise DeliveryError(f"{self.name} doesn't answer ({error})", help="run it again later") from None
        except UnknownOutcomeError as error:
            return Outcome(Fate.UNKNOWN, f"{self.name} didn't say whether it took it ({error})")
        if answer.status in self.carrier.service.busy:
            return self._busy(answer)
        self._busy_in_a_row = 0
        return self._judged(answer)

    def close(self) -> None:
        """The line is kept: services close what they don't want."""

    def _judged(self, answer: Answer) -> Outcome:
        carrier = self.carrier
        if carrier.is_taken(answer):
            self._has_taken = True
            return ACCEPTED
        said = f"{self.name} refused it with code {answer.status}"
        if carrier.is_refused(answer):
            if self._has_taken or carrier.is_gone(answer):
                return Outcome(Fate.REFUSED, said, is_gone=carrier.is_gone(answer))
            raise DeliveryError(f"{said}, and had taken none before", help=_ASK.format(self.name))
        if answer.is_good or answer.status in _NOT_SAID:
            return Outcome(Fate.UNKNOWN, f"{self.name} didn't say whether it took it (code {answer.status})")
        raise DeliveryError(
            f"{self.name} takes nothing from this account (code {answer.status})", help=_ASK.format(self.name)
        )

    def _busy(self, answer: Answer) -> Outcome:
        """It took nothing. The next opening waits as long as it says, else with full jitter."""
        said = answer.headers.get("retry-after", "")
        self._busy_in_a_row += 1
        bound = min(_FIRST_WAIT_S * 2**self._busy_in_a_row, _LONGEST_WAIT_S)
        wait = float(said) if said.isascii() and said.isdigit() else self._chance(0, bound)
        if wait > _LONGEST_WAIT_S:
            raise DeliveryError(f"{self.name} wants no more for {wait:,.0f} seconds", help="run it again after that")
        self._open_again = self._steady() + wait
        return Outcome(Fate.DEFERRED, f"{self.name} wants us to come later (code {answer.status})", is_open=False)


_ASK = "look at {}'s own pages whether the key, the sender's domain and the account are in order"
