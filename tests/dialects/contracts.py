"""What a service's API takes: small schemas written by hand, and the official ones where they are at hand."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache, reduce
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker

from campcompile.dialects.export import Export, Request

SPECS = Path(__file__).parents[2] / ".." / "shared" / "esp" / "specs"
_ANSWERS = {"full_size_url": "https://pictures.example/a.png"}
_PLACE = re.compile(r"<<(answer|given|number) ([^<>]+)>>")


def _closed(needed: str, /, **properties: object) -> dict[str, Any]:
    return {
        "type": "object",
        "required": needed.split(),
        "properties": properties,
        "additionalProperties": False,
    }


_TEXT = {"type": "string", "minLength": 1}
_ANY_TEXT = {"type": "string"}
_YES_NO = {"type": "boolean"}
_NUMBER = {"type": "integer"}
_INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:(00|15|30|45):00\+00:00$"}
_CONDITION = _closed(
    "condition_type field op value",
    condition_type={"enum": ["TextMerge"]},
    field={"type": "string", "pattern": "^[A-Z][A-Z0-9]*$"},
    op={"enum": ["is"]},
    value=_TEXT,
)
_CONTENT = {"content_label": _TEXT, "html": _TEXT, "plain_text": _TEXT}

_LISTMONK = _closed(
    "name subject lists type content_type body",
    name=_TEXT,
    subject=_TEXT,
    lists={"type": "array", "items": {}},
    from_email=_TEXT,
    type={"const": "regular"},
    content_type={"const": "html"},
    messenger={"const": "email"},
    body=_TEXT,
    altbody=_TEXT,
    send_at=_TEXT,
)
_MANDRILL = _closed(
    "key name subject code text publish",
    key=_TEXT,
    name=_TEXT,
    from_email=_TEXT,
    from_name=_TEXT,
    subject=_TEXT,
    code=_TEXT,
    text=_TEXT,
    publish={"const": True},
)
_SENDGRID = _closed(
    "name subject html_content plain_content active",
    name={"type": "string", "minLength": 1, "maxLength": 100},
    subject={"type": "string", "minLength": 1, "maxLength": 255},
    html_content={"type": "string", "maxLength": 1048576},
    plain_content={"type": "string", "maxLength": 1048576},
    generate_plain_content=_YES_NO,
    active={"enum": [0, 1]},
)
_SES_CONTENT = _closed("Subject Html Text", Subject=_TEXT, Html=_TEXT, Text=_TEXT)
_SES_NAME = {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"}

_INSTANT_Z = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z$"}
_HUBSPOT = _closed(
    "name subject from content subscriptionDetails sendOnPublish subcategory",
    name=_TEXT,
    subject=_TEXT,
    **{"from": _closed("fromName replyTo", fromName=_TEXT, replyTo=_TEXT, customReplyTo=_TEXT)},
    to=_closed(
        "contactIlsLists",
        contactIlsLists=_closed("include", include={"type": "array", "items": _TEXT, "minItems": 1}),
    ),
    content=_closed(
        "templatePath plainTextVersion",
        templatePath={"type": "string", "pattern": r"^campcompile/[A-Za-z0-9._-]+\.html$"},
        plainTextVersion=_TEXT,
    ),
    subscriptionDetails=_closed("subscriptionId", subscriptionId=_TEXT),
    sendOnPublish={"const": False},
    subcategory={"enum": ["batch", "automated"]},
    publishDate=_INSTANT_Z,
)
_ENVELOPE = {
    "from_name": {"type": "string", "minLength": 1, "maxLength": 100},
    "from_email": {"type": "string", "minLength": 1, "maxLength": 80},
    "reply_to_email": {"type": "string", "minLength": 1, "maxLength": 80},
    "subject": _TEXT,
}
_CONSTANT_CONTACT_PAGE = {
    "type": "string",
    "maxLength": 150_000,
    "pattern": r"<body[^>]*>\[\[trackingImage\]\](?![\s\S]*\[\[trackingImage\]\])",  # once, where it is asked for
    "not": {"pattern": r"\[#|\$\{|<@"},
}
_CONSTANT_CONTACT = _closed(
    "name email_campaign_activities",
    name={"type": "string", "minLength": 1, "maxLength": 80},
    email_campaign_activities={
        "type": "array",
        "minItems": 1,
        "maxItems": 1,
        "items": _closed(
            "format_type from_name from_email reply_to_email subject html_content",
            format_type={"const": 5},
            html_content=_CONSTANT_CONTACT_PAGE,
            **_ENVELOPE,
        ),
    },
)

_BREVO_MAIL = {
    "sender": _closed("name email", name=_TEXT, email=_TEXT),
    "replyTo": _TEXT,
    "subject": _TEXT,
    "htmlContent": {"type": "string", "minLength": 11},
}

# (method, path) → the body that is taken; None for none
OURS: Mapping[str, Mapping[tuple[str, str], Mapping[str, Any] | None]] = {
    "mailchimp": {
        ("POST", "/file-manager/files"): _closed("name file_data", name=_TEXT, file_data=_TEXT),
        ("POST", "/templates"): _closed("name html", name=_TEXT, html=_TEXT),
        ("POST", "/lists/{}/merge-fields"): _closed(
            "tag name type",
            tag={"type": "string", "pattern": "^[A-Z][A-Z0-9]{0,9}$"},
            name=_TEXT,
            type={"enum": ["text"]},
            required={"const": False},
            public={"const": False},
            default_value=_ANY_TEXT,
        ),
        ("POST", "/lists/{}/segments"): _closed(
            "name options",
            name=_TEXT,
            options=_closed(
                "match conditions", match={"const": "all"}, conditions={"type": "array", "items": _CONDITION}
            ),
        ),
        ("POST", "/campaigns"): _closed(
            "type recipients settings tracking",
            type={"enum": ["regular", "variate"]},
            recipients=_closed(
                "list_id segment_opts",
                list_id=_TEXT,
                segment_opts=_closed("saved_segment_id", saved_segment_id=_NUMBER),
            ),
            settings=_closed(
                "subject_line title from_name reply_to",
                subject_line=_TEXT,
                title=_TEXT,
                from_name=_TEXT,
                reply_to=_TEXT,
                auto_footer=_YES_NO,
                inline_css=_YES_NO,
            ),
            tracking=_closed("opens html_clicks text_clicks", opens=_YES_NO, html_clicks=_YES_NO, text_clicks=_YES_NO),
            variate_settings=_closed(
                "winner_criteria test_size",
                winner_criteria={"enum": ["clicks", "manual"]},
                test_size=_NUMBER,
                subject_lines={"type": "array", "items": _TEXT, "maxItems": 3},
            ),
        ),
        ("PUT", "/campaigns/{}/content"): {
            "oneOf": [
                _closed("html plain_text", html=_TEXT, plain_text=_TEXT),
                _closed(
                    "variate_contents",
                    variate_contents={
                        "type": "array",
                        "items": _closed("content_label html plain_text", **_CONTENT),
                    },
                ),
            ]
        },
        ("GET", "/campaigns/{}/send-checklist"): None,
        ("POST", "/campaigns/{}/actions/test"): _closed(
            "test_emails send_type", test_emails={"type": "array", "items": _TEXT}, send_type={"enum": ["html"]}
        ),
        ("POST", "/campaigns/{}/actions/schedule"): _closed("schedule_time", schedule_time=_INSTANT),
    },
    "aws-ses": {
        ("POST", "/v2/email/templates"): _closed(
            "TemplateName TemplateContent", TemplateName=_SES_NAME, TemplateContent=_SES_CONTENT
        )
    },
    "brevo": {
        ("POST", "/contacts/attributes/normal/{name}"): _closed("type", type={"const": "text"}),
        ("POST", "/smtp/templates"): _closed(
            "templateName isActive sender replyTo subject htmlContent",
            templateName=_TEXT,
            isActive={"const": True},
            **_BREVO_MAIL,
        ),
        ("POST", "/emailCampaigns"): _closed(
            "name sender replyTo subject htmlContent recipients mirrorActive",
            name=_TEXT,
            recipients=_closed("listIds", listIds={"type": "array", "items": _NUMBER, "minItems": 1}),
            mirrorActive={"const": False},
            **_BREVO_MAIL,
        ),
        ("POST", "/emailCampaigns/{}/sendTest"): _closed(
            "emailTo", emailTo={"type": "array", "items": _TEXT, "minItems": 1}
        ),
        ("PUT", "/emailCampaigns/{}"): _closed("scheduledAt", scheduledAt=_INSTANT_Z),
    },
    "constant-contact": {
        ("POST", "/contact_custom_fields"): _closed(
            "label type",
            label={"type": "string", "pattern": "^[A-Z][A-Z0-9_]{1,49}$"},
            type={"const": "string"},
        ),
        ("POST", "/emails"): _CONSTANT_CONTACT,
        ("GET", "/emails/{}"): None,
        ("PUT", "/emails/activities/{}"): _closed(
            "from_name from_email reply_to_email subject contact_list_ids",
            contact_list_ids={"type": "array", "minItems": 1},
            **_ENVELOPE,
        ),
        ("POST", "/emails/activities/{}/tests"): _closed(
            "email_addresses", email_addresses={"type": "array", "items": _TEXT, "maxItems": 5}
        ),
        ("POST", "/emails/activities/{}/schedules"): _closed("scheduled_date", scheduled_date=_INSTANT_Z),
    },
    "hubspot": {
        ("POST", "/marketing/emails/2026-09"): _HUBSPOT,
        ("POST", "/marketing/emails/2026-09/{}/publish"): None,
    },
    "listmonk": {
        ("POST", "/api/campaigns"): _LISTMONK,
        ("PUT", "/api/campaigns/{}/status"): _closed("status", status={"const": "scheduled"}),
    },
    "mandrill": {("POST", "/templates/add"): _MANDRILL},
    "sendgrid": {
        ("POST", "/v3/templates"): _closed(
            "name generation", name={"type": "string", "maxLength": 100}, generation={"const": "dynamic"}
        ),
        ("POST", "/v3/templates/{}/versions"): _SENDGRID,
    },
}

_NAMED = {"brevo": re.compile(r"(?<=/attributes/normal/)[A-Z][A-Z0-9_]{0,49}\Z")}  # names of ours in paths


def concrete(export: Export) -> Iterator[tuple[Request, str, Any]]:
    """Each request with its path and body as they would go out: what is answered and given is filled in."""
    answers = _answers(export)
    for request in export.requests:
        body = request.body if request.body is None else _filled(json.loads(json.dumps(request.body)), answers)
        yield request, str(_filled(request.path, answers)), body


def _answers(export: Export) -> Mapping[str, Any]:
    return {request.step: _ANSWERS.get(request.keeps, 4711) for request in export.requests if request.keeps}


def _filled(value: Any, answers: Mapping[str, Any]) -> Any:
    if isinstance(value, dict):
        return {key: _filled(one, answers) for key, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, answers) for one in value]
    if isinstance(value, str):
        if found := _PLACE.fullmatch(value):
            return _said(found, answers)
        return _PLACE.sub(lambda found: str(_said(found, answers)), value)
    return value


def _said(found: re.Match[str], answers: Mapping[str, Any]) -> Any:
    if found[1] == "answer":
        return answers[found[2]]
    return 12 if found[1] == "number" else f"{found[2]}@practice.example"


def faults_of_ours(dialect: str, export: Export) -> list[str]:
    """What the schemas of our own find in an export's requests."""
    faults = []
    for request, path, body in concrete(export):
        shape = "/".join(
            "{}" if at and piece in _variables(request.path, path) else piece
            for at, piece in enumerate(path.split("/"))
        )
        shape = _NAMED[dialect].sub("{name}", shape) if dialect in _NAMED else shape
        known = OURS[dialect]
        if (request.method, shape) not in known:
            faults.append(f"{request.step}: no {request.method} {shape}")
            continue
        schema = known[request.method, shape]
        if schema is None:
            faults += [f"{request.step}: a body where none is taken"] * (body is not None)
        else:
            faults += [
                f"{request.step}: {error.message[:200]}" for error in Draft202012Validator(schema).iter_errors(body)
            ]
    return faults


