"""Read a section of params.yaml and check the types and the ranges of its values.

An unknown key is an error, because it may be a typo.
"""

import difflib
import re
from functools import cache
from typing import Annotated, Any, Self, get_args, get_origin

from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, ValidationInfo, field_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from medsum.core.errors import UserError
from medsum.core.paths import PARAMS
from medsum.core.reading import read_yaml

LONGEST_SHOWN = 100  # a message shows at most this many characters of a wrong value
BOUNDS = {"gt": "greater than", "ge": "at least", "lt": "less than", "le": "at most"}


def _folder_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", name):
        raise ValueError("the name of a folder, without slashes or spaces")
    return name


FolderName = Annotated[str, AfterValidator(_folder_name)]


class ParamsSection(BaseModel):
    """Base class of all params sections. It converts strings such as `5e-05` to numbers and refuses unknown keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @field_validator("*", mode="before")
    @classmethod
    def _true_is_no_number(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, bool) and cls.model_fields[info.field_name or ""].annotation is not bool:
            raise ValueError("a value other than true or false")
        return value

    @classmethod
    def load(cls, name: str) -> Self:
        """Read section `name` of params.yaml in the current folder.

        Raise UserError if a value is wrong. The message has the key, the value and the allowed values.
        """
        return cls.parse(name, read_params().get(name))

    @classmethod
    def parse(cls, name: str, values: Any) -> Self:
        """Return section `name` with these values. Raise the same UserError as `load`."""
        if not isinstance(values, dict):
            raise UserError(f"{PARAMS} has no section '{name}'; restore it from Git")
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            raise UserError(f"{PARAMS}: {_sentence(cls, name, error.errors()[0])}") from None


@cache
def read_params() -> dict[str, Any]:
    """Return the content of params.yaml as plain Python values."""
    if not PARAMS.exists():
        raise UserError(f"{PARAMS} is not in this folder; run from the project's root")
    values = read_yaml(PARAMS, "restore it from Git")
    if not isinstance(values, dict):
        raise UserError(f"{PARAMS} has no sections; restore it from Git")
    return values


def _sentence(section: type[ParamsSection], name: str, error: ErrorDetails) -> str:
    path = [str(part) for part in error["loc"]]
    fields = _fields_at(section, path[:-1])
    key = ".".join([name, *path])
    if error["type"] == "extra_forbidden":
        return f"{key} is not a parameter; {closest(path[-1], list(fields))}"
    if error["type"] == "missing":
        return f"{key} is missing; add it"
    if not path:  # a validator that checks several keys writes a complete message
        return f"{name}: {error['msg'].removeprefix('Value error, ')}"
    allowed = _allowed(fields[path[-1]]) if path[-1] in fields else ""
    message = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    shown = repr(error["input"])
    shown = shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"
    return f"{key} is {shown}, but must be {allowed or message}"


def closest(name: object, known: list[str]) -> str:
    """Return a hint for a mistyped name: the most similar known name, or all known names if no name is similar."""
    near = difflib.get_close_matches(str(name), known, n=1)
    return f"did you mean '{near[0]}'?" if near else f"known here: {', '.join(known)}"


def _fields_at(section: type[BaseModel], path: list[str]) -> dict[str, FieldInfo]:
    for part in path:
        field = section.model_fields.get(part)
        if field is None or not (isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)):
            return {}
        section = field.annotation
    return dict(section.model_fields)


def _allowed(field: FieldInfo) -> str:
    """Return a text such as `a number greater than 0 and at most 1`. For a field without bounds, the text is empty."""
    kinds = get_args(field.annotation) or (field.annotation,)  # in `X | None`, the first part has the bounds of X
    inner = get_args(kinds[0]) if get_origin(kinds[0]) is Annotated else (kinds[0],)
    limits = [
        f"{words} {getattr(bound, name):g}"
        for part in (*field.metadata, *inner[1:])
        for bound in getattr(part, "metadata", [part])
        for name, words in BOUNDS.items()
        if hasattr(bound, name)
    ]
    if not limits:
        return ""
    kind = "a whole number" if inner[0] is int else "a number"
    return f"{kind} {' and '.join(limits)}{' or null' if type(None) in kinds else ''}"
