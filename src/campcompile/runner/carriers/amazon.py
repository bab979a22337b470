"""Amazon SES, API v2: the message as it is, in base64 (SendEmail with Raw, service model of 2019-09-27).

SES gives a Message-ID of its own; ours stands in the tag `message`, which its events carry. It encrypts the way to the
mailbox where it can; that it must is said by a configuration set (DeliveryOptions.TlsPolicy: REQUIRE).
"""

from __future__ import annotations

from base64 import b64encode

from campcompile.runner.api import Answer
from campcompile.runner.carriers.carrier import Carrier, Order, Wishes
from campcompile.runner.keys import Environment
from campcompile.runner.message import Envelope
from campcompile.runner.services import SERVICES

CONFIGURATION = "CAMPCOMPILE_AWS_SES_CONFIGURATION_SET"
_RECIPIENT = ("MessageRejected", "BadRequestException")


def _order(envelope: Envelope, token: str, wishes: Wishes) -> Order:
    body = {
        "FromEmailAddress": envelope.sender,
        "Destination": {"ToAddresses": [envelope.recipient]},
        "Content": {"Raw": {"Data": b64encode(envelope.data).decode()}},
        "EmailTags": [{"Name": "message", "Value": token}],
        **({"ConfigurationSetName": wishes.configuration} if wishes.configuration else {}),
    }
    return Order(path="/v2/email/outbound-emails", body=body)


def _is_refused(answer: Answer) -> bool:
    kind = answer.headers.get("x-amzn-errortype", "").partition(":")[0]
    return answer.status == 400 and kind in _RECIPIENT


def _encrypts(environment: Environment) -> bool:
    return bool(environment.get(CONFIGURATION))


CARRIER = Carrier(service=SERVICES["aws-ses"], order=_order, is_refused=_is_refused, encrypts=_encrypts)
