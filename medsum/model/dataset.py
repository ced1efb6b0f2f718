"""Records as token ids for training, cut to the length limits."""

from dataclasses import dataclass
from typing import Any

from datasets import Dataset
from datasets.utils.logging import disable_progress_bar
from transformers import PreTrainedTokenizerBase

from medsum.data.records import Record
from medsum.model.prompt import cut, render
from medsum.params.prompt import PromptParams


@dataclass
class TokenizedSplit:
    """Model inputs of a split, and how much the length limits cut."""

    dataset: Dataset
    dialogues_cut: int
    notes_cut: int


def tokenize(
    records: list[Record], tokenizer: PreTrainedTokenizerBase, prompt: PromptParams, max_target_tokens: int
) -> TokenizedSplit:
    """Prompts and notes as token ids, cut to the limits; nothing is written to a cache."""

    def encode(texts: list[str], limit: int) -> tuple[list[list[int]], list[bool]]:
        whole = tokenizer(texts, verbose=False)["input_ids"]
        return [cut(ids, limit) for ids in whole], [len(ids) > limit for ids in whole]

    def to_ids(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        pairs = zip(batch["dialogue"], batch["section"], strict=True)
        prompts, prompt_cut = encode([render(prompt.template, d, s) for d, s in pairs], prompt.max_input_tokens)
        labels, label_cut = encode(batch["summary"], max_target_tokens)
        return {
            "input_ids": prompts,
            "attention_mask": [[1] * len(ids) for ids in prompts],
            "labels": labels,
            "dialogue_cut": prompt_cut,
            "note_cut": label_cut,
        }

    disable_progress_bar()  # one second of work
    columns = {name: [getattr(r, name) for r in records] for name in ("dialogue", "section", "summary")}
    dataset = Dataset.from_dict(columns).map(to_ids, batched=True, remove_columns=list(columns))
    split = TokenizedSplit(dataset, sum(dataset["dialogue_cut"]), sum(dataset["note_cut"]))
    split.dataset = dataset.remove_columns(["dialogue_cut", "note_cut"])
    return split
