"""Read JSON transcripts in which each word has its speaker, as Deepgram, Google, Speechmatics and Rev.ai write them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.segments import as_key, speaker_of, sure_lines, value_of

_WORDS = ("punctuated_word", "word")
_STARTS = ("start", "starttime", "start_time", "startoffset", "start_offset", "ts")
_TAGS = ("speakertag", "speaker_tag")  # Google writes the tag 0 if it does not know the speaker


@dataclass
class _Word:
    """A spoken word, its speaker and its time in seconds. The speaker is empty and the time is 0 if it is not known."""

    speaker: str
    text: str
    start: float


def words_text(values: Any) -> str | None:
    """Return the turns of a transcript whose words have speakers, or None for any other JSON.

    A list may repeat the words of all other lists, as the last list of Google does. If no list does so, the lists must
    follow each other in time. Raise UserError if they do not, or if the words do not name at least two speakers.
    """
    lists = [words for value in _lists(values) if (words := _words(value))]
    if not lists:
        return None
    named = [words for words in lists if all(word.speaker for word in words)]
    spoken = max(named, key=len, default=[])
    whole = _said(spoken)
    if not all(_said(words) in whole for words in lists):
        spoken = _in_order(lists) if len(named) == len(lists) else []
    if len({word.speaker for word in spoken}) < 2:
        raise UserError(
            "the words of this transcript do not name two speakers; transcribe it again with speakers (diarisation), or"
            " give the dialogue as text"
        )
    return sure_lines([(word.speaker, word.text) for word in spoken])


def _in_order(lists: list[list[_Word]]) -> list[_Word]:
    if any(first[-1].start >= second[0].start for first, second in pairwise(lists)):
        raise UserError(
            f"this transcript has {len(lists)} lists of words that do not follow each other in time; keep one, with"
            " the words of all speakers"
        )
    return [word for words in lists for word in words]


def _lists(values: Any) -> Iterator[list[Any]]:
    """Yield the lists of objects in a JSON value, in order."""
    waiting = [values]
    while waiting:
        value = waiting.pop()
        inner = list(value.values()) if isinstance(value, dict) else value
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            yield value
        waiting += [one for one in reversed(inner) if isinstance(one, dict | list)]


def _words(values: list[dict[str, Any]]) -> list[_Word]:
    """Return the words of a list, or an empty list if not every object in it is a word or a part with elements."""
    found: list[_Word] = []
    for value in values:
        text = _text_of(value)
        if text is None:
            return []
        if str(value.get("type", "")).startswith("punct") and found:
            found[-1].text += text.strip()
        elif text.strip():
            found.append(_Word(_speaker_of(value), text, _seconds(value)))
    return found


def _text_of(value: dict[str, Any]) -> str | None:
    """Return the text of a word. Rev.ai writes what one speaker says as `elements`: return their joined text."""
    elements, choice = value.get("elements"), _first_choice(value)
    if isinstance(elements, list):
        texts = [one.get("value") for one in elements if isinstance(one, dict)]
        return "".join(text for text in texts if isinstance(text, str))
    text = choice.get("content") if "type" in value else value_of(value, _WORDS)
    return text if isinstance(text, str) else None


def _speaker_of(value: dict[str, Any]) -> str:
    tags = [one for key, one in value.items() if as_key(key) in _TAGS]
    return "" if 0 in tags else speaker_of(value) or speaker_of(_first_choice(value))


def _first_choice(value: dict[str, Any]) -> dict[str, Any]:
    choices = value.get("alternatives")
    return choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}


def _seconds(value: dict[str, Any]) -> float:
    try:
        return float(str(value_of(value, _STARTS)).removesuffix("s"))
    except ValueError:
        return 0.0


def _said(words: list[_Word]) -> str:
    return f" {' '.join(word.text for word in words)} "
