"""Dialogues as turns: who speaks, and what is said."""

import re

# Typos are those of MTS-Dialog; the rest is how transcripts commonly name the same people.
ROLES = {
    "doctor": "Doctor",
    "docotr": "Doctor",
    "dr": "Doctor",
    "physician": "Doctor",
    "clinician": "Doctor",
    "provider": "Doctor",
    "patient": "Patient",
    "pt": "Patient",
    "guest_family": "Guest_family",
    "gest_family": "Guest_family",
    "guest_clinician": "Guest_clinician",
    "guest_clinican": "Guest_clinician",
}
_NUMBER = re.compile(r"[ _]?(\d+)$")
# A tag is one to three words, the first with a capital: `Doctor:`, `Guest_family_2:`, `Nurse Jones:`; not `At 10:30`.
_TAG = re.compile(r"([A-Z][\w.'-]*(?: [\w.'-]+){0,2}|[a-z_]+(?:[ _]?\d)?)\s*(?:(?<!\d):|:(?!\d))\s*(.*)", re.DOTALL)
_INLINE_TAG = re.compile(r"(?<=[^\n]) +(?=(?:Doctor|Patient|Guest_family|Guest_clinician)(?:_\d+)?: )")


def speaker_name(tag: str) -> str | None:
    """The normalised speaker of a tag; None for a lower-case word that names no known role."""
    tag = tag.strip().rstrip(".")
    number = _NUMBER.search(tag)
    word = _NUMBER.sub("", tag)
    role = ROLES.get(word.lower().replace(" ", "_").rstrip("."))
    if role is None:
        return " ".join(tag.split()) if tag[:1].isupper() else None
    return f"{role}_{number[1]}" if number else role


def normalise_dialogue(text: str) -> str:
    """One turn a line, `Speaker: text`, tags normalised; an untagged line goes on with the turn before.

    Returns an empty string when no line has a speaker. A normalised dialogue stays as it is.
    """
    before = ""
    while text != before:  # joined lines can show a new tag
        before, text = text, _normalised_once(text)
    return text


def _normalised_once(text: str) -> str:
    turns: list[str] = []
    for line in _INLINE_TAG.sub("\n", text).split("\n"):
        line = " ".join(line.split())
        tag = _TAG.fullmatch(line)
        speaker = speaker_name(tag[1]) if tag else None
        if tag and speaker:
            turns.append(f"{speaker}: {tag[2]}".rstrip())
        elif line and turns:
            turns[-1] += f" {line}"
        elif line:
            turns.append(line)
    if not any(turn_speaker(turn) for turn in turns):
        return ""
    return "\n".join(turn for turn in turns if not _says_nothing(turn))


def _says_nothing(turn: str) -> bool:
    tag = _TAG.fullmatch(turn)
    return tag is not None and not tag[2]


def turn_speaker(turn: str) -> str:
    """`Doctor: Any pain?` → `Doctor`; an untagged line → an empty string."""
    tag = _TAG.fullmatch(turn)
    return (speaker_name(tag[1]) or "") if tag else ""


def spoken_text(dialogue: str) -> str:
    """What is said, without the speakers, in one line."""
    return " ".join(turn.partition(": ")[2] if turn_speaker(turn) else turn for turn in dialogue.split("\n"))
