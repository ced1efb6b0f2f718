"""Records as token ids for training, cut to the length limits."""

from dataclasses import dataclass
from typing import Any

from datasets import Dataset
from datasets.utils.logging import disable_progress_bar

from medsum.data.records import Record
from medsum.model.prompt import PromptBuilder, TokenIds, cut

MASKED = -100  # label that the loss passes over


@dataclass
class TokenizedSplit:
    """Model inputs of a split, and what the length limits cut: texts that lost an end, and tokens lost."""

    dataset: Dataset
    dialogues_cut: int
    dialogue_tokens_cut: int
    notes_cut: int
    note_tokens_cut: int


def tokenize(records: list[Record], builder: PromptBuilder, max_target_tokens: int) -> TokenizedSplit:
    """Return prompts and notes as token ids, cut to the limits; nothing is written to a cache.

    `labels` are a note with its end token. An encoder reads the prompt alone; a decoder-only model reads the prompt and
    the note but for its last token, so that its last outputs stand beside `labels`, one to one.
    """
    is_encoder = builder.frame.kind == "encoder-decoder"

    def to_ids(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        asked = [builder.ids(d, s) for d, s in zip(batch["dialogue"], batch["section"], strict=True)]
        notes = [note_ids(summary, builder) for summary in batch["summary"]]
        kept, labels = [builder.cut(ids) for ids in asked], [cut(ids, max_target_tokens) for ids in notes]
        read = kept if is_encoder else [one + other[:-1] for one, other in zip(kept, labels, strict=True)]
        return {
            "input_ids": read,
            "attention_mask": [[1] * len(ids) for ids in read],
            "labels": labels,
            "dialogue_lost": [len(whole) - len(part) for whole, part in zip(asked, kept, strict=True)],
            "note_lost": [len(whole) - len(part) for whole, part in zip(notes, labels, strict=True)],
        }

    disable_progress_bar()  # one second of work
    columns = {name: [getattr(r, name) for r in records] for name in ("dialogue", "section", "summary")}
    dataset = Dataset.from_dict(columns).map(to_ids, batched=True, remove_columns=list(columns))
    lost = [[tokens for tokens in dataset[name] if tokens] for name in ("dialogue_lost", "note_lost")]
    counts = [count for tokens in lost for count in (len(tokens), sum(tokens))]
    return TokenizedSplit(dataset.remove_columns(["dialogue_lost", "note_lost"]), *counts)


def note_ids(note: str, builder: PromptBuilder) -> TokenIds:
    """Return the ids of a note, its end token last."""
    is_encoder = builder.frame.kind == "encoder-decoder"
    ids: TokenIds = builder.tokenizer.encode(note, add_special_tokens=is_encoder).ids
    return ids if is_encoder else [*ids, builder.end_id]


def nothing_to_learn(builder: PromptBuilder) -> dict[str, list[int]]:
    """Return a row that fills a batch and changes no loss."""
    return {"input_ids": [builder.end_id], "attention_mask": [1], "labels": [MASKED]}
