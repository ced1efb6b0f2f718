"""Transcripts of speech recognition in JSON: segments with speakers (WhisperX), and those of AWS."""

from typing import Any

from medsum.core.errors import UserError
from medsum.dialogue.reader import read
from medsum.dialogue.roles import person

_SPEAKER = ("speaker", "speaker_label", "speakerLabel", "role", "participant", "ParticipantRole", "from", "name")
_TEXT = ("text", "utterance", "content", "Content", "transcript", "message", "value", "sentence")
_LISTS = ("segments", "utterances", "turns", "dialogue", "conversation", "transcript", "messages", "results", "data")


def turns_in_list(values: Any) -> str | None:
    """Return the turns of a list of texts, or of pairs and objects of speaker and text, of which each is one turn.

    None where it is no such list: two visits, of which each is a text of several turns, never become one.
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
    """`"Doctor: Any pain?"`, `["Doctor", "Any pain?"]` or `{"Doctor": "Any pain?"}` as a line."""
    if isinstance(value, str):
        return value
    pair = next(iter(value.items())) if isinstance(value, dict) and len(value) == 1 else value
    if isinstance(pair, list | tuple) and len(pair) == 2 and all(isinstance(part, str) for part in pair):
        return f"{pair[0]}: {pair[1]}" if person(pair[0]).known else None
    return None


def transcript_text(values: Any) -> str | None:
    """Return `speaker: text` a line of a transcript in JSON, None where the values are none."""
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
    """Objects with a speaker and a text each; what follows of the same speaker goes on with the turn."""
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
    """One line a turn; texts of the same speaker in a row are one turn."""
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
    """AWS HealthScribe: Conversation.TranscriptSegments with ParticipantDetails."""
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
    """AWS Transcribe and Transcribe Medical: results.items with a speaker_label each, or speaker_labels beside them."""
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
