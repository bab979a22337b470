"""An Amazon SES that remembers templates: each name is taken once, and nothing is taken unsigned."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx

_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-north-1/ses/aws4_request, "
    r"SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}"
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class FakeSes:
    """`CreateEmailTemplate` and `GetEmailTemplate` of API v2, by the members and errors of Amazon's model."""

    def __init__(self) -> None:
        self.templates: dict[str, dict[str, Any]] = {}
        self.refused = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not _SIGNED.fullmatch(request.headers.get("Authorization", "")):
            return self._error(403, "MissingAuthenticationTokenException")
        path = request.url.path
        if request.method == "POST" and path == "/v2/email/templates":
            return self._create(json.loads(request.content))
        if request.method == "GET" and (found := re.fullmatch(r"/v2/email/templates/([^/]+)", path)):
            if found[1] not in self.templates:
                return httpx.Response(404, json={"message": "no such template"})
            return httpx.Response(200, json={"TemplateName": found[1], "TemplateContent": self.templates[found[1]]})
        return self._error(404, "UnknownOperationException")

    def _create(self, body: dict[str, Any]) -> httpx.Response:
        content = body.get("TemplateContent", {})
        known = set(body) <= {"TemplateName", "TemplateContent", "Tags"} and set(content) <= {"Subject", "Html", "Text"}
        if not known or not _NAME.fullmatch(body.get("TemplateName", "")):
            return self._error(400, "BadRequestException")
        if body["TemplateName"] in self.templates:
            return self._error(400, "AlreadyExistsException")
        self.templates[body["TemplateName"]] = content
        return httpx.Response(200, json={})

    def _error(self, status: int, kind: str) -> httpx.Response:
        self.refused += 1
        return httpx.Response(status, json={"message": kind}, headers={"x-amzn-ErrorType": kind})
