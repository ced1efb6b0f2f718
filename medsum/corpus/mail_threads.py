"""Read a thread of messages in which each message has a block of headers: `From: ...`, `Sent: ...`, `To: ...`."""

import re
from datetime import UTC, datetime
from itertools import pairwise

from medsum.core.errors import UserError
from medsum.corpus.segments import marked
from medsum.dialogue.known_tags import is_turn
from medsum.dialogue.line_starts import is_rule
from medsum.dialogue.unspoken import is_unspoken

_HEADER = re.compile(
    r"[*_ ]{0,4}(From|To|Cc|Sent|Date|Subject|Re|Received|Time|Status)[*_]{0,2}:[*_]{0,2}[ \t]*(.*)$", re.I
)
_FEWEST = 2
_LONGEST_NAME = 60
_NO_NAME = re.compile(r" ?(?:<[^<>]*>|\[mailto:[^\]]*\])")
_CLOCK = re.compile(r"\b(\d{1,2}):(\d{2})(?::\d{2})?(?: ?([AaPp])\.?[Mm])?")
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_MONTH = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_NAMED_DAY = re.compile(
    rf"\b(?:{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?|(\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}),? (\d{{4}})", re.I
)
_NUMBERED_DAY = re.compile(r"\b(\d{1,4})[/.-](\d{1,2})[/.-](\d{1,4})\b")
_DAY = 24 * 3600
_NEWEST_FIRST = re.compile(r"\b(?:newest|latest|most recent) (?:message )?first\b", re.IGNORECASE)


def thread_text(text: str) -> str | None:
    """Return the text with a line for each message, or None if it is not a thread of two or more people.

    Each message begins with `From:` and at least one other header. Raise UserError if the newest message is the first.
    """
    lines = text.removeprefix("\ufeff").splitlines()
    headers = [_HEADER.match(line) for line in lines]
    starts = [at for at, found in enumerate(headers) if found and found[1].lower() == "from" and _has_more(headers, at)]
    senders = [_NO_NAME.sub("", headers[at][2]).strip(' "') for at in starts]  # type: ignore[index]
    if (
        len(starts) < _FEWEST
        or len(set(senders)) < _FEWEST
        or not all(0 < len(one) <= _LONGEST_NAME for one in senders)
    ):
        return None
    if any(headers[at] is None and is_turn(line.strip("> ")) for at, line in enumerate(lines)):
        return None  # the mails forward a transcript
    kept = lines[: starts[0]]
    _check_order(kept, [_time(headers, at) for at in starts])
    for sender, (at, end) in zip(senders, pairwise([*starts, len(lines)]), strict=True):
        begin = next((place for place in range(at, end) if headers[place] is None), end)
        paragraphs = _paragraphs(["" if is_rule(line.strip()) else line.strip() for line in lines[begin:end]])
        below = [paragraph for paragraph in paragraphs[1:] if all(map(is_unspoken, paragraph))]
        said = " ".join(line for paragraph in paragraphs if paragraph not in below for line in paragraph)
        block = ["", f"{marked(sender)}{said}"] if said else []
        kept += [*block, *[""] * max(0, end - at - len(block))]
    return "\n".join(kept)


def _has_more(headers: list[re.Match[str] | None], at: int) -> bool:
    following = headers[at + 1] if at + 1 < len(headers) else None
    return following is not None and following[1].lower() != "from"


def _time(headers: list[re.Match[str] | None], at: int) -> str:
    """Return the time in the headers of the message that begins at a line, or an empty text."""
    for found in headers[at:]:
        if found is None:
            break
        if found[1].lower() in ("sent", "date", "received"):
            return found[2].strip()
    return ""


def _check_order(title: list[str], times: list[str]) -> None:
    """Raise UserError if the messages are not surely in the order of their times, or more than a day apart."""
    readings = [found for day_first in (False, True) if (found := [_moment(one, day_first) for one in times])]
    sure = [reading for reading in readings if None not in reading]
    if any(map(_NEWEST_FIRST.search, title)) or not sure or any(reading != sorted(reading) for reading in sure):  # type: ignore[type-var]
        raise UserError("the messages of this thread are not surely in order; print it with the oldest message first")
    gaps = [(second - first).total_seconds() > _DAY for first, second in pairwise(sure[0])]  # type: ignore[operator]
    if any(gaps):
        place = gaps.index(True) + 1
        raise UserError(f"messages {place} and {place + 1} are more than a day apart; put each visit into its own file")


def _moment(text: str, day_first: bool) -> datetime | None:
    """Return the date and the time in a text such as `Monday, June 3, 2024 8:12 AM`, or None."""
    clock, named, numbers = _CLOCK.search(text), _NAMED_DAY.search(text), _NUMBERED_DAY.search(text)
    if clock is None or not (named or numbers):
        return None
    if named:
        day, month, year = named[2] or named[3], _MONTHS.index((named[1] or named[4])[:3].lower()) // 3 + 1, named[5]
    elif numbers and len(numbers[1]) == 4:
        year, month, day = numbers[1], int(numbers[2]), numbers[3]
    else:
        first, second, year = numbers.groups()  # type: ignore[union-attr]
        day, month = (first, int(second)) if day_first else (second, int(first))
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    try:
        return datetime(int(year) % 100 + 2000, int(month), int(day), hour, int(clock[2]), tzinfo=UTC)
    except ValueError:
        return None


def _paragraphs(lines: list[str]) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for line in lines:
        if line:
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]
