"""Read transcripts that write each segment as keys and values: YAML, `Speaker: ...` above `Text: ...`, or logfmt.

logfmt is the format of server logs: `ts=09:14:22 speaker=doctor text="Any pain?"`.
"""

import re
from typing import Any

import yaml

from medsum.core.errors import UserError
from medsum.corpus.segments import SPEAKER_KEYS, TEXT_KEYS, as_key
from medsum.corpus.transcripts import transcript_text

_YAML_START = re.compile(r"\ufeff?\s*-\s+(?:speaker|role|start|text|name)\s*:", re.IGNORECASE)
_KEY = re.compile(r"(?P<indent>[ \t]*(?:- +)?)(?P<key>[A-Za-z][A-Za-z_ ]{0,20}?)[ \t]*:(?:[ \t]+(?P<value>.*)|$)")
_PAIR = re.compile(r"([A-Za-z][\w.]{0,30})=(?:\"((?:[^\"\\]|\\.)*)\"|(\S*))")


class _WithoutAliases(yaml.SafeLoader):
    """Refuse aliases (`*a`). A small text with aliases can have billions of values, or a value that holds itself."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Return the next node. Raise ComposerError if it is an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "an alias", None)
        return super().compose_node(parent, index)


def key_value_text(text: str) -> str | None:
    """Return one line `speaker: text` for each turn, or None if the text does not consist of keys and values.

    Raise UserError if a segment with text has no speaker, or if a YAML list of segments is not valid.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    speakers, texts = _count(lines, SPEAKER_KEYS), _count(lines, TEXT_KEYS)
    is_list = _YAML_START.match(text) is not None
    if is_list or (speakers > 1 and texts > 1):
        return _of_yaml(text, is_list) or _usable(_blocks(lines))
    records = [record for line in lines if "=" in line and _is_segment(record := _logged(line))]
    return _usable(records) if len(records) > 1 else None


def _count(lines: list[str], keys: tuple[str, ...]) -> int:
    found = (_KEY.match(line) for line in lines)
    return sum(match is not None and as_key(match["key"]) in keys for match in found)


def _of_yaml(text: str, is_list: bool) -> str | None:
    try:
        return transcript_text(_WithoutAliases(text).get_single_data())
    except (yaml.YAMLError, ValueError, RecursionError):
        if is_list:
            raise UserError("this text looks like YAML but is not valid; correct it, or give the text itself") from None
        return None  # blocks of keys and values are often not valid YAML


def _blocks(lines: list[str]) -> list[dict[str, Any]]:
    """Return the segments of lines `key: value`. If a key occurs again, it begins the next segment."""
    records: list[dict[str, Any]] = [{}]
    last = ""
    for line in lines:
        found = _KEY.match(line)
        if found:
            last = as_key(found["key"])
            if last in records[-1]:
                records.append({})
            records[-1][last] = found["value"] or ""
        elif line.strip() and last in TEXT_KEYS:
            records[-1][last] += f" {line.strip()}"
    return [record for record in records if _is_segment(record)]


def _logged(line: str) -> dict[str, Any]:
    return {as_key(key): quoted or plain for key, quoted, plain in _PAIR.findall(line)}


def _is_segment(record: dict[str, Any]) -> bool:
    return any(key in record for key in TEXT_KEYS) and any(key in record for key in SPEAKER_KEYS)


def _usable(records: list[dict[str, Any]]) -> str | None:
    return transcript_text(records) if len(records) > 1 else None
