from collections.abc import Iterator
from itertools import islice
from random import Random

import pytest
import torch

from pretraining import stream, tasks
from pretraining.synthetic import draw
from pretraining.tokenizer import FIRST_SENTINEL, LAST_SENTINEL, train_tokenizer

LIMITS = stream.Limits(source=96, target=40, batch=1024)
TOKENS = [*range(100, 160), 1]


def batches(progress: float) -> Iterator[dict[str, torch.Tensor]]:
    examples = [draw(Random(seed)) for seed in range(40)]
    corpus = stream.Corpus([example.note for example in examples] * 3, examples)
    tokenizer = train_tokenizer([example.dialogue for example in examples], 512)
    return iter(stream.Stream(corpus, tokenizer, LIMITS, torch.tensor([progress]), seed=1, pad_to=8))


@pytest.mark.parametrize("progress", [0.0, 0.5, 1.0])
def test_batches_keep_within_the_limits(progress: float) -> None:
    for batch in islice(batches(progress), 30):
        source, target = batch["input_ids"].shape, batch["labels"].shape
        assert source[1] <= LIMITS.source
        assert target[1] <= LIMITS.target
        assert source[0] == target[0]


def test_the_same_seed_gives_the_same_batches() -> None:
    for one, other in zip(islice(batches(0.5), 10), islice(batches(0.5), 10), strict=True):
        assert torch.equal(one["input_ids"], other["input_ids"])


def test_texts_grow_with_the_training() -> None:
    early, late = (sum(batch["labels"].shape[1] for batch in islice(batches(p), 40)) for p in (0.0, 0.9))
    assert early < late


def test_dropped_spans_and_what_is_left_make_the_text_again() -> None:
    source, target = stream.corrupt_spans(TOKENS, Random(3))
    hidden: dict[int, list[int]] = {}
    for token in target[:-1]:
        if FIRST_SENTINEL <= token <= LAST_SENTINEL:
            hidden[token] = []
        else:
            hidden[max(hidden)].append(token)
    assert hidden
    assert [part for token in source for part in hidden.get(token, [token])] == TOKENS


def test_reconstruction_asks_for_the_whole_text() -> None:
    source, target = stream.restore(TOKENS, Random(3))
    assert target == TOKENS
    assert len(source) == len(TOKENS)
    assert FIRST_SENTINEL in source


def test_answers_to_questions_about_a_dialogue_stand_in_it() -> None:
    rng = Random(0)
    for _ in range(200):
        example = draw(rng)
        assert tasks.pick_turn(example, rng).answer in example.dialogue.split("\n")
        word_by_word = tasks.one_speaker(example, rng).answer.split()
        assert set(word_by_word) <= {*example.dialogue.split(), "Nothing."}
