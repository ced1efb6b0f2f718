"""Measure a training run for speed.py: the loss on held-out records, and how much of a GPU the run uses."""

import statistics
import time
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.training.trainers import Task
from medsum.training.causal import read_inputs
from medsum.training.collation import collator
from medsum.training.dataset import MASKED
from medsum.training.trainer import token_losses

BATCH = 8  # the number of held-out records in a batch
COUNTED = 8  # the operations are counted in this number of batches
SIDE = 8192  # the size of the square matrices whose product shows a GPU's peak


def held_out_loss(task: Task, dataset: Any) -> float:
    """Return the mean loss over all label tokens. All compared trainers use this function."""
    collate, total, tokens = collator(task.tokenizer, task.model, None), 0.0, 0
    task.model.eval()
    order = sorted(range(len(dataset)), key=lambda i: len(dataset[i]["input_ids"]))
    with torch.inference_mode():
        for start in range(0, len(order), BATCH):
            batch = collate([dataset[i] for i in order[start : start + BATCH]])
            batch = {name: rows.to(task.model.device) for name, rows in batch.items()}
            labels = batch["labels"]
            if not task.model.config.is_encoder_decoder:
                batch = read_inputs(task.model, {name: batch[name] for name in ("input_ids", "attention_mask")}, labels)
            total += token_losses(task.model(**batch).logits, labels, 0.0).sum().item()
            tokens += int(labels.ne(MASKED).sum())
    return total / tokens


def matrix_work(side: str, task: Task, loader: Any) -> float:
    """Return how many floating-point operations the matrix products of an epoch need, including padding.

    The operations of COUNTED batches are counted, and the number is scaled to the whole epoch.
    """
    batches = list(loader)
    some = batches[:: max(1, len(batches) // COUNTED)]
    task.model.train()
    with FlopCounterMode(display=False) as counter:
        for batch in some:
            batch = {name: rows.to(task.model.device) for name, rows in batch.items()}
            if side == "ours" and not task.model.config.is_encoder_decoder:
                labels = batch.pop("labels")
                outputs = task.model(**read_inputs(task.model, batch, labels))
                loss: Any = token_losses(outputs.logits, labels, 0.0).sum()
            else:
                loss = task.model(**batch).loss
            loss.backward()
    return float(counter.get_total_flops()) * len(batches) / len(some)


def peak_rate(bf16: bool) -> float:
    """Return the operations per second of one large matrix product on this GPU, as the median of ten."""
    left, right = torch.randn(2, SIDE, SIDE, device="cuda", dtype=torch.bfloat16 if bf16 else torch.float32)
    seconds = []
    for _ in range(13):
        torch.cuda.synchronize()
        started = time.perf_counter()
        left @ right
        torch.cuda.synchronize()
        seconds.append(time.perf_counter() - started)
    return 2 * SIDE**3 / statistics.median(seconds[3:])
