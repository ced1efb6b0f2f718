"""Compare a summary with its reference and its dialogue, and compute the features of the faithfulness scores."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from medsum.dialogue.sentences import sentences
from medsum.facts.extraction import extract_dialogue
from medsum.facts.fact import Fact
from medsum.facts.note_facts import NoteFacts, read_note_facts
from medsum.faithfulness.alignment import Array, Similarity, best_match, matched_one_to_one
from medsum.faithfulness.passage import Passage, passage
from medsum.faithfulness.verdict import Verdict
from medsum.faithfulness.verdicts import verdicts

# A blanket sentence only says that there is nothing to report, such as `Noncontributory.`.
_BLANKET = re.compile(
    r"\W*(?:non-?contributory|none|unknown|stable|unchanged|n/?a|as above|(?:otherwise )?(?:negative|normal|"
    r"unremarkable|reviewed(?: and (?:noted|unchanged|negative))?))\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Case:
    """A summary and its reference, with verdicts. A verdict says whether a text supports a fact of another text."""

    reference: Passage
    prediction: Passage
    said: tuple[Verdict, ...]  # the dialogue's verdicts on the facts of the summary
    known: tuple[Verdict, ...]  # verdicts on the summary's facts, from the dialogue and the reference together
    recalled: tuple[Verdict, ...]  # the summary's verdicts on the facts of the reference
    blanket: tuple[bool, ...]  # for each sentence of the summary, whether it is a blanket sentence


def case(dialogue: str, reference: str, prediction: str) -> Case:
    """Return the case of three texts. The dialogue has one turn per line, `Speaker: text`. No encoder is needed."""
    return case_of(extract_dialogue(dialogue), read_note_facts(prediction), read_note_facts(reference))


def case_of(said: Sequence[Fact], prediction: NoteFacts, reference: NoteFacts) -> Case:
    """Return the case of texts that have already been read. `said` are the facts of the dialogue."""
    text = prediction.text
    return Case(
        passage(reference.text),
        passage(text),
        tuple(verdicts(prediction.facts, said)),
        tuple(_known(prediction.facts, said, reference.facts)),
        tuple(verdicts(reference.facts, prediction.facts)),
        tuple(bool(_BLANKET.fullmatch(text[start:end])) for start, end in sentences(text)),
    )


def _known(facts: Sequence[Fact], said: Sequence[Fact], reference: Sequence[Fact]) -> Iterator[Verdict]:
    """Yield the verdicts from the facts of the dialogue and the reference together.

    If the reference has an amount with another symbol (`<`, `µ`), yield only the verdict of the reference.
    """
    together = verdicts(facts, [*said, *reference])
    for verdict, noted in zip(together, verdicts(facts, reference), strict=True):
        yield noted if noted.conflict == "sign" else verdict


def features(one: Case, similarity: Similarity) -> dict[str, float]:
    """Return the features; the key is the name of a feature.

    Each feature is from 0 to 1, except `reference_length`. This is the logarithm of the number of clauses in the
    reference.
    """
    reference, prediction = one.reference, one.prediction
    to_reference = similarity(prediction, reference)
    _, of_reference = matched_one_to_one(to_reference, prediction, reference)
    clause_coverage = _mean([of_reference[clause].mean() for clause in reference.clauses])
    missed = 1.0 - _share(one.recalled, "supported")
    words, wanted = _content_words(prediction), _content_words(reference)
    return {
        "clause_coverage": clause_coverage,
        "clause_coverage_f1": _f1_without_error(clause_coverage),
        "clause_share": min(1.0, len(prediction.clauses) / max(1, len(reference.clauses))),
        "word_recall": _mean(best_match(to_reference)[reference.is_content]),
        "missed_facts": missed,
        "fact_recall_f1": _f1_without_error(1.0 - missed),
        "reference_length": math.log(max(1, len(reference.clauses))),
        "surplus": 1.0 - min(1.0, wanted / max(1, words)),
        "unknown_facts": _share(one.known, "unsupported"),
        "contradicted_facts": _share(one.known, "contradicted"),
        "blanket_beside": float(any(one.blanket) and not all(one.blanket)),
    }


def _f1_without_error(recall: float) -> float:
    """Return the F1 of a summary with this recall and a precision of 1."""
    return 2.0 * recall / (1.0 + recall)


def _content_words(text: Passage) -> int:
    return int(text.is_content.sum())


def _share(judged: Sequence[Verdict], status: str) -> float:
    """Return the share of facts with this status.

    One supported fact is added to the count, so that a single wrong fact does not give a share of 1.
    """
    supported = status == "supported"
    return (sum(verdict.status == status for verdict in judged) + supported) / (len(judged) + 1)


def _mean(values: Sequence[float] | Array) -> float:
    return float(np.mean(values)) if len(values) else 0.0
