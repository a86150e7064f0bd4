"""The description of the interface (OpenAPI 3.1), completed by what holds for every route."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast

from fastapi.openapi.utils import get_openapi

from didban import __version__
from didban.api.idempotency import HEADER, MAX_KEY
from didban.api.problems import MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi import FastAPI

_ABOUT: Final = """\
The interface of one node. Every error is a problem document (RFC 9457). Long answers come in pages:
send `next_cursor` of one page as `cursor` of the next. A POST with an `Idempotency-Key` is done
once, however often it is sent. What a caller may not know of is answered as if it were not there.
"""

_PROBLEMS: Final = {
    "401": "Who asks is not known.",
    "403": "Who asks may not do this.",
    "404": "It is not there, or not for who asks.",
    "409": "It does not fit the present state.",
    "413": "The body is too large.",
    "422": "The request has not the shape or the sense that this path takes.",
    "429": "More was asked than who asks may.",
    "503": "Something that is needed does not answer; try again later.",
}
_SCHEMAS: Final[dict[str, Any]] = {
    "Problem": {
        "title": "Problem",
        "description": "What is wrong (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "instance"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "For people; no personal data."},
            "code": {"type": "string", "description": "For programs; stable."},
            "instance": {"type": "string", "format": "uri"},
            "reasons": {"type": "array", "items": {"type": "string"}},
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        },
    },
    "Fault": {
        "title": "Fault",
        "description": "One part of a request that has not its shape.",
        "type": "object",
        "required": ["in", "pointer", "detail"],
        "properties": {
            "in": {"type": "string", "enum": ["body", "path", "query", "header", "cookie"]},
            "pointer": {"type": "string", "description": "JSON pointer within that part."},
            "detail": {"type": "string"},
        },
    },
}
_SECURITY: Final[dict[str, Any]] = {
    "session": {
        "type": "http",
        "scheme": "bearer",
        "description": "The secret of a session (from sign-in) or of a device token.",
    },
    "device": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`ApiKey <device token>`, as clients of the OpenSanctions API send it.",
    },
}
_REFERENCE: Final = "#/components/schemas/"
_PAGE: Final = re.compile(r"Page_(?:Union_)?(.+?)_+")
_WORD: Final = re.compile(r"[A-Za-z0-9]+")
_KEY_PARAMETER: Final[dict[str, Any]] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sent again with the same key, the request is answered again, not done again.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"},
}


def describe(app: FastAPI) -> dict[str, Any]:
    """Return the whole description. Made once; the application keeps it."""
    if app.openapi_schema is None:
        made = get_openapi(
            title="Didban node", version=__version__, description=_ABOUT, routes=app.routes
        )
        made["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
        _complete(made)
        app.openapi_schema = _renamed(made)
    return app.openapi_schema


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (method, path, operation) of everything that is described."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            if method in {"get", "post", "put", "patch", "delete"}:
                yield method, path, operation


def _complete(description: dict[str, Any]) -> None:
    components = description.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas.update(_SCHEMAS)
    components["securitySchemes"] = _SECURITY
    components["responses"] = {f"Problem{status}": _response(status) for status in _PROBLEMS}
    for method, _, operation in operations(description):
        _summarise(operation)
        for status in _PROBLEMS:
            operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
        if "x-permission" in operation:
            operation["security"] = [{"session": []}, {"device": []}]
            if method == "post":
                operation.setdefault("parameters", []).append(_KEY_PARAMETER)


def _renamed(description: dict[str, Any]) -> dict[str, Any]:
    """Return the description with names of shapes that a person would give.

    Where two rooms have a shape of one name, the room's name stands before it: `AuditEntryTold`.
    """
    schemas = description["components"]["schemas"]
    names = {name: _plain(name) for name in schemas}
    if len(set(names.values())) < len(names):
        raise RuntimeError("two shapes would have one name: give one of them another")
    description["components"]["schemas"] = {names[name]: schemas[name] for name in sorted(schemas)}
    return cast("dict[str, Any]", _with_references(description, names))


def _plain(name: str) -> str:
    *_, room, own = ("", *name.split("__")) if name.startswith("didban__") else ("", "", name)
    before = "".join(word.capitalize() for word in room.split("_"))
    paged = _PAGE.fullmatch(own)
    return f"{before}{own}" if paged is None else f"PageOf{'Or'.join(_WORD.findall(paged[1]))}"


def _with_references(part: Any, names: dict[str, str]) -> Any:
    if isinstance(part, dict):
        return {
            key: _REFERENCE + names[value.removeprefix(_REFERENCE)]
            if key == "$ref" and value.startswith(_REFERENCE)
            else _with_references(value, names)
            for key, value in part.items()
        }
    return [_with_references(each, names) for each in part] if isinstance(part, list) else part


def _summarise(operation: dict[str, Any]) -> None:
    """Make the first line that a function says of itself the summary, and the rest the text."""
    first, _, rest = operation.pop("description", "").partition("\n\n")
    operation["summary"] = " ".join(first.split())
    if rest:
        operation["description"] = rest


def _response(status: str) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": _PROBLEMS[status], "content": {MEDIA_TYPE: {"schema": schema}}}
