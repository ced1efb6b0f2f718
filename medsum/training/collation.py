"""Pad records into a batch of tensors, and cut a batch into pieces with a limited number of tokens."""

from collections.abc import Callable

import torch
from transformers import DataCollatorForSeq2Seq, PreTrainedModel, PreTrainedTokenizerBase

from medsum.training.dataset import MASKED

Batch = dict[str, torch.Tensor]
Rows = list[dict[str, list[int]]]
# The padding value of each tensor. The model ignores the id of a token if the attention mask of the token is 0.
PAST_THE_EDGE = {"input_ids": 0, "attention_mask": 0, "labels": MASKED}


def collator(
    tokenizer: PreTrainedTokenizerBase, model: PreTrainedModel, multiple: int | None
) -> Callable[[Rows], Batch]:
    """Return a function that pads a batch to the length of the longest row, rounded up to a multiple of `multiple`."""
    if model.config.is_encoder_decoder:
        return DataCollatorForSeq2Seq(tokenizer, model, label_pad_token_id=MASKED, pad_to_multiple_of=multiple)
    return LeftPadded(multiple or 1)


class LeftPadded:
    """Pads rows on the left, so that the last output of each row belongs to the last label of the row."""

    def __init__(self, multiple: int) -> None:
        self.multiple = multiple

    def __call__(self, rows: Rows) -> Batch:
        """Return `input_ids`, `attention_mask` (rows, tokens) and `labels` (rows, tokens of the longest note)."""
        return {name: self._padded([row[name] for row in rows], value) for name, value in PAST_THE_EDGE.items()}

    def _padded(self, rows: list[list[int]], value: int) -> torch.Tensor:
        width = -(-max(map(len, rows)) // self.multiple) * self.multiple
        return torch.tensor([[value] * (width - len(row)) + row for row in rows])


def pieces(batch: Batch, budget: int | None) -> list[Batch]:
    """Divide a batch into pieces of at most `budget` tokens, including padding. A piece has at least one row.

    The rows keep their order. Columns that hold only padding are dropped.
    """
    rows = len(batch["input_ids"])
    if budget is None or rows * _row_tokens(batch) <= budget:
        return [batch]
    size = max(1, budget // _row_tokens(batch))
    parts = [{name: tensor[start : start + size] for name, tensor in batch.items()} for start in range(0, rows, size)]
    return [_trimmed(part) for part in parts]


def _row_tokens(batch: Batch) -> int:
    """Return the number of tokens of a row, with prompt and note. A decoder-only model's input ids contain both."""
    own = [name for name in ("input_ids", "decoder_input_ids") if name in batch]
    return sum(batch[name].shape[1] for name in own)


def _trimmed(part: Batch) -> Batch:
    """Return the piece without the columns at the edges that have only padding."""
    read, learnt = part["attention_mask"].any(0), part["labels"].ne(MASKED).any(0)
    learnt[-1] = True  # keep one column of a filler row
    masks = {"labels": learnt, "decoder_input_ids": learnt}
    return {name: tensor[:, masks.get(name, read)] for name, tensor in part.items()}
