"""Put the messages of a chat into the order of their times, and refuse messages that are more than a day apart."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from medsum.core.errors import UserError

_TIME_KEY = re.compile(
    r"(?:time_?stamp|ts|date|date_?time|sent|created|time|(?:sent|created|start|message|send|event)_?(?:at|date|time)"
    r"|start)(?:_?(?:ms|utc|offset|millis))?$",
    re.IGNORECASE,
)
_LEAST = 3  # the fewest messages whose times show their order
_FIRST_OF_CALENDAR = 1_000_000_000  # smaller numbers count from the beginning of a recording
_MILLISECONDS = 100_000_000_000  # larger numbers are milliseconds
_DAY = 24 * 3600


def in_time_order(segments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the segments of a transcript. If each segment is older than the one above it, reverse their order.

    Raise UserError if the segments have dates and the time between two neighbours is more than a day: they may belong
    to several visits.
    """
    times = _times(segments)
    if len(times) < _LEAST:
        return segments
    falling = all(first > second for first, second in pairwise(times))
    if min(times) >= _FIRST_OF_CALENDAR:
        gaps = [abs(second - first) > _DAY for first, second in pairwise(times)]
        if any(gaps):
            raise UserError(
                f"messages {gaps.index(True) + 1} and {gaps.index(True) + 2} are more than a day apart; put each visit"
                " into its own file or row"
            )
    return segments[::-1] if falling else segments


def _times(segments: list[dict[str, Any]]) -> list[float]:
    """Return the time of each segment in seconds, or an empty list if a segment has no time in a known form."""
    key = next((key for key in (segments[0] if segments else {}) if _TIME_KEY.match(str(key))), None)
    times = [_seconds(segment.get(key)) for segment in segments] if key is not None else []
    return [time for time in times if time is not None] if None not in times else []


def _seconds(value: Any) -> float | None:
    if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d", value):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    try:
        number = float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else None
    except (ValueError, OverflowError):
        return None
    return number / 1000 if number is not None and number >= _MILLISECONDS else number
