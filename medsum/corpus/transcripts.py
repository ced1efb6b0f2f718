"""Read JSON transcripts that speech recognition wrote: segments with speakers (WhisperX), and the formats of AWS."""

import re
from collections.abc import Iterator
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.nested_json import has_turns, nested, records_of
from medsum.corpus.segments import checked, joined, segments_text, speaker_of, text_of, value_of
from medsum.dialogue.reader import read
from medsum.dialogue.roles import person

_WORD = re.compile(r"[^\W\d_]")
_DEEPEST = 3  # the number of levels of nested objects that are searched for a list of segments
_ASKING = ("user", "human", "prompter")  # who gives a language model its task
_OF_PROMPTS = (*_ASKING, "assistant", "gpt", "model", "system", "developer", "tool", "function", "bot")
_LISTS = ("segments", "utterances", "turns", "dialogue", "conversation", "transcript", "messages", "results", "data")


def turns_in_list(values: Any) -> str | None:
    """Return the turns of a list that has one turn per element, or None for any other list.

    An element is a text, or a speaker and a text as a pair or an object. If an element has several turns, the list may
    be a list of visits, so the result is None.
    """
    if not isinstance(values, list) or len(values) < 2:
        return None
    lines = [_turn(value) for value in values]
    if any(line is None or "\n" in line for line in lines):
        return None
    try:
        dialogues = [read(str(line)) for line in lines]
    except UserError:
        return None
    speakers = {speaker for dialogue in dialogues for speaker in dialogue.speakers}
    if len(speakers) < 2 or any(len(dialogue.turns) > 1 for dialogue in dialogues):
        return None
    return "\n".join(map(str, lines))


def _turn(value: Any) -> str | None:
    """Return the line of a turn: `"Doctor: Any pain?"`, `["Doctor", "Any pain?"]` or `{"Doctor": "Any pain?"}`."""
    if isinstance(value, str):
        return value
    pair = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else value
    if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
        return f"{pair[0]}: {pair[1]}" if person(pair[0]).known else None
    return None


def transcript_text(values: Any) -> str | None:
    """Return a JSON transcript as lines `speaker: text`, one for each turn, or None if the JSON is not a transcript."""
    if isinstance(values, dict):
        for find in (_health_scribe, _transcribe, _listed, _anywhere):
            found = find(values)
            if found is not None:
                return found
    return None if _are_prompts(values) else segments_text(values)


def _are_prompts(values: Any) -> bool:
    """Return whether a list has the messages to and from a language model, and one of them is a whole dialogue."""
    pairs = [(speaker_of(value), text_of(value)) for value in _objects(values)]
    texts = [text for speaker, text in pairs if speaker.lower() in _ASKING and isinstance(text, str)]
    return all(speaker.lower() in _OF_PROMPTS for speaker, _ in pairs) and any(map(has_turns, texts))


def _anywhere(values: dict[str, Any]) -> str | None:
    """Return the turns of the only list of segments in an object, whatever the keys above the list.

    The list may also be a table as pandas writes it. Raise UserError if there are several lists with different words.
    """
    found: dict[str, str] = {}
    for inner in nested(values):
        records = records_of(inner) if isinstance(inner, dict) else inner
        if _is_speech(records) and (turns := segments_text(records)) is not None:
            found.setdefault("".join(turns.split()), turns)
    if len(found) > 1:
        raise UserError(f"this JSON has {len(found)} lists of segments with different words; keep only one visit")
    return next(iter(found.values()), None)


def _is_speech(values: Any) -> bool:
    """Return whether a list has the segments of one visit: two people speak, and no text is itself a dialogue."""
    pairs = [(speaker_of(value), text_of(value)) for value in _objects(values)]
    texts = [text for speaker, text in pairs if speaker and isinstance(text, str)]
    several = len({speaker for speaker, _ in pairs} - {""}) > 1
    return several and any(map(_WORD.search, texts)) and not any(map(has_turns, texts))


def _listed(values: dict[str, Any], levels: int = _DEEPEST) -> str | None:
    """Return the turns of the first list of segments in an object, or in an object inside this object."""
    for key in _LISTS:
        listed = value_of(values, (key,))
        found = None if _are_prompts(listed) else segments_text(listed)
        if found is not None:
            return found
        if _has_no_speakers(listed):
            raise UserError(
                "the segments of this transcript name no speakers; transcribe it again with speakers (diarisation), or"
                " add 'speaker' to each segment"
            )
    inner = [value for value in values.values() if isinstance(value, dict)] if levels else []
    return next((found for value in inner if (found := _listed(value, levels - 1)) is not None), None)


def _has_no_speakers(values: Any) -> bool:
    """Return whether a list holds segments of speech recognition that have times and texts but no speakers."""
    return (
        isinstance(values, list)
        and len(values) > 0
        and all(isinstance(value, dict) and "start" in value and isinstance(value.get("text"), str) for value in values)
    )


def _health_scribe(values: dict[str, Any]) -> str | None:
    """Return the turns of a transcript of AWS HealthScribe (Conversation.TranscriptSegments), or None."""
    conversation = values.get("Conversation")
    segments = conversation.get("TranscriptSegments") if isinstance(conversation, dict) else None
    if not isinstance(segments, list):
        return None
    pairs = []
    for segment in _objects(segments):
        details = _object(segment.get("ParticipantDetails"))
        pairs.append((str(details.get("ParticipantRole", "")).replace("_", " "), str(segment.get("Content", ""))))
    return joined(checked(pairs))


def _transcribe(values: dict[str, Any]) -> str | None:
    """Return the turns of a transcript of AWS Transcribe or Transcribe Medical (results.items), or None.

    The speaker is the `speaker_label` of an item, or else the label in results.speaker_labels at the time of the item.
    """
    results = values.get("results")
    if not isinstance(results, dict) or not isinstance(items := results.get("items"), list):
        return None
    labels = _labels_by_time(results.get("speaker_labels"))
    pairs: list[tuple[str, str]] = []
    for item in _objects(items):
        text = str(next(_objects(item.get("alternatives")), {}).get("content", ""))
        speaker = str(item.get("speaker_label") or labels.get(str(item.get("start_time"))) or "")
        if item.get("type") == "punctuation" and pairs:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + text)
        elif pairs and pairs[-1][0] == speaker:
            pairs[-1] = (speaker, f"{pairs[-1][1]} {text}")
        else:
            pairs.append((speaker, text))
    return joined(checked(pairs))


def _labels_by_time(labels: Any) -> dict[str, str]:
    found = {}
    for segment in _objects(_object(labels).get("segments")):
        for item in _objects(segment.get("items", [segment])):
            label = item.get("speaker_label") or segment.get("speaker_label", "")
            found[str(item.get("start_time"))] = str(label)
    return found


def _object(value: Any) -> dict[str, Any]:
    """Return the value if it is a JSON object, or else an empty object."""
    return value if isinstance(value, dict) else {}


def _objects(values: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects in a list. Leave out other values in the list. Yield nothing if `values` is not a list."""
    yield from (value for value in (values if isinstance(values, list) else ()) if isinstance(value, dict))
