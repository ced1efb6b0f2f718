"""Score a base model: copying by length, and loss and unigram overlap on held-out dialogues."""

import re
from collections import Counter
from random import Random

import torch
from transformers import PreTrainedTokenizerBase, T5ForConditionalGeneration

from pretraining import tasks
from pretraining.exchanges import draw
from pretraining.stream import IGNORED, padded
from pretraining.text import Example

COPY_LENGTHS = (6, 16, 40)  # tokens
BATCH = 16
EXAMPLES = 64  # of each kind of dialogue
MOST_TOKENS = 96


@torch.inference_mode()
def write(
    model: T5ForConditionalGeneration, tokenizer: PreTrainedTokenizerBase, prompts: list[str], most: int
) -> list[str]:
    """Return greedy answers of at most `most` tokens."""
    answers: list[str] = []
    for start in range(0, len(prompts), BATCH):
        rows = padded([tokenizer(prompt).input_ids for prompt in prompts[start : start + BATCH]], 0, 8)
        rows = rows.to(model.device)
        output: torch.Tensor = model.generate(  # type: ignore[misc, assignment]
            input_ids=rows, attention_mask=(rows != 0).long(), max_new_tokens=most, do_sample=False
        )
        answers += tokenizer.batch_decode(output, skip_special_tokens=True)
    return answers


def copy_accuracy(
    model: T5ForConditionalGeneration, tokenizer: PreTrainedTokenizerBase, examples: list[Example], length: int
) -> float:
    """Return the share of tokens at the right place when the model repeats `length` tokens of a dialogue."""
    rng = Random(length)  # noqa: S311 - a draw to be repeated
    spoken = [tokenizer(" ".join(example.dialogue.split())).input_ids[:-1] for example in examples]
    long_enough = [tokens for tokens in spoken if len(tokens) >= length]
    texts = []
    for tokens in rng.choices(long_enough, k=EXAMPLES):
        start = rng.randint(0, len(tokens) - length)
        texts.append(tokenizer.decode(tokens[start : start + length]))
    right = total = 0
    repeats = write(model, tokenizer, [f"Repeat:\n{text}" for text in texts], length + 8)
    for text, repeated in zip(texts, repeats, strict=True):
        wanted, got = tokenizer(text).input_ids[:-1], tokenizer(repeated).input_ids[:-1]
        right += sum(one == other for one, other in zip(wanted, got, strict=False))
        total += len(wanted)
    return right / total


def unigram_f1(reference: str, prediction: str) -> float:
    """Return ROUGE-1 F1 without stemming."""
    words, others = (Counter(re.findall(r"[a-z0-9]+", text.lower())) for text in (reference, prediction))
    shared = sum((words & others).values())
    return 2 * shared / max(1, words.total() + others.total())


@torch.inference_mode()
def loss_of(model: T5ForConditionalGeneration, tokenizer: PreTrainedTokenizerBase, pairs: list[tasks.Pair]) -> float:
    """Return the mean cross-entropy per target token, in nats."""
    total = count = 0.0
    for prompt, answer in pairs:
        source = padded([tokenizer(prompt).input_ids], 0, 1).to(model.device)
        labels = padded([tokenizer(answer).input_ids], IGNORED, 1).to(model.device)
        total += model(input_ids=source, labels=labels).loss.item() * labels.numel()
        count += labels.numel()
    return total / count


def number_recall(reference: str, prediction: str) -> tuple[int, int]:
    """Return how many of the reference's numbers the prediction has, and how many there are."""
    wanted, got = (Counter(re.findall(r"\d+", text)) for text in (reference, prediction))
    return (wanted & got).total(), wanted.total()


def score(
    model: T5ForConditionalGeneration, tokenizer: PreTrainedTokenizerBase, real: list[Example]
) -> dict[str, float]:
    """Return all scores, on newly drawn visits and on held-out dialogues (`real`)."""
    results = {
        f"copy accuracy at {length} tokens": copy_accuracy(model, tokenizer, real, length) for length in COPY_LENGTHS
    }
    rng = Random("scores")  # noqa: S311 - a draw to be repeated
    made_up = [draw(rng) for _ in range(EXAMPLES)]
    for name, examples in (("made-up visits", made_up), ("held-out MTS-Dialog", real[:EXAMPLES])):
        pairs = [tasks.summarize(example, example.section) for example in examples]
        notes = write(model, tokenizer, [pair.prompt for pair in pairs], MOST_TOKENS)
        f1 = [unigram_f1(pair.answer, note) for pair, note in zip(pairs, notes, strict=True)]
        found = [number_recall(pair.answer, note) for pair, note in zip(pairs, notes, strict=True)]
        results[f"loss on {name}"] = loss_of(model, tokenizer, pairs)
        results[f"ROUGE-1 on {name}"] = sum(f1) / len(f1)
        results[f"number recall on {name}"] = sum(hits for hits, _ in found) / max(1, sum(all_ for _, all_ in found))
    return results
