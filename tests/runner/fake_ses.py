"""An Amazon SES that remembers templates, and judges each request by Amazon's own model of its API (botocore's)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote

import httpx
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel, Shape
from botocore.validate import ParamValidator

_SIGNED = re.compile(
    r"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/\d{8}/eu-north-1/ses/aws4_request, "
    r"SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}"
)
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")  # its API reference says so; the model doesn't


@cache
def _model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sesv2", "service-2"), "sesv2")


@cache
def _operations() -> tuple[tuple[str, re.Pattern[str], OperationModel], ...]:
    """(method, path, operation), by the model's own traits; paths without a place first."""
    made = []
    for name in _model().operation_names:
        operation = _model().operation_model(name)
        form = re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", operation.http["requestUri"].partition("?")[0])
        made.append((operation.http["method"], re.compile(form.rstrip("/") + "/?"), operation))
    return tuple(sorted(made, key=lambda row: row[1].pattern.count("(?P<")))


class FakeSes:
    """Every operation is known and judged; those that plans of ours ask for are carried out."""

    def __init__(self) -> None:
        self.templates: dict[str, dict[str, Any]] = {}
        self.refused: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if not _SIGNED.fullmatch(request.headers.get("Authorization", "")):
            return self._error("BadRequestException", "not signed")
        for method, form, operation in _operations():
            found = form.fullmatch(request.url.path)
            if found and method == request.method:
                given = {**(json.loads(request.content) if request.content else {}), **_in_path(operation, found)}
                wrong = "; ".join(_faults(operation.input_shape, given))
                return self._error("BadRequestException", wrong) if wrong else self._do(operation.name, given)
        return self._error("NotFoundException", f"no operation {request.method} {request.url.path}")

    def _do(self, operation: str, given: dict[str, Any]) -> httpx.Response:
        name = given.get("TemplateName", "")
        if operation == "GetEmailTemplate":
            if name not in self.templates:
                return _answer("NotFoundException", "no such template")
            return httpx.Response(200, json={"TemplateName": name, "TemplateContent": self.templates[name]})
        assert operation == "CreateEmailTemplate", f"{operation} isn't played"
        if not _NAME.fullmatch(name):
            return self._error("BadRequestException", "a name of other signs")
        if name in self.templates:
            return self._error("AlreadyExistsException", name)
        self.templates[name] = given["TemplateContent"]
        return httpx.Response(200, json={})

    def _error(self, kind: str, message: str) -> httpx.Response:
        self.refused.append(f"{kind}: {message}")
        return _answer(kind, message)


def _answer(kind: str, message: str) -> httpx.Response:
    """An error with the status that the model gives it."""
    status = _model().shape_for(kind).metadata["error"]["httpStatusCode"]
    return httpx.Response(status, json={"message": message}, headers={"x-amzn-ErrorType": kind})


def _in_path(operation: OperationModel, found: re.Match[str]) -> dict[str, str]:
    members = operation.input_shape.members if operation.input_shape else {}
    names = {shape.serialization.get("name", name): name for name, shape in members.items()}
    return {names[place]: unquote(value) for place, value in found.groupdict().items()}


def _faults(shape: Shape | None, given: dict[str, Any]) -> Iterator[str]:
    if shape is None:
        yield from ["takes no body"] * bool(given)
        return
    yield from _unknown(shape, given)
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        yield report.generate_report()


def _unknown(shape: Shape, given: object) -> Iterator[str]:
    """Members and choices that the model doesn't have, about which botocore is silent."""
    if shape.type_name == "structure" and isinstance(given, dict):
        for name, value in given.items():
            if name not in shape.members:
                yield f"{shape.name} has no `{name}`"
            else:
                yield from _unknown(shape.members[name], value)
    elif shape.type_name == "list" and isinstance(given, list):
        for value in given:
            yield from _unknown(shape.member, value)
    elif shape.type_name == "string" and shape.enum and given not in shape.enum:
        yield f"`{given}` is none of {shape.name}"
