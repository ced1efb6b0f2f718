"""Name the speakers of a dialogue. The name is the role in a tag, or the tag itself if the tag has no role."""

import re
from collections import Counter
from typing import Protocol

from medsum.dialogue.roles import CLINICIAN, DOCTOR, PATIENT, label, person

_LETTERS = {
    frozenset("dp"): {"d": DOCTOR, "p": PATIENT},
    frozenset("cp"): {"c": DOCTOR, "p": PATIENT},
    frozenset("qa"): {"q": DOCTOR, "a": PATIENT},
}
_GUEST = re.compile(r"g[eu]+st[ _](famil[a-z]*|clini[a-z]*)[ _]?(\d*)$", re.IGNORECASE)
_BRACKETS = re.compile(r"[()\[\]{}]")
_OF_MTS_DIALOG = re.compile(r"[A-Za-z]+_(\d+)$")


class Tagged(Protocol):
    """A turn. `tag` is the text that names the speaker at the start of the turn. `speaker` is the name to set."""

    tag: str
    speaker: str


def name_speakers(turns: "list[Tagged] | list") -> None:  # type: ignore[type-arg]
    """Set `speaker` of every turn. Each person gets one name, and different people get different names."""
    written = {turn.tag for turn in turns}
    outer = Counter(_outer(tag) for tag in written)
    letters = _letters({tag.lower() for tag in written}) | _therapist(written)
    names: dict[str, str] = {}
    people: dict[str, list[tuple[str, str]]] = {DOCTOR: [], PATIENT: []}
    for turn in turns:
        if turn.tag not in names:
            short = _outer(turn.tag)
            alone = outer[short] == 1 or (short in written and not person(short).known)
            names[turn.tag] = _name(turn.tag, letters, people, alone=alone)
        turn.speaker = names[turn.tag]


def _outer(tag: str) -> str:
    """Return a tag without the brackets at its end: `Nurse (Jones)` → `Nurse`."""
    return tag.partition(" (")[0] if tag.endswith(")") else tag


def _letters(written: set[str]) -> dict[str, str]:
    for pair, roles in _LETTERS.items():
        if pair <= written or (pair == frozenset("dp") and ({"d", "pt"} <= written or {"dr", "p"} <= written)):
            return roles
    return {}


def _therapist(written: set[str]) -> dict[str, str]:
    """Return a name for the tag `PT` if it means a physical therapist and not the patient.

    `PT` means a therapist if another tag names the patient, and no tag names a doctor.
    """
    roles = {person(tag).role for tag in written if tag != "PT"}
    return {"pt": "PT"} if "PT" in written and PATIENT in roles and DOCTOR not in roles else {}


def _name(tag: str, letters: dict[str, str], people: dict[str, list[tuple[str, str]]], *, alone: bool) -> str:
    if tag.lower() in letters:
        return letters[tag.lower()]
    guest = _GUEST.match(tag)
    if guest:
        role = "Guest_family" if guest[1].lower().startswith("famil") else CLINICIAN
        return f"{role}_{guest[2]}" if guest[2] else role
    who = person(tag)
    if who.role not in people:
        return label(_outer(tag) if alone else _BRACKETS.sub("", tag))
    of_mts = _OF_MTS_DIALOG.match(tag)
    if of_mts:
        return f"{who.role}_{of_mts[1]}"
    number = str(int(who.number)) if who.number else ""  # `PATIENT_0` and `PATIENT_1` are two people
    return _numbered(who.role, (number, who.name.lower()), people[who.role])


def _numbered(role: str, key: tuple[str, str], seen: list[tuple[str, str]]) -> str:
    """Return `Doctor` for the first doctor and `Doctor_2` for the second.

    A tag without number and name counts as the first doctor.
    """
    if key == ("", ""):
        return role
    if key not in seen:
        seen.append(key)
    place = seen.index(key)
    return f"{role}_{place + 1}" if place else role
