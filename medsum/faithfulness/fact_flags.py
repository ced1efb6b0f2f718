"""Make a flag for each fact of a summary that the dialogue contradicts or does not mention."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from medsum.facts import conversion
from medsum.facts.fact import Fact
from medsum.faithfulness.flags import Category, Flag, Severity
from medsum.faithfulness.verdict import Verdict

_OF_TIME = {"date", "time", "duration"}
_STATEMENTS = {"finding", "procedure"}
_OF_DRUGS = {"medication", "drug_class", "dose"}
_BY_CONFLICT: dict[str, Category] = {
    "negation": "negation",
    "person": "person",
    "side": "laterality",
    "course": "negation",
}
_MINOR = {"count", "time", "duration", "frequency"}  # errors here seldom change the care, except for drugs
_OTHER_SCALE = 3.0  # three weeks for three days is a major error


def fact_flags(judged: Iterable[Verdict], summary: str) -> Iterator[Flag]:
    """Yield a flag for each verdict that is not `supported`. Facts of one category with shared words get one flag."""
    flagged: dict[Category, list[tuple[int, int]]] = {}  # the spans of each category, in order and without overlaps
    for verdict in judged:
        fact, other, category = verdict.fact, verdict.other, _category(verdict)
        if verdict.status == "supported" or not _add(flagged.setdefault(category, []), (fact.start, fact.end)):
            continue
        turns = (other.turn,) if other is not None and other.turn >= 0 else ()
        yield Flag(category, _severity(verdict), fact.start, fact.end, _reason(verdict, summary), turns)


def _add(spans: list[tuple[int, int]], span: tuple[int, int]) -> bool:
    """Add a span to the ordered `spans` and return True. If it overlaps one of `spans`, only return False."""
    place = bisect_left(spans, span)
    beside = spans[max(0, place - 1) : place + 1]
    if any(span[0] < end and start < span[1] for start, end in beside):
        return False
    spans.insert(place, span)
    return True


def _category(verdict: Verdict) -> Category:
    kind = verdict.fact.kind
    if verdict.conflict == "plan":
        return "medication"
    if verdict.conflict == "sign":
        return "medication" if kind == "dose" else "quantity"
    if verdict.conflict in _BY_CONFLICT:
        return _BY_CONFLICT[verdict.conflict]
    if kind in _OF_DRUGS:
        return "medication"
    if kind in _OF_TIME:
        return "time"
    if kind == "laterality":
        return "laterality"
    return "hallucination" if kind in _STATEMENTS else "quantity"


def _severity(verdict: Verdict) -> Severity:
    """Return minor for an error that seldom changes the care, and for a denial that the dialogue does not mention.

    An error in the frequency, duration or count of a drug is always major. A duration that is three times too long is a
    major error, too.
    """
    fact = verdict.fact
    if verdict.conflict == "sign" or fact.drug:
        return "major"
    if fact.kind == "duration" and verdict.other is not None and _is_other_scale(fact, verdict.other):
        return "major"
    if fact.kind in _MINOR or (fact.kind in _STATEMENTS and not verdict.conflict and "negated" in fact.context):
        return "minor"
    return "major"


def _is_other_scale(fact: Fact, other: Fact) -> bool:
    days = conversion.days(fact.value, fact.unit), conversion.days(other.value, other.unit)
    if None in days:
        return False
    short, long = sorted(number or 0.0 for number in days)
    return long >= _OTHER_SCALE * short


def _reason(verdict: Verdict, summary: str) -> str:
    fact, other = verdict.fact, verdict.other
    said = f"“{summary[fact.start : fact.end]}”"
    if verdict.conflict == "negation" and other is None:
        return f"{said} is denied in the dialogue, with different words"
    if other is None or verdict.status == "unsupported":
        return f"{said} is not said in the dialogue"
    source = "the dialogue" if other.turn >= 0 else "the reference"
    if verdict.conflict == "negation":
        negated = "negated" in other.context or other.value == "none"
        return f"{said} is {'denied' if negated else 'affirmed'} in {source}"
    if verdict.conflict == "person":
        both = "family" in other.context and "family" in fact.context
        whose = "of another relative" if both else "of the family" if "family" in other.context else "of the patient"
        return f"{said} is said {whose} in {source}"
    return f"{said}: {source} says {_value(other)}"


def _value(fact: Fact) -> str:
    if fact.kind == "laterality":
        return fact.value
    if fact.kind == "course":
        return f"{fact.unit} is {fact.value}"
    if fact.kind == "plan":
        return f"{fact.value} {fact.drug}"
    if fact.laterality:
        return fact.laterality
    bound = {"less": "less than", "greater": "more than"}.get(fact.bound, fact.bound)
    return f"{bound} {fact.value} {fact.unit}".strip()
