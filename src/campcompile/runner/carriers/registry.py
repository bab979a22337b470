"""Which carriers there are, by the names that vendors have everywhere; a carrier's file is read when it is wanted."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module

from campcompile.errors import UsageError
from campcompile.runner.carriers.carrier import Carrier

_FILES = {
    "aws-ses": "amazon",
    "mailgun": "mailgun",
    "paubox": "paubox",
    "postmark": "postmark",
    "sendgrid": "sendgrid",
}


def find_carrier(vendor: str) -> Carrier:
    """Raises UsageError for one that there isn't."""
    if vendor not in _FILES:
        near = get_close_matches(vendor, _FILES, n=1)
        meant = f"did you mean `{near[0]}`? " if near else ""
        raise UsageError(
            f"no service `{vendor}` is known that takes messages one by one",
            help=f"{meant}there are {', '.join(map('`{}`'.format, _FILES))}; any other may have a mail server: --smtp",
        )
    carrier = import_module(f"campcompile.runner.carriers.{_FILES[vendor]}").CARRIER
    assert isinstance(carrier, Carrier)
    return carrier
