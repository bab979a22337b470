"""Frozen dataclasses as JSON and back, by the types of their fields; strict: nothing missing, nothing extra."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from json.encoder import encode_basestring
from typing import Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from campcompile import formula
from campcompile.formula import Formula

T = TypeVar("T")
_FORMULAS = get_args(Formula)
Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


class ShapeError(ValueError):
    """The JSON hasn't the shape of the value; `where` is a path such as `emails/0/send/at`."""

    def __init__(self, where: str, expected: str) -> None:
        super().__init__(f"`{where or '/'}` must be {expected}")
        self.where = where


def encode(value: object) -> Json:
    """A dataclass becomes an object with its fields in order; mappings are sorted by key."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, tuple):
        return [encode(item) for item in value]
    if isinstance(value, Mapping):
        return {key: encode(value[key]) for key in sorted(value)}
    if isinstance(value, _FORMULAS):
        return cast(Json, formula.to_json(cast(Formula, value)))
    return {name: encode(getattr(value, name)) for name in _names(cast(type, type(value)))}


def written(value: Json, line_end: str = "\n") -> str:
    """As `json.dumps` writes it with `indent=2, ensure_ascii=False`, which takes nearly twice as long.

    Its C encoder doesn't indent; `line_end` is a line's end and the indentation of the next.
    """
    if isinstance(value, str):
        return encode_basestring(value)
    inner = line_end + "  "
    if isinstance(value, dict) and value:
        rows = [f"{inner}{encode_basestring(key)}: {written(item, inner)}" for key, item in value.items()]
        return f"{{{','.join(rows)}{line_end}}}"
    if isinstance(value, list) and value:
        return f"[{','.join([inner + written(item, inner) for item in value])}{line_end}]"
    return json.dumps(value)


def decode(kind: type[T], data: object, where: str = "") -> T:
    """The inverse of `encode`. Raises ShapeError, which names the place."""
    return cast(T, _decode(kind, data, where))


def _decode(kind: object, data: object, where: str) -> object:
    if kind == Formula:
        return _formula(data, where)
    origin = get_origin(kind)
    if origin is Literal:
        return _one_of(get_args(kind), data, where)
    if origin in (Union, types.UnionType):
        return _union(get_args(kind), data, where)
    if origin is tuple:
        if not isinstance(data, list):
            raise ShapeError(where, "a list")
        return tuple(_decode(get_args(kind)[0], item, f"{where}/{place}") for place, item in enumerate(data))
    if origin is not None and issubclass(cast(type, origin), Mapping):
        return {key: _decode(get_args(kind)[1], item, f"{where}/{key}") for key, item in _object(data, where).items()}
    if is_dataclass(kind):
        return _dataclass(cast(type, kind), data, where)
    if type(data) is not kind:  # `is`, for True is no number here
        raise ShapeError(where, _SIMPLE[cast(type, kind)])
    return data


def _dataclass(kind: type, data: object, where: str) -> object:
    found = _object(data, where)
    hints = _hints(kind)
    for name in found:
        if name not in hints:
            raise ShapeError(f"{where}/{name}".lstrip("/"), "left out: it is unknown")
    for name in hints:
        if name not in found:
            raise ShapeError(f"{where}/{name}".lstrip("/"), "given")
    return kind(**{name: _decode(hints[name], found[name], f"{where}/{name}".lstrip("/")) for name in hints})


def _union(kinds: tuple[object, ...], data: object, where: str) -> object:
    if data is None and type(None) in kinds:
        return None
    for kind in kinds:
        if kind in _SIMPLE and type(data) is kind:
            return data
    for kind in kinds:
        if is_dataclass(kind):
            return _decode(kind, data, where)
    raise ShapeError(where, " or ".join(_SIMPLE.get(cast(type, kind), "null") for kind in kinds))


def _one_of(words: tuple[object, ...], data: object, where: str) -> object:
    if not isinstance(data, str) or data not in words:
        raise ShapeError(where, "one of " + ", ".join(f"`{word}`" for word in words))
    return data


def _object(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise ShapeError(where, "an object")
    return data


def _formula(data: object, where: str) -> Formula:
    try:
        result = formula.from_json(data)
    except (ValueError, TypeError) as error:
        raise ShapeError(where, f"a formula ({error})") from None
    _check(result, where)
    return result


def _check(node: Formula, where: str) -> None:
    """A formula's own values have the types that its node declares."""
    for name, kind in _hints(cast(type, type(node))).items():
        value = getattr(node, name)
        if kind == Formula or get_args(kind) == (Formula, ...) or kind == (Formula | None):
            children = value if get_origin(kind) is tuple else (value,)
            if not isinstance(children, tuple):
                raise ShapeError(where, "a formula")
            for child in children:
                if isinstance(child, get_args(Formula)):
                    _check(child, where)
                elif child is not None or kind == Formula:
                    raise ShapeError(where, "a formula")
        else:
            _decode(_loose(kind), _as_json(value), where)


def _loose(kind: object) -> object:
    """`tuple[tuple[str, str], ...]` as JSON has it: a list of lists."""
    if get_origin(kind) is tuple and get_origin(get_args(kind)[0]) is tuple:
        return tuple[tuple[str, ...], ...]
    return kind


def _as_json(value: object) -> object:
    return [_as_json(item) for item in value] if isinstance(value, tuple) else value


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


@cache
def _hints(kind: type) -> Mapping[str, object]:
    hints = get_type_hints(kind)
    return {part.name: hints[part.name] for part in fields(kind)}


_SIMPLE: dict[type, str] = {str: "a text", int: "a whole number", float: "a number", bool: "true or false"}