def _variables(written: str, path: str) -> set[str]:
    """The pieces of a path that were filled in."""
    return {
        piece for piece, template in zip(path.split("/"), written.split("/"), strict=False) if _PLACE.search(template)
    }


class Official:
    """An official description of an API (Swagger 2 or OpenAPI 3), asked about requests."""

    def __init__(self, file: Path) -> None:
        self.document = official(file)
        servers = self.document.get("servers") or [{"url": ""}]
        self.base = urlsplit(servers[0]["url"]).path.rstrip("/")  # may stand before the paths that it names
        self.components = {key: self.document[key] for key in ("definitions", "components") if key in self.document}
        self.operations = [
            (path.count("{"), re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path)) + r"\Z"), methods)
            for path, methods in self.document["paths"].items()
        ]
        self.operations.sort(key=lambda row: row[0])

    def faults(self, export: Export) -> list[str]:
        """What it says against the requests, and against those by which they are found again."""
        return [
            f"{request.step}: {fault}"
            for request, path, body in concrete(export)
            for fault in (*self._of(request.method, path, body), *self._find(request, _answers(export)))
        ]

    def _find(self, request: Request, answers: Mapping[str, Any]) -> Iterator[str]:
        if request.find is None:
            return
        body = _filled(json.loads(json.dumps(request.find.body)), answers)
        yield from self._of("GET" if body is None else "POST", str(_filled(request.find.path, answers)), body)

    def _of(self, method: str, path: str, body: Any) -> Iterator[str]:
        plain, _, query = path.removeprefix(self.base).partition("?")
        found = next(
            (ops[method.lower()] for _, form, ops in self.operations if form.match(plain) and method.lower() in ops),
            None,
        )
        if found is None:
            yield f"no operation {method} {plain}"
            return
        yield from self._asked(found, query)
        schema = _schema(found, self.document)
        if schema is not None and body is not None:
            whole = {**schema, **self.components}
            for error in Draft4Validator(whole, format_checker=FormatChecker()).iter_errors(body):
                yield f"{'/'.join(map(str, error.absolute_path))}: {error.message[:160]}"

    def _asked(self, operation: Mapping[str, Any], query: str) -> Iterator[str]:
        """Each question is one that the operation knows, with a value that it may have."""
        known = {one["name"]: {**one, **one.get("schema", {})} for one in self._parameters(operation)}
        for name, value in parse_qsl(query):
            shape = known.get(name)
            if shape is None:
                yield f"nothing is asked by `{name}`"
            elif value not in shape.get("enum", [value]) or ("maximum" in shape and int(value) > shape["maximum"]):
                yield f"`{name}` can't be {value}"

    def _parameters(self, operation: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        for one in operation.get("parameters", ()):
            yield _referred(one, self.document) if "$ref" in one else one


def _referred(node: Mapping[str, Any], document: Any) -> Any:
    return reduce(lambda found, key: found[key], node["$ref"].split("/")[1:], document)


def _joined(schema: Mapping[str, Any], document: Any) -> Mapping[str, Any]:
    """`allOf` as one schema: each part by itself would refuse what the others take."""
    if "$ref" in schema:
        return _joined(_referred(schema, document), document)
    whole = {key: value for key, value in schema.items() if key != "allOf"}
    for part in (_joined(one, document) for one in schema.get("allOf", ())):
        whole["properties"] = {**whole.get("properties", {}), **part.get("properties", {})}
        whole["required"] = [*whole.get("required", ()), *part.get("required", ())]
        whole.update({key: part[key] for key in ("additionalProperties",) if key in part})
    return {key: value for key, value in whole.items() if value or key != "required"}


def _schema(operation: Mapping[str, Any], document: Any) -> Mapping[str, Any] | None:
    for parameter in operation.get("parameters", ()):
        if parameter.get("in") == "body":
            return dict(parameter["schema"])
    for content in operation.get("requestBody", {}).get("content", {}).values():
        if "schema" in content:
            return dict(_joined(content["schema"], document))
    return None


@cache
def official(file: Path) -> Any:
    """A specification as it stands, but for one slip: listmonk's calls an instant an object once, elsewhere a text."""
    if file.suffix == ".json":
        return json.loads(file.read_bytes())
    import yaml

    document = yaml.load(file.read_bytes(), Loader=yaml.CSafeLoader)
    if file.name.startswith("listmonk"):
        document["components"]["schemas"]["CampaignRequest"]["properties"]["send_at"] = {"type": "string"}
    return document
