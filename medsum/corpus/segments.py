"""Read a list of segments, each with a speaker and a text, and write it as lines that the reader understands."""

import re
from collections import Counter
from itertools import groupby
from typing import Any

from medsum.core.errors import UserError
from medsum.corpus.columns import OF_VISIT
from medsum.corpus.message_times import in_time_order
from medsum.dialogue.around_turns import is_system_line
from medsum.dialogue.reader import read
from medsum.dialogue.roles import ANONYMOUS, person, unbracketed

SPEAKER_KEYS = ("speaker", "speaker_label", "speakerlabel", "speaker_name", "speakername", "speaker_id", "speakerid",
            "speaker_tag", "speakertag", "role", "participant", "participantrole", "participant_role", "from", "name",
            "display_name", "displayname", "who", "person", "voice", "sender", "author", "spk", "party")  # fmt: skip
TEXT_KEYS = ("text", "utterance", "content", "transcript", "message", "value", "sentence", "said", "speech", "words",
             "what_was_said", "words_spoken", "spoken_words", "spoken_text", "spoken", "verbatim")  # fmt: skip
_ALTERNATIVES = ("nbest", "n_best", "alternatives", "hypotheses", "candidates")  # the likeliest comes first
_DISPLAYED = ("display", "displaytext", "display_text", "punctuated", "formatted")
_ROLES = ("role", "participantrole", "participant_role", "speaker_role", "speakerrole", "speaker_type", "speakertype")
_PROGRAMS = ("system", "tool", "function", "developer")  # in chat data, these roles write instructions and never speak
_STATES = ("type", "status", "state", "event", "is_final", "isfinal", "final")
_DRAFTS = {"partial", "interim", "transcribing", "partial_transcript", "false"}
_FINAL = {"final", "complete", "completed", "transcribed", "final_transcript", "true"}
LONGEST_NAME = 60  # the largest number of characters in a voice tag of WebVTT
_SPEAKER_KEY = re.compile(
    r"(?:speaker|participant|sender|author|creator|user|agent|talker|member|actor|person|voice)_?"
    r"(?:profile|name|full_?name|display_?name|label|role|type|purpose|id)?$"
)
_OF_ONE_VISIT = re.compile(  # keys whose value is the same in all segments of a visit
    r"(?:patient|pt|client|member|contact|subject|customer|caller|call|case|visit|encounter|appointment|episode"
    r"|consult(?:ation)?|interview|session|chat|ticket|conversation|dialogue|chart|record|account|hospital|nhs|study)"
    r"_?(?:id|no|nr|number|ref|reference|name|key|code|dob|mrn|uuid|guid|initials)?"
    r"|mrn|dob|date_of_birth|birth_?date|ssn|surname"
)
_NAMES = (
    "real_name",
    "display_name",
    "displayname",
    "name",
    "role",
    "label",
    "id",
)  # the keys of a speaker's name, if the speaker is an object


def segments_text(values: Any) -> str | None:
    """Return the turns of a list of objects with speaker and text. Consecutive segments of one speaker are one turn.

    Objects with neither speaker nor text may be before and after the segments, because they describe the recording.
    Raise UserError with the number of a segment that has no speaker.
    """
    if not isinstance(values, list) or not values or not all(isinstance(value, dict) for value in values):
        return None
    segments = in_time_order(_without_messages_of_programs(_without_descriptions(_without_drafts(values))))
    texts = [text_of(value) for value in segments]
    speakers = _speakers(segments)
    if any(not isinstance(text, str) for text in texts) or not any(speakers):
        return None
    _check_one_visit(values)
    pairs = checked([(speaker, str(text)) for speaker, text in zip(speakers, texts, strict=True)])
    return sure_lines(pairs)


