"""The judge computes all scores of a summary. It also finds the errors and the evidence for each sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from medsum.dialogue.record import Record
from medsum.dialogue.sentences import sentences
from medsum.evaluation.scoring import DECIMALS, Row, score_texts
from medsum.facts.note_facts import NoteFacts, read_note_facts
from medsum.faithfulness.dialogue_facts import DialogueFacts, read_dialogue_facts
from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.evidence import evidence_in, sentence_evidence
from medsum.faithfulness.features import Case, case_of
from medsum.faithfulness.passage import Passage, passage
from medsum.faithfulness.scores import counts, scores, weights
from medsum.metrics.bertscore import EncoderScorer
from medsum.metrics.evaluate_modules import BertScore
from medsum.risk.features import of_evidence
from medsum.risk.note_risk import risk, score

CHUNK = 32  # the number of records whose texts an encoder reads together; more records need more memory


def fitted_words(catalogue: Path) -> tuple[Path, int]:
    """Return the folder and the layer of the encoder with which the weights of the faithfulness scores were fitted."""
    fitted = weights()["fitted_on"]
    return catalogue / fitted["encoder"], fitted["layer"]


class Judge(NamedTuple):
    """Scores summaries from their words and with two encoders.

    An encoder is a model that computes the meaning of words. `scorer` is the folder of the encoder for BERTScore, and
    `words` is the folder of the encoder for faithfulness. If `findings` is true, rows also have `errors` and
    `sentences`. If `any_language` is true, rows have only ROUGE, form and BERTScore, because the checks of facts work
    only for English. Each process loads an encoder when it first needs the encoder, and keeps it. Raise UserError if an
    encoder cannot be loaded.
    """

    scorer: Path
    scorer_layer: int
    scorer_batch_size: int
    words: Path
    words_layer: int
    stemmer: bool = False
    findings: bool = False
    any_language: bool = False

    def identity(self) -> str:
        """Return everything that the scores depend on, except the texts and the code."""
        return " ".join(
            f"{name} {value}"
            for name, value in {
                "stemmer": self.stemmer,
                "scorer": self._scorer().encoder.sha256,
                "layer": self.scorer_layer,
                "batch": self.scorer_batch_size,
                "words": "" if self.any_language else self._words().sha256,
                "words layer": self.words_layer,
                "findings": self.findings,
                "any language": self.any_language,
            }.items()
        )

    def rows(self, records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        """Return a row per record: ROUGE, form, BERTScore, faithfulness, counts of facts, and findings (if wanted)."""
        references = [record.summary for record in records]
        bertscores = self._scorer().compute(predictions=summaries, references=references)["f1"]
        long = [int(self._scorer().encoder.is_long(*pair)) for pair in zip(summaries, references, strict=True)]
        checked = [{} for _ in records] if self.any_language else self._checked(records, summaries)
        by_words = score_texts(records, summaries, self.stemmer, self.any_language)
        return [
            {**of_words, "bertscore": round(value, DECIMALS), "in_pieces": in_pieces, **row}
            for of_words, value, in_pieces, row in zip(by_words, bertscores, long, checked, strict=True)
        ]

    def _checked(self, records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        """Return the scores that need English: faithfulness, counts of facts, and findings."""
        words, rows = self._words(), []
        pairs = zip(records, summaries, strict=True)
        while read := [_read(*pair) for pair in islice(pairs, CHUNK)]:
            words.encode([text for one in read for text in one.passages(self.findings)])
            rows += [self._row(one, words) for one in read]
        return rows

    def _row(self, one: "_Read", words: WordEncoder) -> Row:
        found = scores(one.case, words.similarity)
        row: Row = {**{name: round(value, DECIMALS) for name, value in found.items()}, **counts(one.case)}
        return row | _findings(one, words) if self.findings else row

    def _scorer(self) -> BertScore:
        return _loaded_scorer(self.scorer, self.scorer_layer, self.scorer_batch_size)

    def _words(self) -> WordEncoder:
        return _loaded_words(self.words, self.words_layer)


@cache
def _loaded_scorer(folder: Path, layer: int, batch_size: int) -> BertScore:
    return BertScore(EncoderScorer(folder, layer, batch_size))


@cache
def _loaded_words(folder: Path, layer: int) -> WordEncoder:
    return WordEncoder(folder, layer)


class _Read(NamedTuple):
    """The facts of a record and of its summary. All checks use these facts, which are extracted only once."""

    section: str | None
    dialogue: DialogueFacts
    summary: NoteFacts
    reference: NoteFacts
    case: Case

    def passages(self, findings: bool) -> Iterator[Passage]:
        """Yield the texts whose words are compared."""
        yield self.case.reference
        yield self.case.prediction
        if findings:
            text = self.summary.text
            yield from self.dialogue.turns
            yield from (passage(text[start:end]) for start, end in sentences(text))


def _read(record: Record, summary: str) -> _Read:
    dialogue = read_dialogue_facts(record.dialogue)
    own, reference = read_note_facts(summary), read_note_facts(record.summary)
    return _Read(record.section, dialogue, own, reference, case_of(dialogue.facts, own, reference))


def _findings(one: _Read, words: WordEncoder) -> Row:
    """Return all errors with their places, the turns that support each sentence, the risk, and the score of the risk.

    The risk does not use the reference. So a new note without a reference would get the same risk. Turns count from 0.
    The `reason` of an error quotes the texts.
    """
    found = find_errors(one.dialogue, one.summary, one.reference, one.section, words.meaning)
    severities = [flag.severity for flag in found]
    text = one.summary.text
    risk_score = score(of_evidence(evidence_in(one.dialogue, text), one.dialogue.text, text))
    return {
        "major_errors": severities.count("major"),
        "minor_errors": severities.count("minor"),
        "risk": risk(risk_score),
        "risk_score": round(risk_score, DECIMALS),
        "errors": [asdict(flag) for flag in found],
        "sentences": [asdict(s) for s in sentence_evidence(one.dialogue, one.summary, words.meaning)],
    }
