"""What an encoder reads in summaries: BERTScore, the faithfulness scores, and findings with their evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from medsum.dialogue.record import Record
from medsum.dialogue.sentences import sentences
from medsum.evaluation.scoring import DECIMALS, Row
from medsum.facts.note import Note, read_note
from medsum.faithfulness.encoder import WordEncoder
from medsum.faithfulness.error_flags import find_errors
from medsum.faithfulness.evidence import sentence_evidence
from medsum.faithfulness.features import Case, case_of
from medsum.faithfulness.heard import Heard, hear
from medsum.faithfulness.passage import Passage, passage
from medsum.faithfulness.scores import counts, scores, weights
from medsum.metrics.bertscore import EncoderScorer
from medsum.metrics.evaluate_modules import BertScore

CHUNK = 32  # records whose texts are encoded at once; memory grows with it


def fitted_words(catalogue: Path) -> tuple[Path, int]:
    """Folder and layer of the encoder that the frozen weights were fitted on."""
    fitted = weights()["fitted_on"]
    return catalogue / fitted["encoder"], fitted["layer"]


class Judge(NamedTuple):
    """Two encoders by their folders, and whether rows get `errors` and `sentences` beside their scores.

    Each process that it is sent to loads the encoders once, when it first needs them; UserError where it cannot.
    """

    scorer: Path
    scorer_layer: int
    scorer_batch_size: int
    words: Path
    words_layer: int
    findings: bool = False

    def said(self) -> str:
        """What it depends on."""
        scorer, words = self._encoders()
        sizes = f"layer {self.scorer_layer} batch {self.scorer_batch_size}"
        return f"{scorer.encoder.sha256} {sizes} words {words.sha256} layer {self.words_layer} findings {self.findings}"

    def rows(self, records: Sequence[Record], summaries: Sequence[str]) -> list[Row]:
        """BERTScore, faithfulness and counts of facts, a row a record; with `findings` those of `_findings` too."""
        scorer, words = self._encoders()
        rows = []
        references = [record.summary for record in records]
        bertscores = scorer.compute(predictions=summaries, references=references)["f1"]
        pairs = zip(records, summaries, strict=True)
        while read := [_read(*pair) for pair in islice(pairs, CHUNK)]:
            words.encode([text for one in read for text in one.passages(self.findings)])
            rows += [self._row(one, words) for one in read]
        return [{"bertscore": round(value, DECIMALS), **row} for value, row in zip(bertscores, rows, strict=True)]

    def _row(self, one: "_Read", words: WordEncoder) -> Row:
        found = scores(one.case, words.similarity)
        row: Row = {**{name: round(value, DECIMALS) for name, value in found.items()}, **counts(one.case)}
        return row | _findings(one, words) if self.findings else row

    def _encoders(self) -> tuple[BertScore, WordEncoder]:
        return _loaded(*self[:-1])


@cache
def _loaded(scorer: Path, layer: int, batch_size: int, words: Path, words_layer: int) -> tuple[BertScore, WordEncoder]:
    return BertScore(EncoderScorer(scorer, layer, batch_size)), WordEncoder(words, words_layer)


class _Read(NamedTuple):
    """A record and its summary, read once for all that follows."""

    section: str | None
    heard: Heard
    summary: Note
    reference: Note
    case: Case

    def passages(self, findings: bool) -> Iterator[Passage]:
        """The texts whose words will be compared."""
        yield self.case.reference
        yield self.case.prediction
        if findings:
            text = self.summary.text
            yield from self.heard.turns
            yield from (passage(text[start:end]) for start, end in sentences(text))


def _read(record: Record, summary: str) -> _Read:
    heard, own, reference = hear(record.dialogue), read_note(summary), read_note(record.summary)
    return _Read(record.section, heard, own, reference, case_of(heard.facts, own, reference))


def _findings(one: _Read, words: WordEncoder) -> Row:
    """Every error, held against dialogue and reference, with its place; and the turns that each sentence rests on.

    Turns count from 0; the reasons of errors quote the texts.
    """
    found = find_errors(one.heard, one.summary, one.reference, one.section, words.meaning)
    severities = [flag.severity for flag in found]
    return {
        "major_errors": severities.count("major"),
        "minor_errors": severities.count("minor"),
        "errors": [asdict(flag) for flag in found],
        "sentences": [asdict(s) for s in sentence_evidence(one.heard, one.summary, words.meaning)],
    }
