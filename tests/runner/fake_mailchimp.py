"""A Mailchimp that remembers: names are taken once, order counts, and it can be busy, silent or slow on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import httpx


class FakeMailchimp:
    """Answers as the Marketing API does, as far as a plan of ours asks; `made` counts what is there."""

    def __init__(self) -> None:
        self.files: list[dict[str, Any]] = []
        self.templates: list[dict[str, Any]] = []
        self.fields: list[dict[str, Any]] = []
        self.segments: list[dict[str, Any]] = []
        self.campaigns: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.tests = 0

    @property
    def made(self) -> dict[str, list[str]]:
        """Every name that is there, as often as it is."""
        return {
            "files": [one["name"] for one in self.files],
            "templates": [one["name"] for one in self.templates],
            "fields": [one["tag"] for one in self.fields],
            "segments": [one["name"] for one in self.segments],
            "campaigns": [one["settings"]["title"] for one in self.campaigns],
            "scheduled": [one["settings"]["title"] for one in self.campaigns if one["status"] == "schedule"],
            "worded": [one["settings"]["title"] for one in self.campaigns if one["content"]],
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.headers["Authorization"].startswith("Basic ")
        path = request.url.path.removeprefix("/3.0")
        self.calls.append(f"{request.method} {path}")
        body = json.loads(request.content) if request.content else None
        routes: list[tuple[str, str, Callable[..., httpx.Response]]] = [
            ("GET", r"/file-manager/files", lambda: _ok({"files": self.files})),
            ("POST", r"/file-manager/files", lambda: self._file(body)),
            ("GET", r"/templates", lambda: _ok({"templates": self.templates})),
            ("POST", r"/templates", lambda: self._template(body)),
            ("GET", r"/lists/(\w+)/merge-fields", lambda _: _ok({"merge_fields": self.fields})),
            ("POST", r"/lists/(\w+)/merge-fields", lambda _: self._field(body)),
            ("GET", r"/lists/(\w+)/segments", lambda _: _ok({"segments": self.segments})),
            ("POST", r"/lists/(\w+)/segments", lambda _: self._segment(body)),
            ("GET", r"/campaigns", lambda: _ok({"campaigns": self.campaigns})),
            ("POST", r"/campaigns", lambda: self._campaign(body)),
            ("GET", r"/campaigns/(\w+)", lambda id: _ok(self._at(id))),
            ("PUT", r"/campaigns/(\w+)/content", lambda id: self._content(id, body)),
            ("GET", r"/campaigns/(\w+)/send-checklist", lambda id: self._checklist(id)),
            ("POST", r"/campaigns/(\w+)/actions/test", lambda id: self._test(id)),
            ("POST", r"/campaigns/(\w+)/actions/schedule", lambda id: self._schedule(id, body)),
        ]
        for method, form, answer in routes:
            if method == request.method and (found := re.fullmatch(form, path)):
                return answer(*found.groups())
        return _problem(404, "Resource Not Found")

    def _file(self, body: dict[str, Any]) -> httpx.Response:
        id = len(self.files) + 1
        self.files.append({"id": id, "name": body["name"], "full_size_url": f"https://pictures.example/{id}.png"})
        return _ok(self.files[-1])

    def _template(self, body: dict[str, Any]) -> httpx.Response:
        self.templates.append({"id": len(self.templates) + 1, "name": body["name"]})
        return _ok(self.templates[-1])

    def _field(self, body: dict[str, Any]) -> httpx.Response:
        if body["tag"] in self.made["fields"]:
            return _problem(400, "Invalid Resource", "a merge field with this tag exists already")
        self.fields.append({"merge_id": len(self.fields) + 1, "tag": body["tag"]})
        return _ok(self.fields[-1])

    def _segment(self, body: dict[str, Any]) -> httpx.Response:
        for condition in body["options"]["conditions"]:
            if condition["field"] not in self.made["fields"]:
                return _problem(400, "Invalid Resource", "no such merge field")
        self.segments.append({"id": len(self.segments) + 1, "name": body["name"]})
        return _ok(self.segments[-1])

    def _campaign(self, body: dict[str, Any]) -> httpx.Response:
        if body["recipients"]["segment_opts"]["saved_segment_id"] not in {one["id"] for one in self.segments}:
            return _problem(400, "Invalid Resource", "no such segment")
        id = f"c{len(self.campaigns) + 1}"
        self.campaigns.append({"id": id, "status": "save", "settings": body["settings"], "content": None})
        return _ok({"id": id, "status": "save"})

    def _at(self, id: str) -> dict[str, Any]:
        return next(one for one in self.campaigns if one["id"] == id)

    def _content(self, id: str, body: dict[str, Any]) -> httpx.Response:
        if self._at(id)["status"] == "schedule":
            return _problem(400, "Campaign is scheduled")
        assert "<<" not in json.dumps(body).replace("<<!", "")
        self._at(id)["content"] = body
        return _ok({})

    def _checklist(self, id: str) -> httpx.Response:
        ready = self._at(id)["content"] is not None
        items = [] if ready else [{"type": "error", "heading": "Content", "details": "there is none"}]
        return _ok({"is_ready": ready, "items": items})

    def _test(self, id: str) -> httpx.Response:
        self.tests += 1
        return httpx.Response(204) if self._at(id)["content"] else _problem(400, "Bad Request", "no content")

    def _schedule(self, id: str, body: dict[str, Any]) -> httpx.Response:
        campaign = self._at(id)
        if campaign["status"] == "schedule":
            return _problem(400, "Bad Request", "this campaign is scheduled already")
        if campaign["content"] is None or not re.search(r":(00|15|30|45):00\+00:00$", body["schedule_time"]):
            return _problem(400, "Bad Request", "can't be scheduled")
        campaign["status"] = "schedule"
        return httpx.Response(204)


def _ok(data: object) -> httpx.Response:
    return httpx.Response(200, json=data)


def _problem(status: int, title: str, detail: str = "") -> httpx.Response:
    return httpx.Response(status, json={"title": title, "status": status, "detail": detail})
