"""Whether a note and its dialogue give a finding to the same relative."""

import re
from collections.abc import Sequence
from dataclasses import replace

from medsum.dialogue.sentences import sentences
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives
from medsum.faithfulness.verdict import Verdict

_EARLIER_TURNS = 3  # turns before a finding that may name the relative that `she` refers to
_PART = re.compile(r"[^,;]+$|[^,;]+(?=[,;])")


def of_another_relative(verdict: Verdict, summary: str, dialogue: str, said: Sequence[Fact]) -> Verdict | None:
    """Return a verdict if the note names one relative for a finding and the dialogue only others, else None.

    The fact of that verdict starts where the note names the relative.
    """
    fact = verdict.fact
    if "family" not in fact.context or verdict.other is None or verdict.other.turn < 0:
        return None
    start, own = _named_before(summary, fact)
    named = _named_in_dialogue(fact, dialogue, said)
    if not own or not named or own & named:
        return None
    return Verdict(replace(fact, start=start), "contradicted", verdict.other, "person")


def _named_before(summary: str, fact: Fact) -> tuple[int, set[str]]:
    """Return the start and the relatives of the nearest clause before the fact that names relatives."""
    start = max((s for s, _ in [(0, 0), *sentences(summary)] if s <= fact.start), default=0)
    parts = list(_PART.finditer(summary, start, fact.start))
    for part in reversed(parts):
        if own := relatives(part[0]):
            return part.start() + len(part[0]) - len(part[0].lstrip()), own
        if ";" in summary[part.end() : part.end() + 1]:
            break
    return fact.start, set()


def _named_in_dialogue(fact: Fact, dialogue: str, said: Sequence[Fact]) -> set[str]:
    """Return the relatives that the dialogue may give the finding to.

    Return no relative if one of the turns does not make clear who it is.
    """
    lines = [line.partition(":")[2] or line for line in dialogue.split("\n")]
    named: set[str] = set()
    for turn in {other.turn for other in said if (other.kind, other.value) == (fact.kind, fact.value)}:
        near = relatives(lines[turn])
        near |= relatives("\n".join(lines[max(0, turn - _EARLIER_TURNS) : turn]))
        if not near:
            return set()
        named |= near
    return named
