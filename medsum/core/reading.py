"""Read text, JSON, JSON Lines and YAML files.

Each function raises UserError if the file cannot be read. The message is one sentence with the file, the line and
`remedy`. `remedy` says what the user can do, for example "run `dvc repro` to make it". No message contains text
of the file, because the text may be about a patient.
"""

import codecs
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from medsum.core.errors import UserError

AS_UTF8 = "save it as UTF-8"


def read_text(path: Path, remedy: str) -> str:
    """Return the text of a UTF-8 file without the byte order mark."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error, remedy) from None
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UserError(f"{path}, line {line}: not UTF-8; {AS_UTF8}, or {remedy}") from None


def read_json(path: Path, remedy: str) -> dict[str, Any]:
    """Return the JSON object in a file."""
    found = _parsed(read_text(path, remedy), f"{path}", remedy)
    if not isinstance(found, dict):
        raise UserError(f"{path} holds no JSON object; {remedy}")
    return found


def read_json_lines(path: Path, remedy: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the line number and the JSON object of each line that is not empty."""
    for number, row in read_json_values(path, remedy):
        if not isinstance(row, dict):
            raise UserError(f"{path}, line {number}: not a JSON object; {remedy}")
        yield number, row


def read_json_values(path: Path, remedy: str) -> Iterator[tuple[int, Any]]:
    """Yield the line number and the JSON value of each line that is not empty."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise _unreadable(path, error, remedy) from None
    with file:
        for number, content in enumerate(file, start=1):
            place = f"{path}, line {number}"
            try:
                text = content.removeprefix(codecs.BOM_UTF8 if number == 1 else b"").decode("utf-8")
            except UnicodeDecodeError:
                raise UserError(f"{place}: not UTF-8; {AS_UTF8}, or {remedy}") from None
            if not text.strip():
                continue
            yield number, _parsed(text, place, remedy)


def read_yaml(path: Path, remedy: str) -> Any:
    """Return the content of a YAML file as plain Python values."""
    text = read_text(path, remedy)
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise UserError(f"{path}, line {line}: not valid YAML ({error.problem}); correct that line") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise UserError(f"{path}, line {line}: a character that YAML does not allow; correct that line") from None
    except (yaml.YAMLError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UserError(f"{path} holds a value that YAML cannot read, such as an impossible date; {remedy}") from None


def _parsed(text: str, place: str, remedy: str) -> Any:
    try:
        found = json.loads(text)
        if "\\u" in text:  # an escape can be half of a character, which UTF-8 cannot encode
            json.dumps(found, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        where = f"{place}, line {error.lineno}" if "\n" in text.rstrip("\n") else place
        raise UserError(f"{where}: not a JSON object; {remedy}") from None
    # The text may have a number with thousands of digits, or thousands of nested brackets.
    except (ValueError, RecursionError):
        raise UserError(f"{place}: JSON that cannot be read; {remedy}") from None
    return found


def _unreadable(path: Path, error: OSError, remedy: str) -> UserError:
    if isinstance(error, FileNotFoundError):
        return UserError(f"{path} is not there; {remedy}")
    return UserError(f"{path} cannot be read: {error.strerror}; {remedy}")
