"""Describe the answers of the API for its OpenAPI schema: notes, models, and errors of one sentence."""

from typing import Any

from starlette.responses import JSONResponse

from medsum.api.errors import FHIR_JSON

Answers = dict[int | str, dict[str, Any]]
TEXT = {"type": "string"}
_OF_SECTION = "the section of the text, if the note has several sections"


class FhirResponse(JSONResponse):
    """A FHIR resource."""

    media_type = FHIR_JSON


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties}


def _with_optional(schema: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """Return the schema of an object with more properties, which an answer may leave out."""
    return {**schema, "properties": {**schema["properties"], **properties}}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _answer(description: str, schema: dict[str, Any], kind: str = "application/json") -> dict[str, Any]:
    return {"description": description, "content": {kind: {"schema": schema}}}


def _streamed(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the answer with its second form, a stream of events."""
    return {**answer, "content": {**answer["content"], "text/event-stream": {"schema": TEXT}}}


_ERROR = _object(
    message=TEXT,
    type={"enum": ["invalid_request_error", "server_error"]},
    param=_or_null(TEXT),
    code=_or_null(TEXT),
)
_ISSUE = _object(severity={"enum": ["error"]}, code=TEXT, diagnostics=TEXT)
_OUTCOME = _object(resourceType={"enum": ["OperationOutcome"]}, issue=_list(_ISSUE))
_MODEL = _object(id=TEXT, object={"enum": ["model"]}, created={"type": "integer"}, owned_by=TEXT)
_MESSAGE = _object(role={"enum": ["assistant"]}, content=TEXT)
_CHOICE = _object(index={"type": "integer"}, message=_MESSAGE, finish_reason={"enum": ["stop"]})
_RISK = {"type": "number", "minimum": 0, "maximum": 1}
_PLACE = _or_null({"type": "integer", "minimum": 0})
_SECTION = _with_optional(
    _object(section=TEXT, heading=TEXT, summary=TEXT, start=_PLACE, end=_PLACE), risk=_or_null(_RISK)
)
_ABOUT_TEXT = _with_optional(  # a sentence of `evidence`, or a flag
    _object(start={"type": "integer"}, end={"type": "integer"}, turns=_list({"type": "integer"})),
    section={**TEXT, "description": _OF_SECTION},
)
_NOTE = _with_optional(
    _object(summary=TEXT, evidence=_list(_ABOUT_TEXT), flags=_list(_ABOUT_TEXT), model_sha256=TEXT),
    section={**_or_null(TEXT), "description": "the section of a note of one section"},
    sections={**_list(_SECTION), "description": "the sections of a note of several sections, in order"},
    risk={**_RISK, "description": "the risk that the note states something wrong"},
    held_back={"type": "boolean"},
    unchecked={**TEXT, "description": "why the note was not checked"},
)
_COMPLETION = _object(
    id=TEXT, object={"enum": ["chat.completion"]}, choices=_list(_CHOICE), usage={"type": "object"}, medsum=_NOTE
)
_REFUSED = "one sentence that says what is wrong"
_ERRORS: Answers = {name: _answer(_REFUSED, _object(error=_ERROR)) for name in ("4XX", "503")}
OF_CHAT: Answers = {
    200: _streamed(_answer("the note", _COMPLETION)),
    **_ERRORS,
}
OF_FHIR: Answers = {
    200: _answer("a Bundle with a Composition", _object(resourceType=TEXT), FHIR_JSON),
    **{name: _answer(_REFUSED, _OUTCOME, FHIR_JSON) for name in ("4XX", "503")},
}
OF_MODELS: Answers = {200: _answer("the model", _object(object={"enum": ["list"]}, data=_list(_MODEL))), **_ERRORS}
OF_MODEL: Answers = {200: _answer("the model", _MODEL), **_ERRORS}
