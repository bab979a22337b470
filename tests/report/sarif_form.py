"""What SARIF 2.1.0 asks of the objects that we write, as a schema that knows no others.

Written by hand from the standard (OASIS, 27 March 2020, sections 3.13 to 3.59): for each object its required
properties, its kinds and its closed choices. The official schema knows many more properties, and allows ours.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator

TEXT = {"type": "string", "minLength": 1}
FROM_ONE = {"type": "integer", "minimum": 1}
BAG = {"type": "object"}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
MESSAGE = {"$ref": "#/$defs/message"}
LOCATION = {"$ref": "#/$defs/location"}
REGION = {"$ref": "#/$defs/region"}
ARTIFACT = {"$ref": "#/$defs/artifactLocation"}


def _object(required: str = "", **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": required.split(),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any], *, least: int = 0, unique: bool = False) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least, "uniqueItems": unique}


_DEFS = {
    "message": _object("text", text=TEXT, markdown=TEXT),
    "artifactLocation": _object("uri", uri={"type": "string", "pattern": r"^[A-Za-z0-9._~!$&'()*+,;=:@/%-]+$"}),
    "region": _object(
        "startLine",
        startLine=FROM_ONE,
        startColumn=FROM_ONE,
        endLine=FROM_ONE,
        endColumn=FROM_ONE,
    ),
    "location": _object(
        "physicalLocation",
        id={"type": "integer", "minimum": -1},
        message=MESSAGE,
        physicalLocation=_object("artifactLocation", artifactLocation=ARTIFACT, region=REGION),
    ),
}
_RULE = _object(
    "id",
    id=TEXT,
    name=TEXT,
    shortDescription=MESSAGE,
    fullDescription=MESSAGE,
    help=MESSAGE,
    defaultConfiguration=_object("level", level=LEVEL),
    properties=_object("tags", tags=_list(TEXT, unique=True)),
)
_REPLACEMENT = _object("deletedRegion", deletedRegion=REGION, insertedContent=_object("text", text={"type": "string"}))
_CHANGE = _object("artifactLocation replacements", artifactLocation=ARTIFACT, replacements=_list(_REPLACEMENT, least=1))
_SUPPRESSION = _object(  # 3.35
    "kind",
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification=TEXT,
    location=LOCATION,
    properties=BAG,
)
_RESULT = _object(
    "message ruleId ruleIndex level locations partialFingerprints",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": 0},
    level=LEVEL,
    message=MESSAGE,
    locations=_list(LOCATION, least=1),
    relatedLocations=_list(LOCATION, unique=True),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    codeFlows=_list(
        _object(
            "threadFlows",
            threadFlows=_list(_object("locations", locations=_list(_object(location=LOCATION), least=1)), least=1),
        )
    ),
    fixes=_list(
        _object("artifactChanges", description=MESSAGE, artifactChanges=_list(_CHANGE, least=1), properties=BAG),
        unique=True,
    ),
    suppressions=_list(_SUPPRESSION, least=1, unique=True),
    properties=BAG,
)
_RUN = _object(
    "tool results",
    tool=_object("driver", driver=_object("name", name=TEXT, semanticVersion=TEXT, rules=_list(_RULE, unique=True))),
    language={"type": "string", "pattern": "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$"},
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    invocations=_list(_object("executionSuccessful", executionSuccessful={"type": "boolean"})),
    results=_list(_RESULT),
    properties=BAG,
)
SCHEMA = {
    "$defs": _DEFS,
    **_object("version runs", **{"$schema": TEXT, "version": {"const": "2.1.0"}, "runs": _list(_RUN)}),
}


def faults(document: Any) -> list[str]:
    """What is wrong with a SARIF log; empty where nothing is."""
    found = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(SCHEMA).iter_errors(document)]
    for run in document["runs"]:
        rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        for result in run["results"]:
            if rules[result["ruleIndex"]] != result["ruleId"]:
                found.append(f"rule {result['ruleIndex']} is not {result['ruleId']}")
    return found
