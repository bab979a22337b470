"""Services that remember, each with the rules of its own API: names taken once, order, states, where its key is."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import httpx

Route = tuple[str, str, Callable[..., httpx.Response]]


class Fake(ABC):
    """What is there, by kind; `made` tells the names, each as often as it is there."""

    key_header: ClassVar[tuple[str, str]] = ("Authorization", "Bearer 0123456789abcdef-us21")

    def __init__(self) -> None:
        self.things: dict[str, list[dict[str, Any]]] = {}
        self.calls: list[str] = []
        self.refused: list[str] = []

    @property
    def made(self) -> dict[str, list[str]]:
        return {kind: sorted(map(self._told, rows)) for kind, rows in self.things.items()}

    def _told(self, thing: dict[str, Any]) -> str:
        return f"{thing['name']} {thing.get('state', '')}".strip()

    @abstractmethod
    def routes(self, body: Any) -> Sequence[Route]:
        """What it answers to: method, form of the path, and what makes the answer."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        name, value = self.key_header
        assert not name or request.headers[name] == value
        body = json.loads(request.content) if request.content else None
        assert "<<" not in json.dumps(body), "a place that nobody filled in"
        self.calls.append(f"{request.method} {request.url.path}")
        for method, form, answer in self.routes(body):
            if method == request.method and (found := re.fullmatch(form, request.url.path)):
                response = answer(*found.groups())
                break
        else:
            response = problem(404, f"no {request.method} {request.url.path}")
        if response.status_code >= 400 and not self.is_question(request):
            self.refused.append(self.calls[-1])
        return response

    def is_question(self, request: httpx.Request) -> bool:
        return request.method == "GET"

    def add(self, kind: str, name: str, **more: Any) -> dict[str, Any]:
        rows = self.things.setdefault(kind, [])
        rows.append({"id": str(len(rows) + 1), "name": name, **more})
        return rows[-1]

    def at(self, kind: str, id: str) -> dict[str, Any]:
        return next(one for one in self.things[kind] if one["id"] == id)

    def names(self, kind: str) -> list[str]:
        return [one["name"] for one in self.things.get(kind, [])]


class HubSpot(Fake):
    """An e-mail is made with its template, and is published once."""

    def routes(self, body: Any) -> Sequence[Route]:
        emails = "/marketing/emails/2026-09"
        return (
            ("GET", emails, lambda: ok({"total": 0, "results": self.things.get("emails", [])})),
            ("POST", emails, lambda: self._make(body)),
            ("GET", f"{emails}/(\\d+)", lambda id: ok(self.at("emails", id))),
            ("POST", f"{emails}/(\\d+)/publish", self._publish),
        )

    def _make(self, body: Mapping[str, Any]) -> httpx.Response:
        state = "DRAFT" if body["subcategory"] == "batch" else "AUTOMATED_DRAFT"
        return ok(self.add("emails", body["name"], state=state, publishDate=body.get("publishDate")))

    def _publish(self, id: str) -> httpx.Response:
        email = self.at("emails", id)
        if email["state"] != "DRAFT" or not email["publishDate"]:
            return problem(400, "can't be scheduled")
        email["state"] = "SCHEDULED"
        return httpx.Response(204)


class Brevo(Fake):
    """Attributes' names are taken once, campaigns' are not; a draft with a list is given its time once."""

    key_header = ("api-key", "0123456789abcdef-us21")

    def routes(self, body: Any) -> Sequence[Route]:
        campaigns = "/v3/emailCampaigns"
        return (
            ("GET", "/v3/contacts/attributes", lambda: ok({"attributes": self.things.get("attributes", [])})),
            ("POST", "/v3/contacts/attributes/normal/([A-Z0-9_]+)", self._attribute),
            ("GET", campaigns, lambda: ok({"campaigns": self.things.get("campaigns", [])[::-1]})),
            ("POST", campaigns, lambda: self._make(body)),
            ("GET", f"{campaigns}/(\\d+)", lambda id: ok(self.at("campaigns", id))),
            ("POST", f"{campaigns}/(\\d+)/sendTest", lambda id: httpx.Response(204)),
            ("PUT", f"{campaigns}/(\\d+)", lambda id: self._schedule(id, body)),
            ("GET", "/v3/smtp/templates", lambda: ok({"templates": self.things.get("templates", [])[::-1]})),
            ("POST", "/v3/smtp/templates", lambda: made(self.add("templates", body["templateName"]))),
        )

    def _told(self, thing: dict[str, Any]) -> str:
        return f"{thing['name']} {thing.get('status', '')}".strip()

    def _attribute(self, name: str) -> httpx.Response:
        if name in self.names("attributes"):
            return problem(400, "Attribute name must be unique")
        self.add("attributes", name, category="normal")
        return httpx.Response(201)

    def _make(self, body: Mapping[str, Any]) -> httpx.Response:
        lists = body["recipients"]["listIds"]
        if not all(isinstance(one, int) for one in lists):
            return problem(400, "List ids are not integers")
        return made(self.add("campaigns", body["name"], status="draft", lists=lists))

    def _schedule(self, id: str, body: Mapping[str, Any]) -> httpx.Response:
        campaign = self.at("campaigns", id)
        if campaign["status"] != "draft" or not campaign["lists"]:
            return problem(400, "can't be scheduled")
        campaign.update(status="queued", scheduledAt=body["scheduledAt"])
        return httpx.Response(204)


