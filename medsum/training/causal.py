"""Prepare the batches of a decoder-only model. In a batch, each row contains the prompt and the note of a record."""

import inspect
from typing import Any

import torch
from peft import PeftModel
from transformers import PreTrainedModel

from medsum.training.dataset import MASKED

Batch = dict[str, torch.Tensor]


def read_inputs(model: PreTrainedModel, batch: Batch, labels: torch.Tensor) -> dict[str, Any]:
    """Return the model's arguments for a left-padded batch.

    Positions count from the first token of each row, after the padding. The vocabulary is large, so logits need much
    memory. The model is asked to compute logits only for the last columns, which belong to the labels. A model without
    the argument `logits_to_keep` computes all logits.
    """
    known = _arguments(model)
    more: dict[str, Any] = {}
    if "position_ids" in known:
        more["position_ids"] = (batch["attention_mask"].cumsum(1) - 1).clamp(min=0)
    if "logits_to_keep" in known:
        more["logits_to_keep"] = labels.shape[1]
    return {**batch, **more}


def _arguments(model: PreTrainedModel) -> frozenset[str]:
    base = model.get_base_model() if isinstance(model, PeftModel) else model
    return frozenset(inspect.signature(base.forward).parameters)


def prompts_of(batch: Batch, labels: torch.Tensor) -> Batch:
    """Return the prompts of the rows without the notes. The prompts are padded on the left.

    Validation needs such prompts, because the model then writes its own summaries. A row does not contain the last
    token of the note, because the model predicts this token but never reads it.
    """
    note_tokens = (labels.ne(MASKED).sum(1) - 1).clamp(min=0)
    ids, mask = batch["input_ids"], batch["attention_mask"]
    rows = [
        (ids[row, : ids.shape[1] - cut], mask[row, : mask.shape[1] - cut])
        for row, cut in enumerate(note_tokens.tolist())
    ]
    width = max(len(one) for one, _ in rows)
    padded = [
        torch.stack([torch.nn.functional.pad(row[part], (width - len(row[part]), 0)) for row in rows])
        for part in (0, 1)
    ]
    return {"input_ids": padded[0], "attention_mask": padded[1]}
