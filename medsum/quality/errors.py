"""Everything that is wrong with a summary, by the categories of flags.py.

Against the dialogue alone, as for a summary that nobody has written a reference for; with a reference, what it says
decides, and what the summary leaves out of it is an omission.
"""

from collections.abc import Iterator, Sequence

from medsum.quality.beside_reference import beside_reference
from medsum.quality.doubt import SAME_MEANING, SAME_MEANING_BESIDE_REFERENCE, contradicts_itself, is_weak, may_mean
from medsum.quality.fact_flags import fact_flags
from medsum.quality.facts.extraction import extract
from medsum.quality.facts.fact import STATED, Fact
from medsum.quality.faithfulness.alignment import Similarity, lexical_similarity
from medsum.quality.faithfulness.passage import passage
from medsum.quality.faithfulness.verdicts import Verdict, verdicts
from medsum.quality.flags import Flag, Severity
from medsum.quality.form_flags import form_flags
from medsum.quality.heard import Heard, hear

_CLEAR = frozenset({"historical", "hypothetical", "uncertain", "family"})  # what a contradiction may hide behind


def find_errors(
    dialogue: str,
    summary: str,
    reference: str | None = None,
    section: str | None = None,
    similarity: Similarity = lexical_similarity,
    cut: bool | None = None,
) -> list[Flag]:
    """Flags in the order of the summary, those of the reference last.

    `similarity` compares words (an encoder's `meaning`); by their letters alone, a finding that is said in other words
    counts as invented more often. `cut` is whether generation stopped at its limit of tokens, where that is known.
    """
    return errors_of(hear(dialogue), extract(summary), summary, reference, section, similarity, cut)


def errors_of(
    heard: Heard,
    found: Sequence[Fact],
    summary: str,
    reference: str | None = None,
    section: str | None = None,
    similarity: Similarity = lexical_similarity,
    cut: bool | None = None,
) -> list[Flag]:
    """`find_errors` where the dialogue has been read and the facts of the summary found already."""
    if reference is None:
        judged = weighed(found, heard, summary, similarity)
    else:
        judged = weighed(found, heard, summary, similarity, SAME_MEANING_BESIDE_REFERENCE)
        borne_out = beside_reference(found, summary, reference)
        judged = [_decisive(said, noted) for said, noted in zip(judged, borne_out, strict=True)]
    flags = [
        *form_flags(summary, reference, section, cut),
        *fact_flags(judged, summary),
        *_contradictions(found, summary),
    ]
    flags.sort(key=lambda flag: (flag.start, flag.end, flag.category))
    return flags + (list(_omissions(found, summary, reference)) if reference is not None else [])


def _decisive(said: Verdict, noted: Verdict) -> Verdict:
    """The reference's verdict where it has one; the dialogue's where it is the same, since that names a turn."""
    same = (said.status, said.conflict) == (noted.status, noted.conflict)
    return said if same or noted.status == "unsupported" else noted


def weighed(
    found: Sequence[Fact], heard: Heard, summary: str, similarity: Similarity, same_meaning: float = SAME_MEANING
) -> list[Verdict]:
    """Facts of a summary held against its dialogue; where that is doubtful, they count as supported."""
    own = passage(summary)
    result = []
    for verdict in verdicts(found, heard.facts, "\n".join(turn.text for turn in heard.turns)):
        doubtful = verdict.status != "supported" and is_weak(verdict, summary, heard)
        if verdict.status == "unsupported" and verdict.fact.kind == "finding":
            doubtful = may_mean(verdict.fact, own, heard.turns, similarity, same_meaning)
        result.append(Verdict(verdict.fact, "supported", verdict.other) if doubtful else verdict)
    return result


def _contradictions(found: Sequence[Fact], summary: str) -> Iterator[Flag]:
    """What the summary both says and denies, at the second of the two."""
    plain = [fact for fact in found if fact.kind in STATED and not fact.context & _CLEAR]
    for place, fact in enumerate(plain):
        others = [other for other in plain[:place] if (other.kind, other.value) == (fact.kind, fact.value)]
        if any(contradicts_itself(other, fact, summary) for other in others):
            said = summary[fact.start : fact.end]
            yield Flag("contradiction", "major", fact.start, fact.end, f"“{said}” is both affirmed and denied")


def _omissions(found: Sequence[Fact], summary: str, reference: str) -> Iterator[Flag]:
    """Facts of the reference that the summary does not give; their span is in the reference.

    What the summary gives wrongly is no omission: it is flagged as what it is.
    """
    for verdict in verdicts(extract(reference), found, passage(summary).text):
        fact = verdict.fact
        if verdict.status == "unsupported":
            said = reference[fact.start : fact.end]
            yield Flag("omission", _weight(fact), fact.start, fact.end, f"“{said}” is missing", of="reference")


def _weight(fact: Fact) -> Severity:
    """Major: a drug, a dose, or a finding that is there; minor: a denial, a number of something else."""
    if fact.kind in ("medication", "drug_class", "dose"):
        return "major"
    return "major" if fact.kind == "finding" and "negated" not in fact.context else "minor"