class ConstantContact(Fake):
    """Campaigns' names are taken once; an e-mail has its list before its time, and is not changed after it."""

    def routes(self, body: Any) -> Sequence[Route]:
        activity = "/v3/emails/activities/(\\d+)"
        return (
            ("GET", "/v3/contact_custom_fields", lambda: ok({"custom_fields": self.things.get("fields", [])})),
            ("POST", "/v3/contact_custom_fields", lambda: self._field(body)),
            (
                "GET",
                "/v3/emails",
                lambda: ok({"campaigns": [self._listed(one) for one in self.things.get("mails", [])]}),
            ),
            ("POST", "/v3/emails", lambda: self._make(body)),
            ("GET", "/v3/emails/(\\d+)", lambda id: ok(self._whole(self.at("mails", id)))),
            ("GET", activity, lambda id: ok({"current_status": self.at("mails", id)["state"]})),
            ("PUT", activity, lambda id: self._change(id, body)),
            ("POST", f"{activity}/tests", lambda id: httpx.Response(204)),
            ("POST", f"{activity}/schedules", self._schedule),
        )

    def _field(self, body: Mapping[str, Any]) -> httpx.Response:
        if body["label"] in self.names("fields"):
            return problem(409, "a field of this label exists")
        return ok(self.add("fields", body["label"], label=body["label"]))

    def _make(self, body: Mapping[str, Any]) -> httpx.Response:
        if body["name"] in self.names("mails"):
            return problem(409, "a campaign of this name exists")
        return ok(self._whole(self.add("mails", body["name"], state="DRAFT", lists=[])))

    def _listed(self, mail: Mapping[str, Any]) -> dict[str, Any]:
        return {"campaign_id": mail["id"], "name": mail["name"]}

    def _whole(self, mail: Mapping[str, Any]) -> dict[str, Any]:
        roles = [{"role": "permalink", "campaign_activity_id": "0"}]
        return {
            **self._listed(mail),
            "campaign_activities": [*roles, {"role": "primary_email", "campaign_activity_id": mail["id"]}],
        }

    def _change(self, id: str, body: Mapping[str, Any]) -> httpx.Response:
        mail = self.at("mails", id)
        if mail["state"] != "DRAFT":
            return problem(400, "it is scheduled")
        mail["lists"] = body["contact_list_ids"]
        return ok({})

    def _schedule(self, id: str) -> httpx.Response:
        mail = self.at("mails", id)
        if mail["state"] != "DRAFT" or not mail["lists"]:
            return problem(400, "can't be scheduled")
        mail["state"] = "SCHEDULED"
        return httpx.Response(201, json=[])


class Mandrill(Fake):
    """All is asked by POST with the key in the body, and every error is answer 500 with a name."""

    key_header = ("", "")

    def routes(self, body: Any) -> Sequence[Route]:
        assert body["key"] == "0123456789abcdef-us21"
        return (
            ("POST", "/api/1.4/templates/info", lambda: self._info(body["name"])),
            ("POST", "/api/1.4/templates/add", lambda: self._make(body["name"])),
        )

    def is_question(self, request: httpx.Request) -> bool:
        return request.url.path.endswith("/info")

    def _info(self, name: str) -> httpx.Response:
        return ok({"name": name}) if name in self.names("templates") else self._error(5, "Unknown_Template")

    def _make(self, name: str) -> httpx.Response:
        if name in self.names("templates"):
            return self._error(6, "Invalid_Template")
        return ok(self.add("templates", name))

    def _error(self, code: int, name: str) -> httpx.Response:
        return httpx.Response(500, json={"status": "error", "code": code, "name": name, "message": name})


class SendGrid(Fake):
    """A template, then its version."""

    def routes(self, body: Any) -> Sequence[Route]:
        return (
            ("GET", "/v3/templates", lambda: ok({"result": self.things.get("templates", [])})),
            ("POST", "/v3/templates", lambda: ok(self.add("templates", body["name"], versions=[]))),
            ("GET", "/v3/templates/(\\d+)", lambda id: ok(self.at("templates", id))),
            ("POST", "/v3/templates/(\\d+)/versions", lambda id: self._version(id, body)),
        )

    def _version(self, id: str, body: Mapping[str, Any]) -> httpx.Response:
        self.at("templates", id)["versions"].append(self.add("versions", body["name"]))
        return ok({})


class Listmonk(Fake):
    """Drafts, each scheduled once."""

    key_header = ("Authorization", "token 0123456789abcdef-us21")

    def routes(self, body: Any) -> Sequence[Route]:
        return (
            ("GET", "/api/campaigns", lambda: ok({"data": {"results": self.things.get("campaigns", [])}})),
            ("POST", "/api/campaigns", lambda: ok({"data": self.add("campaigns", body["name"], status="draft")})),
            ("GET", "/api/campaigns/(\\d+)", lambda id: ok({"data": self.at("campaigns", id)})),
            ("PUT", "/api/campaigns/(\\d+)/status", self._schedule),
        )

    def _told(self, thing: dict[str, Any]) -> str:
        return f"{thing['name']} {thing['status']}"

    def _schedule(self, id: str) -> httpx.Response:
        if self.at("campaigns", id)["status"] != "draft":
            return problem(400, "it is scheduled")
        self.at("campaigns", id)["status"] = "scheduled"
        return ok({})


FAKES: Mapping[str, Callable[[], Fake]] = {
    "brevo": Brevo,
    "constant-contact": ConstantContact,
    "hubspot": HubSpot,
    "listmonk": Listmonk,
    "mandrill": Mandrill,
    "sendgrid": SendGrid,
}


def ok(data: object) -> httpx.Response:
    return httpx.Response(200, json=data)


def made(thing: Mapping[str, Any]) -> httpx.Response:
    return httpx.Response(201, json={"id": int(thing["id"])})


def problem(status: int, title: str) -> httpx.Response:
    return httpx.Response(status, json={"message": title})