def _without_descriptions(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the objects of a list without those before and after the segments that have neither speaker nor text."""
    is_segment = [text_of(value) is not None or speaker_of(value) != "" for value in values]
    if sum(is_segment) < 2:
        return values
    end = len(values) - is_segment[::-1].index(True)
    return values[is_segment.index(True) : end]


def _without_drafts(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the segments without the drafts that live speech recognition replaces, if there are final segments."""
    states = [str(value_of(value, _STATES)).lower() for value in values]
    finals = [value for value, state in zip(values, states, strict=True) if state not in _DRAFTS]
    return finals if any(state in _FINAL for state in states) else values


def _without_messages_of_programs(values: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the segments without those that a program wrote, such as `Ann Lee has joined the chat`."""
    return [value for value in values if not _is_of_program(value)]


def _is_of_program(value: dict[str, Any]) -> bool:
    text = text_of(value)
    return speaker_of(value).lower() in _PROGRAMS or (isinstance(text, str) and is_system_line(text.strip()))


def _speakers(segments: list[dict[str, Any]]) -> list[str]:
    """Return the speaker of each segment.

    If the speakers are anonymous, as in `spk_0`, return their roles, if each speaker has a role of their own.
    """
    usual, _ = next(iter(Counter(map(_speaker_key, segments)).most_common(1)), ("", 0))
    speakers = [speaker_of(value) if _speaker_key(value) in (usual, "") else "" for value in segments]
    roles = [str(value_of(value, _ROLES) or "").replace("_", " ") for value in segments]
    pairs = set(zip(speakers, roles, strict=True))
    one_to_one = len(pairs) == len(set(speakers)) == len(set(roles))
    anonymous = all(person(speaker).role == ANONYMOUS for speaker in set(speakers))
    return roles if one_to_one and anonymous and all(person(role).known for role in set(roles)) else speakers


def _check_one_visit(segments: list[dict[str, Any]]) -> None:
    visits: dict[str, set[str]] = {}
    for segment in segments:
        for key, value in segment.items():
            if value is not None and as_key(str(key)) in OF_VISIT:
                visits.setdefault(as_key(str(key)), set()).add(str(value))
    several = [len(found) for found in visits.values() if len(found) > 1]
    several += [count for key in segments[0] if (count := _blocks_of(key, segments)) > 1]
    if several:
        raise UserError(many_records(max(several)))


def _blocks_of(key: str, segments: list[dict[str, Any]]) -> int:
    """Return the number of values of a key that names the patient or the visit, if each value has its own block.

    Several people speak in such a block. Return 0 for any other key.
    """
    if not _OF_ONE_VISIT.fullmatch(as_key(str(key))):
        return 0
    blocks = [(value, list(rows)) for value, rows in groupby(segments, key=lambda row: str(row.get(key) or ""))]
    blocks = [(value, rows) for value, rows in blocks if value.strip()]
    spoken = [len({speaker_of(row) for row in rows}) for _, rows in blocks]
    return len(blocks) if len({value for value, _ in blocks}) == len(blocks) and max(spoken, default=0) > 1 else 0


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


def speaker_of(values: dict[str, Any]) -> str:
    """Return the speaker of a segment: a name, `Speaker 1` for the number 1, or an empty string if it has none."""
    found = values.get(_speaker_key(values))
    if isinstance(found, dict):
        found = value_of(found, _NAMES)
    if isinstance(found, float) and found.is_integer():
        found = int(found)
    if isinstance(found, int) and not isinstance(found, bool):
        return f"Speaker {found}"
    return found.strip() if isinstance(found, str) else ""


def names_speaker(key: str) -> bool:
    """Return whether the key of a segment names its speaker: a known key, or a person and a part of a name."""
    return as_key(key) in SPEAKER_KEYS or _SPEAKER_KEY.match(as_key(key)) is not None


def _speaker_key(values: dict[str, Any]) -> str:
    """Return the key of a segment that names its speaker best, or an empty text."""
    keys = [key for key, value in values.items() if value is not None and names_speaker(str(key))]
    return min(keys, key=lambda key: _rank(as_key(str(key)), values[key]), default="")


def _rank(key: str, value: Any) -> int:
    """Return the place of a key in the order of preference: a known key, an object, a name, a role, then an id."""
    if key in SPEAKER_KEYS:
        return SPEAKER_KEYS.index(key)
    order = (
        isinstance(value, dict),
        "name" in key,
        key.endswith(("role", "label", "type", "purpose")),
        key[-2:] != "id",
    )
    return len(SPEAKER_KEYS) + (order.index(True) if True in order else len(order))


def value_of(values: dict[str, Any], names: tuple[str, ...]) -> Any:
    """Return the value of the first of these keys that the object has, or None. Upper and lower case do not matter."""
    lower = {as_key(str(key)): value for key, value in values.items() if value is not None}
    return next((lower[name] for name in names if name in lower), None)


def text_of(segment: dict[str, Any]) -> Any:
    """Return the text of a segment, or the text of the first alternative that a speech recogniser heard, or None."""
    text = value_of(segment, TEXT_KEYS)
    choices = value_of(segment, _ALTERNATIVES) if not isinstance(text, str) else None
    best = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    return value_of(best, (*_DISPLAYED, *TEXT_KEYS, "lexical")) if best else text


def as_key(name: str) -> str:
    """Return the name of a key in lower case and with underscores: `Visit ID` is `visit_id`."""
    return name.strip().lower().replace(" ", "_")


def is_table_of_turns(names: list[str]) -> bool:
    """Return whether a table with these columns has a speaker and a text in each row."""
    keys = [as_key(name) for name in names]
    return any(map(names_speaker, keys)) and any(key in TEXT_KEYS for key in keys)


def turns_in_table(names: list[str], rows: list[list[str]]) -> str | None:
    """Return the turns of a table with a speaker and a text in each row, or None if a row has no text."""
    return segments_text([{name: cell for name, cell in zip(names, row, strict=False) if name} for row in rows])


def sure_lines(pairs: list[tuple[str, str]]) -> str:
    """Return the lines of `joined`, in a form in which the reader finds each speaker."""
    return "\n".join(sure_turns(merged(pairs)))


def sure_turns(turns: list[tuple[str, str]]) -> list[str]:
    """Return a line `Tobias: It hurts!` for each turn. If the reader would not find each speaker, mark the speakers.

    The marked form is `<v Tobias>It hurts!`. The reader takes such a tag of WebVTT for a speaker in any case.
    """
    lines = [f"{speaker}: {said}" if speaker else said for speaker, said in turns]
    try:
        is_sure = [turn.tag for turn in read("\n".join(lines)).turns] == [unbracketed(speaker) for speaker, _ in turns]
    except UserError:
        is_sure = False
    return lines if is_sure else [f"{marked(speaker)}{said}" for speaker, said in turns]


def marked(speaker: str) -> str:
    """Return the voice tag of WebVTT for a speaker, or `Speaker: ` if the name does not fit into a voice tag."""
    name = " ".join(speaker.translate(dict.fromkeys(map(ord, "<>"), " ")).split())
    return f"<v {name}>" if 0 < len(name) <= LONGEST_NAME else f"{speaker}: " if speaker else ""


def joined(pairs: list[tuple[str, str]]) -> str:
    """Return one line for each turn. Consecutive texts of the same speaker are one turn."""
    return "\n".join(f"{speaker}: {said}" if speaker else said for speaker, said in merged(pairs))


def merged(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the turns with their white space collapsed. Consecutive texts of the same speaker are one turn."""
    turns: list[tuple[str, list[str]]] = []
    for speaker, text in pairs:
        said = " ".join(text.split())
        if said and turns and speaker == turns[-1][0]:
            turns[-1][1].append(said)
        elif said:
            turns.append((speaker, [said]))
    return [(speaker, " ".join(said)) for speaker, said in turns]
