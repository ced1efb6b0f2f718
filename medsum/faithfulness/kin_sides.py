"""Find relatives whom a note puts on the wrong side of the family: `paternal grandfather` for the mother's father."""

import re
from collections.abc import Iterator

from medsum.dialogue.turns import turn_speaker
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives
from medsum.faithfulness.verdict import Verdict

_OTHER = {"maternal": "paternal", "paternal": "maternal"}
_SIDE_OF = {"mother": "maternal", "father": "paternal"}
_KIN = r"(?:great[- ])?(?:grand\w+|aunts?|uncles?|cousins?)"
_NAMED = re.compile(rf"\b(?P<side>maternal|paternal)[ \t]+(?P<kin>{_KIN})\b", re.IGNORECASE)
_SHORT = re.compile(r"\b(?P<side>[MP])G(?P<kin>[MF])\b")  # MGF: maternal grandfather
_OF_PARENT = re.compile(
    r"\b(?P<parent>mother|mom|mum|father|dad)['’]?s?[ \t]+(?P<kin>brothers?|sisters?|mother|mom|mum|father|dad)\b",
    re.IGNORECASE,
)
_SIDE = re.compile(
    r"\b(?:(?P<parent>mother|mom|mum|father|dad)['’]?s?[ \t]+(?:side|family|people)|(?P<side>maternal|paternal))\b",
    re.IGNORECASE,
)
_MINE = re.compile(r"\bmy[ \t]+(?:\w+[ \t]+)?(?P<kin>brothers?|sisters?|mother|mom|mum|father|dad)\b", re.IGNORECASE)
_OF_COMPANION = {"mother": "grandmother", "father": "grandfather", "sister": "aunt", "brother": "uncle"}


def kin_side_verdicts(note: str, dialogue: str) -> list[Verdict]:
    """Return a verdict for each relative of the note whom the dialogue puts only on the other side of the family."""
    named = list(_of_note(note))
    if not named:
        return []
    said, sides = _said(dialogue)
    return [
        Verdict(fact, "contradicted", Fact("finding", kin, "", 0, 0, said[_OTHER[side], kin]), "person")
        for fact, side, kin in named
        if (_OTHER[side], kin) in said and side not in sides
    ]


def _of_note(note: str) -> Iterator[tuple[Fact, str, str]]:
    """Yield the relatives of a note whose side is named: the place, the side and the relative."""
    for match in _NAMED.finditer(note):
        for kin in relatives(match["kin"]):
            yield (
                Fact("finding", match[0], "", *match.span(), context=frozenset({"family"})),
                match["side"].lower(),
                kin,
            )
    for match in _SHORT.finditer(note):
        side = "maternal" if match["side"] == "M" else "paternal"
        kin = "grandmother" if match["kin"] == "M" else "grandfather"
        yield Fact("finding", match[0], "", *match.span(), context=frozenset({"family"})), side, kin


def _said(dialogue: str) -> tuple[dict[tuple[str, str], int], set[str]]:
    """Return the turn of each side and relative that the dialogue names together, and all sides that it may mean."""
    said: dict[tuple[str, str], int] = {}
    sides: set[str] = set()
    for turn, line in enumerate(dialogue.split("\n")):
        speaker = turn_speaker(line)
        words = line[len(speaker) :]
        companion = relatives(speaker) & set(_SIDE_OF)
        for match in _SIDE.finditer(words):
            side = (match["side"] or _side(match["parent"])).lower()
            sides.add(side)
            for kin in relatives(words):
                said.setdefault((side, kin), turn)
        for match in _OF_PARENT.finditer(words):
            sides.add(_side(match["parent"]))
            said.setdefault((_side(match["parent"]), _kin(match["kin"])), turn)
        for parent in companion if len(companion) == 1 else ():
            for match in _MINE.finditer(words):
                sides.add(_SIDE_OF[parent])
                said.setdefault((_SIDE_OF[parent], _kin(match["kin"])), turn)
    return said, sides


def _side(parent: str) -> str:
    return _SIDE_OF[next(iter(relatives(parent)))]


def _kin(name: str) -> str:
    return _OF_COMPANION[next(iter(relatives(name)))]
