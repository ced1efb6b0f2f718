"""Read JSON transcripts that speech recognition wrote: segments with speakers (WhisperX), and the formats of AWS."""

from collections.abc import Iterator
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.columns import OF_VISIT
from medsum.dialogue.reader import read
from medsum.dialogue.roles import person

SPEAKER_KEYS = ("speaker", "speaker_label", "speakerlabel", "speaker_name", "speakername", "speaker_id", "speakerid",
            "speaker_tag", "speakertag", "role", "participant", "participantrole", "from", "name")  # fmt: skip
TEXT_KEYS = ("text", "utterance", "content", "transcript", "message", "value", "sentence")
_NAMES = ("name", "role", "label", "id")  # the keys of a speaker's name, if the speaker is an object
_DEEPEST = 3  # the number of levels of nested objects that are searched for a list of segments
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
        for found in (_health_scribe(values), _transcribe(values), _listed(values, _DEEPEST)):
            if found is not None:
                return found
    return _segments(values)


def _listed(values: dict[str, Any], levels: int) -> str | None:
    """Return the turns of the first list of segments in an object, or in an object inside this object."""
    for key in _LISTS:
        found = _segments(values.get(key))
        if found is not None:
            return found
        if _has_no_speakers(values.get(key)):
            raise UserError(
                "the segments of this transcript name no speakers; transcribe it again with speakers (diarisation), or"
                " add 'speaker' to each segment"
            )
    inner = [value for value in values.values() if isinstance(value, dict)] if levels else []
    return next((found for value in inner if (found := _listed(value, levels - 1)) is not None), None)


def _segments(values: Any) -> str | None:
    """Return the turns of a list of objects with speaker and text. Consecutive segments of one speaker are one turn.

    Raise UserError with the number of a segment that has no speaker.
    """
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        return None
    pairs = [(_speaker(value), _value(value, TEXT_KEYS)) for value in values]
    if any(not isinstance(text, str) for _, text in pairs) or not any(speaker for speaker, _ in pairs):
        return None
    _check_one_visit(values)
    return joined(checked([(speaker, str(text)) for speaker, text in pairs]))


def _check_one_visit(segments: list[dict[str, Any]]) -> None:
    visits: dict[str, set[str]] = {}
    for segment in segments:
        for key, value in segment.items():
            if value is not None and as_key(str(key)) in OF_VISIT:
                visits.setdefault(as_key(str(key)), set()).add(str(value))
    several = [len(found) for found in visits.values() if len(found) > 1]
    if several:
        raise UserError(many_records(max(several)))


def many_records(count: int) -> str:
    """Return the message that a text holds several records."""
    return (
        f"this holds {count} records, and a note describes one visit; summarise them with"
        " `summarize.py --batch FILE --output notes.jsonl`, or under “Many dialogues” on the page"
    )


def checked(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs of speaker and text.

    Raise UserError if some pairs have a speaker, but a pair with a text has no speaker.
    """
    for number, (speaker, text) in enumerate(pairs, start=1):
        if text.strip() and not speaker.strip() and any(name for name, _ in pairs):
            raise UserError(f"segment {number} of the transcript has no speaker; add its speaker")
    return pairs


def _speaker(values: dict[str, Any]) -> str:
    """Return the speaker of a segment: a name, `Speaker 1` for the number 1, or an empty string if it has none."""
    found = _value(values, SPEAKER_KEYS)
    if isinstance(found, dict):
        found = _value(found, _NAMES)
    if isinstance(found, int) and not isinstance(found, bool):
        return f"Speaker {found}"
    return found.strip() if isinstance(found, str) else ""


def _value(values: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Return the value of the first of these keys that the object has, or None. Upper and lower case do not matter."""
    lower = {as_key(str(key)): value for key, value in values.items() if value is not None}
    return next((lower[name] for name in names if name in lower), None)


def as_key(name: str) -> str:
    """Return the name of a key in lower case and with underscores: `Visit ID` is `visit_id`."""
    return name.strip().lower().replace(" ", "_")


def _has_no_speakers(values: Any) -> bool:
    """Return whether a list holds segments of speech recognition that have times and texts but no speakers."""
    return (
        isinstance(values, list)
        and len(values) > 0
        and all(isinstance(value, dict) and "start" in value and isinstance(value.get("text"), str) for value in values)
    )


def is_table_of_turns(names: list[str]) -> bool:
    """Return whether a table with these columns has a speaker and a text in each row."""
    keys = [as_key(name) for name in names]
    return any(key in SPEAKER_KEYS for key in keys) and any(key in TEXT_KEYS for key in keys)


def turns_in_table(names: list[str], rows: list[list[str]]) -> str | None:
    """Return the turns of a table with a speaker and a text in each row, or None if a row has no text."""
    return _segments([{name: cell for name, cell in zip(names, row, strict=False) if name} for row in rows])


def joined(pairs: list[tuple[str, str]]) -> str:
    """Return one line for each turn. Consecutive texts of the same speaker are one turn."""
    lines: list[list[str]] = []
    before = None
    for speaker, text in pairs:
        said = " ".join(text.split())
        if not said:
            continue
        if speaker != before or not lines:
            lines.append([f"{speaker}:" if speaker else ""])
        lines[-1].append(said)
        before = speaker
    return "\n".join(" ".join(line).strip() for line in lines)


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
