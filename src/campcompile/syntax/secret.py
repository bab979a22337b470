"""What looks like a secret: the known shapes of API keys and tokens, and long random values under a telling key."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import NamedTuple

from campcompile.regex import regex

# Vendors' own forms; each with the words that a message uses, never with the value.
_SHAPES = (
    ("a private key", regex(r"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----")),
    ("a Mailchimp API key", regex(r"\b[0-9a-f]{32}-us[0-9]{1,3}\b")),
    ("a SendGrid API key", regex(r"\bSG\.[\w-]{16,99}\.[\w-]{16}")),
    ("a Mailgun API key", regex(r"\bkey-[0-9a-zA-Z]{32}\b")),
    ("a Brevo API key", regex(r"\bxkeysib-[0-9a-f]{32,}")),
    ("a Mandrill API key", regex(r"\bmd-[\w-]{22}\b")),
    ("a Klaviyo private key", regex(r"\bpk_[0-9a-f]{34}\b")),
    ("a Resend API key", regex(r"\bre_[A-Za-z0-9]{8,32}_[A-Za-z0-9]{16,99}\b")),
    ("an AWS access key", regex(r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b")),
    ("a Google API key", regex(r"\bAIza[\w-]{35}")),
    ("a Stripe key", regex(r"\b[sr]k_(?:live|test)_[0-9A-Za-z]{16,}\b")),
    ("a GitHub token", regex(r"\b(?:gh[pousr]_[0-9A-Za-z]{36,}|github_pat_\w{22,})\b")),
    ("a GitLab token", regex(r"\bglpat-[\w-]{20,}")),
    ("a Slack token", regex(r"\bxox[abeoprs]-[\w-]{10,}")),
    ("a signed token (JWT)", regex(r"\beyJ[\w-]{8,200}\.eyJ[\w-]{8,2000}\.[\w-]{8}")),
    ("a password in an address", regex(r"\b[a-z][a-z0-9+.-]{0,20}://[^\s/:@]{1,200}:[^\s/@]{1,200}@")),
)
_MARKS = regex(
    r"-us[0-9]|SG\.|key-|xkeysib|md-|[ps]k_|rk_|re_|AKIA|ASIA|AIza|gh[pousr]_|github_pat|glpat|xox|eyJ|://|BEGIN"
)
_TELLING_KEY = regex(
    r"(?:^|[_.-])(?:api_?key|key|secret|token|passw(?:or)?d|passphrase|pwd|credentials?)$", re.IGNORECASE
)
_PASSWORD_KEY = regex(r"passw(?:or)?d|passphrase|pwd", re.IGNORECASE)
_RANDOM = regex(r"[A-Za-z0-9+/_=.-]{16,}")
_ELSEWHERE = regex(r"\$\{?\w+\}?|env[:.]\w+|[A-Z][A-Z0-9_]+|\{\{.*\}\}")


class Secret(NamedTuple):
    """What looks like a secret within a value, and where."""

    kind: str  # "an AWS access key"
    start: int
    end: int


def find_secret(value: str, key: str = "") -> Secret | None:
    """The first secret in a value, or None.

    `key` is the YAML key that it stands under: below `api_key`, `token`, `password` … a long random value is
    a secret without a known shape. A reference to the environment (`$SMTP_PASSWORD`) is none.
    """
    if _MARKS.search(value):
        for kind, shape in _SHAPES:
            if found := shape.search(value):
                return Secret(kind, found.start(), found.end())
    if not key or not _TELLING_KEY.search(key) or _ELSEWHERE.fullmatch(value):
        return None
    if _PASSWORD_KEY.search(key):
        is_one = len(value) >= 4 and not re.search(r"\s", value)
        return Secret("a password", 0, len(value)) if is_one else None
    is_random = _RANDOM.fullmatch(value) and _entropy(value) >= 3.0
    return Secret("a key or token", 0, len(value)) if is_random else None


def looks_secret(value: str) -> bool:
    """Whether a message must not show a value, whatever its key."""
    if find_secret(value):
        return True
    return any(len(run) >= 24 and _entropy(run) >= 3.5 and re.search(r"[0-9]", run) for run in _RANDOM.findall(value))


def _entropy(text: str) -> float:
    """Bits a character: random hex has nearly 4, words and repetitions less than 3."""
    counts = Counter(text).values()
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts)
