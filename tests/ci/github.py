"""The two calls of GitHub's API that keep a comment, answered here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class GitHub:
    """The calls of the API that keep a comment, with what was asked of it."""

    url: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    refuses: int = 0  # the status with which every call is answered

    def add(self, body: str, kind: str = "User") -> dict[str, Any]:
        comment = {"id": 7000 + len(self.comments), "body": body, "user": {"type": kind}}
        self.comments.append(comment)
        return comment

    def answer(self, method: str, path: str, content: dict[str, Any]) -> tuple[int, Any]:
        place = urlsplit(path)
        self.calls.append(f"{method} {place.path}")
        if self.refuses:
            return self.refuses, {"message": "Resource not accessible by integration"}
        match method, place.path:
            case "GET", "/repos/clinic/mail/issues/12/comments":
                asked = {key: int(value[0]) for key, value in parse_qs(place.query).items()}
                start = (asked["page"] - 1) * asked["per_page"]
                return 200, self.comments[start : start + asked["per_page"]]
            case "POST", "/repos/clinic/mail/issues/12/comments":
                return 201, self.add(content["body"], "Bot")
            case "PATCH", _:
                comment = next(one for one in self.comments if place.path.endswith(f"/issues/comments/{one['id']}"))
                comment["body"] = content["body"]
                return 200, comment
        return 404, {}
