"""The world's failures, as exceptions: raised where known, caught once in cli/, which answers with exit code 2.

    CampcompileError
    ├── UsageError            asked for what isn't there: a path, a code, an e-mail, a date
    ├── NoWorkspaceError      no campcompile.yaml here or above
    ├── UnreadableError       files of the workspace that can't, or mustn't, be read
    ├── OccupiedError         we would have to overwrite a file that is somebody's
    ├── BundleError           build/ can't be written or trusted
    │   └── BusyError         another campcompile is writing it
    ├── RenderError           one person's message can't be made
    │   ├── MissingValueError a value that is printed is missing
    │   └── AddressError      a link that mustn't be sent
    ├── ServiceError          a service that sends mail refused a request, or can't be reached
    ├── RecipientsError       a file of recipients can't be used at all
    └── DeliveryError         messages can't be handed over

An author's mistakes are Diagnostics, never exceptions; our own mistakes are assertions.
"""

from __future__ import annotations


class CampcompileError(Exception):
    """`message` says what happened, lower case, without full stop; `help` what to do next ("" for nothing)."""

    def __init__(self, message: str, *, help: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.help = help


class UsageError(CampcompileError):
    """Asked for what isn't there: a path, a code, an e-mail, a date."""


class NoWorkspaceError(CampcompileError):
    """No campcompile.yaml here or above."""


class UnreadableError(CampcompileError):
    """Files of the workspace that can't, or mustn't, be read; one line of the message names each."""


class OccupiedError(CampcompileError):
    """We would have to overwrite a file that is somebody's."""


class BundleError(CampcompileError):
    """build/ can't be written or trusted."""


class BusyError(BundleError):
    """Another campcompile is writing build/."""


class RenderError(CampcompileError):
    """One person's message can't be made; names the field, never its value."""


class MissingValueError(RenderError):
    """A value that is printed is missing."""


class AddressError(RenderError):
    """A link that mustn't be sent: not https, another host, a name before the host, control characters."""


class RecipientsError(CampcompileError):
    """A file of recipients can't be used at all; never quotes what stands in it."""


class DeliveryError(CampcompileError):
    """Messages can't be handed over: a host that isn't allowed, no answer, a folder that can't be written."""


class ServiceError(CampcompileError):
    """A service that sends mail refused a request, or can't be reached; names the request, never a key."""


class LedgerError(CampcompileError):
    """What was sent can't be written down or read: no room, no secret, another sender. Then nothing is sent."""
