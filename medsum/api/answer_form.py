"""Choose the form of an answer: the note as text, or a JSON object whose only property is the note."""

import json
from collections.abc import Callable
from typing import Any

from medsum.api.errors import ApiError

Form = Callable[[dict[str, Any]], str]


def form_of(response_format: dict[str, Any] | None) -> Form:
    """Return a function that turns a note into the content of a message. Raise ApiError if the form is not supported.

    Scribe software requests objects such as `{"key_points": [...]}`. The endpoint supports a schema with one property.
    If the property is a string, its value is the note. If it is a list of strings, its values are the sentences of the
    note. If the note was not checked, its sentences are unknown, and the list has the whole note.
    """
    kind = (response_format or {}).get("type", "text")
    if kind == "text":
        return _as_text
    if kind == "json_schema":
        name, is_list = _only_property(response_format or {})
        if is_list:
            return lambda note: _as_json(name, _sentences(note))
        return lambda note: _as_json(name, note["summary"])
    raise _refused()


def _as_text(note: dict[str, Any]) -> str:
    return str(note["summary"])


def _sentences(note: dict[str, Any]) -> list[str]:
    found = [row["sentence"] for row in note["evidence"]]
    return found or [text for text in [note["summary"]] if text]


def _as_json(name: str, value: object) -> str:
    return json.dumps({name: value}, ensure_ascii=False)


def _only_property(response_format: dict[str, Any]) -> tuple[str, bool]:
    """Return the name of the schema's only property, and whether it is a list of strings.

    Raise ApiError for every other schema.
    """
    try:
        [(name, value)] = response_format["json_schema"]["schema"]["properties"].items()
        if value["type"] == "string" and "enum" not in value and "const" not in value:
            return name, False
        if value["type"] == "array" and value["items"]["type"] == "string":
            return name, True
    except (KeyError, TypeError, ValueError, AttributeError):
        pass
    raise _refused()


def _refused() -> ApiError:
    sentence = "response_format must be text, or a json_schema with one property: a string or a list of strings"
    return ApiError(400, sentence, "response_format", "unsupported_value")
