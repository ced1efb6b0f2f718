"""The recipe of the model that finds names: its examples, what it reads, and that it gives the same bytes again."""

from itertools import islice
from pathlib import Path
from random import Random

import pytest

from medsum.privacy.tagger import WEIGHTS
from pretraining import name_tagger
from pretraining.name_tagger import Sentence, from_contexts, train


def test_every_context_is_filled_and_its_names_are_marked() -> None:
    sentences = list(from_contexts(Random(1)))
    assert not any("{" in text or "}" in text for text, _ in sentences)
    assert all(text[start:end].strip() == text[start:end] != "" for text, spans in sentences for start, end in spans)
    assert sum(not spans for _, spans in sentences) > 300
    assert sum(bool(spans) for _, spans in sentences) > 3000


def test_the_recipe_reads_no_sentences_that_measure_it() -> None:
    source = Path(name_tagger.__file__).read_text(encoding="utf-8")
    assert [path.name for path in name_tagger.LABELLED] == [
        "dev.jsonl",
        "styles.jsonl",
        "second_dev.jsonl",
        "third_dev.jsonl",
    ]
    assert "frozen.jsonl" not in source
    assert "blind.jsonl" not in source


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    sentences = [*islice(from_contexts(Random(2)), 400), Sentence("Denies chest pain.", [])]
    for name in ("one", "two"):
        train(sentences, Random(3), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_model_is_small() -> None:
    assert WEIGHTS.stat().st_size < 2_000_000


@pytest.mark.slow
def test_the_word_list_is_what_the_recipe_writes() -> None:
    lines = sorted(set(name_tagger.plain_lines(Random(name_tagger.SEED))))
    assert name_tagger.KNOWN_WORDS.read_text(encoding="utf-8").split("\n")[:-1] == name_tagger.word_list(lines)
