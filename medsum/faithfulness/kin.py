"""Whether a finding is given to the relative that the dialogue gives it to."""

import re
from collections.abc import Sequence
from dataclasses import replace

from medsum.dialogue.sentences import sentences
from medsum.facts.fact import Fact
from medsum.facts.relatives import relatives
from medsum.faithfulness.verdict import Verdict

_EARLIER_TURNS = 3  # in which a relative may be named that `she` stands for
_PART = re.compile(r"[^,;]+$|[^,;]+(?=[,;])")


def of_another_relative(verdict: Verdict, summary: str, dialogue: str, said: Sequence[Fact]) -> Verdict | None:
    """Return a verdict where the note names one relative for a finding, and the dialogue only others; else None.

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
    """The relatives that the last part of the fact's sentence before it names, and where that part starts."""
    start = max((s for s, _ in [(0, 0), *sentences(summary)] if s <= fact.start), default=0)
    parts = list(_PART.finditer(summary, start, fact.start))
    for part in reversed(parts):
        if own := relatives(part[0]):
            return part.start() + len(part[0]) - len(part[0].lstrip()), own
        if ";" in summary[part.end() : part.end() + 1]:
            break
    return fact.start, set()


def _named_in_dialogue(fact: Fact, dialogue: str, said: Sequence[Fact]) -> set[str]:
    """The relatives that the dialogue may give the finding to; none where one of its turns leaves them open."""
    lines = [line.partition(":")[2] or line for line in dialogue.split("\n")]
    named: set[str] = set()
    for turn in {other.turn for other in said if (other.kind, other.value) == (fact.kind, fact.value)}:
        near = relatives(lines[turn])
        near |= relatives("\n".join(lines[max(0, turn - _EARLIER_TURNS) : turn]))
        if not near:
            return set()
        named |= near
    return named
