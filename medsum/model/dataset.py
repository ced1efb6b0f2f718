"""Records as token ids for training, cut to the length limits."""

from dataclasses import dataclass
from typing import Any

from datasets import Dataset
from datasets.utils.logging import disable_progress_bar
from transformers import PreTrainedTokenizerBase

from medsum.data.records import Record
from medsum.model.prompt import cut, render
from medsum.params.prompt import PromptParams

MASKED = -100  # label that the loss passes over


@dataclass
class TokenizedSplit:
    """Model inputs of a split, and what the length limits cut: texts that lost an end, and tokens lost."""

    dataset: Dataset
    dialogues_cut: int
    dialogue_tokens_cut: int
    notes_cut: int
    note_tokens_cut: int


def tokenize(
    records: list[Record], tokenizer: PreTrainedTokenizerBase, prompt: PromptParams, max_target_tokens: int
) -> TokenizedSplit:
    """Prompts and notes as token ids, cut to the limits; nothing is written to a cache."""

    def encode(texts: list[str], limit: int) -> tuple[list[list[int]], list[int]]:
        whole = tokenizer(texts, verbose=False)["input_ids"]
        return [cut(ids, limit) for ids in whole], [max(0, len(ids) - limit) for ids in whole]

    def to_ids(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        pairs = zip(batch["dialogue"], batch["section"], strict=True)
        prompts, prompt_lost = encode([render(prompt.template, d, s) for d, s in pairs], prompt.max_input_tokens)
        labels, label_lost = encode(batch["summary"], max_target_tokens)
        return {
            "input_ids": prompts,
            "attention_mask": [[1] * len(ids) for ids in prompts],
            "labels": labels,
            "dialogue_lost": prompt_lost,
            "note_lost": label_lost,
        }

    disable_progress_bar()  # one second of work
    columns = {name: [getattr(r, name) for r in records] for name in ("dialogue", "section", "summary")}
    dataset = Dataset.from_dict(columns).map(to_ids, batched=True, remove_columns=list(columns))
    lost = [[tokens for tokens in dataset[name] if tokens] for name in ("dialogue_lost", "note_lost")]
    counts = [count for tokens in lost for count in (len(tokens), sum(tokens))]
    return TokenizedSplit(dataset.remove_columns(["dialogue_lost", "note_lost"]), *counts)


def nothing_to_learn(tokenizer: PreTrainedTokenizerBase) -> dict[str, list[int]]:
    """A row that fills a batch and changes no loss."""
    return {"input_ids": [tokenizer.eos_token_id], "attention_mask": [1], "labels": [MASKED]}
