"""Read JSON transcripts of speech recognition: segments with speakers (WhisperX), and the formats of AWS."""

from typing import Any

from medsum.core.errors import UserError
from medsum.dialogue.reader import read
from medsum.dialogue.roles import person

_SPEAKER = ("speaker", "speaker_label", "speakerLabel", "role", "participant", "ParticipantRole", "from", "name")
_TEXT = ("text", "utterance", "content", "Content", "transcript", "message", "value", "sentence")
_LISTS = ("segments", "utterances", "turns", "dialogue", "conversation", "transcript", "messages", "results", "data")


def turns_in_list(values: Any) -> str | None:
    """Return the turns of a list of texts, pairs or objects, or None if the list is not such a list.

    Each element must be one turn: a text, or a pair or an object of speaker and text. A list of whole visits, each with
    several turns, therefore never becomes one visit.
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
    """Return a line for `"Doctor: Any pain?"`, `["Doctor", "Any pain?"]` or `{"Doctor": "Any pain?"}`."""
    if isinstance(value, str):
        return value
    pair = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else value
    if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
        return f"{pair[0]}: {pair[1]}" if person(pair[0]).known else None
    return None


def transcript_text(values: Any) -> str | None:
    """Return a JSON transcript with one line `speaker: text` for each turn, or None if it is not a transcript."""
    if isinstance(values, dict):
        for found in (_health_scribe(values), _transcribe(values)):
            if found is not None:
                return found
        for key in _LISTS:
            found = _segments(values.get(key))
            if found is not None:
                return found
    return _segments(values)


def _segments(values: Any) -> str | None:
    """Return the turns of a list of objects with speaker and text. A speaker's segments in a row are one turn."""
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        return None
    keys = [(_key(value, _SPEAKER), _key(value, _TEXT)) for value in values]
    if any(text is None for _, text in keys) or not any(speaker for speaker, _ in keys):
        return None
    pairs: list[tuple[str, str]] = []
    for value, (speaker, text) in zip(values, keys, strict=True):
        name = value[speaker] if speaker else (pairs[-1][0] if pairs else "")
        pairs.append((str(name), str(value[text])))
    return joined(pairs)


def _key(value: dict[str, Any], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if isinstance(value.get(name), str) and value[name].strip()), None)


def joined(pairs: list[tuple[str, str]]) -> str:
    """Return one line for each turn. Texts of the same speaker in a row are one turn."""
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
    """Read AWS HealthScribe: Conversation.TranscriptSegments with ParticipantDetails."""
    conversation = values.get("Conversation")
    segments = conversation.get("TranscriptSegments") if isinstance(conversation, dict) else None
    if not isinstance(segments, list):
        return None
    pairs = []
    for segment in segments:
        details = segment.get("ParticipantDetails") or {}
        pairs.append((str(details.get("ParticipantRole", "")).replace("_", " "), str(segment.get("Content", ""))))
    return joined(pairs)


def _transcribe(values: dict[str, Any]) -> str | None:
    """Read AWS Transcribe and Transcribe Medical: results.items.

    The speaker is the speaker_label of an item, or comes from results.speaker_labels.
    """
    results = values.get("results")
    if not isinstance(results, dict) or not isinstance(items := results.get("items"), list):
        return None
    labels = _labels_by_time(results.get("speaker_labels"))
    pairs: list[tuple[str, str]] = []
    for item in items:
        text = (item.get("alternatives") or [{}])[0].get("content", "")
        speaker = item.get("speaker_label") or labels.get(item.get("start_time")) or (pairs[-1][0] if pairs else "")
        if item.get("type") == "punctuation" and pairs:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] + text)
        elif pairs and pairs[-1][0] == speaker:
            pairs[-1] = (speaker, f"{pairs[-1][1]} {text}")
        else:
            pairs.append((speaker, text))
    return joined(pairs)


def _labels_by_time(labels: Any) -> dict[str, str]:
    found = {}
    for segment in (labels or {}).get("segments", []):
        for item in segment.get("items", [segment]):
            found[item.get("start_time")] = item.get("speaker_label") or segment.get("speaker_label", "")
    return found
