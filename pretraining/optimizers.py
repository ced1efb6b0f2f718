"""The optimizers: Muon for the matrices inside the layers, AdamW for all other parameters.

Jordan et al., Muon: An optimizer for hidden layers in neural networks (2024). In runs of 90 seconds with the compact
size, the model copied 16 tokens with accuracy .90. With AdamW alone, the accuracy was .67.
"""

from itertools import chain

import torch
from transformers import T5ForConditionalGeneration

MATRIX_RATE, EMBEDDING_RATE, OTHER_RATE = 2e-3, 2e-2, 3e-3  # peak learning rates
WARM_UP = 0.02  # share of the training
COOL_DOWN = 0.4  # share of the training, with a linear fall to zero


def new_optimizers(model: T5ForConditionalGeneration) -> list[torch.optim.Optimizer]:
    """Return both optimizers. Embeddings learn faster, because T5 begins with much larger embeddings than matrices."""
    embedding = model.get_parameter("shared.weight")
    layers = [weight for weight in model.parameters() if weight is not embedding]
    matrices = [weight for weight in layers if is_matrix(weight, model)]
    others = [weight for weight in layers if not is_matrix(weight, model)]
    by_muon = [{"params": matrices, "peak": MATRIX_RATE}]
    by_adam = [{"params": [embedding], "peak": EMBEDDING_RATE}, {"params": others, "peak": OTHER_RATE}]
    return [
        torch.optim.Muon(by_muon, weight_decay=0.0, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(by_adam, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def is_matrix(weight: torch.Tensor, model: T5ForConditionalGeneration) -> bool:
    """Return whether it is a linear map. A norm has one dimension, and a position bias has one column per head."""
    return weight.ndim == 2 and min(weight.shape) >= int(model.config.d_kv)


def set_learning_rates(optimizers: list[torch.optim.Optimizer], progress: float) -> None:
    """Set the learning rates as shares of each group's peak: warm-up, constant, cool-down."""
    share = min(1.0, (progress + 1e-3) / WARM_UP, (1.0 - progress) / COOL_DOWN)
    for group in chain.from_iterable(optimizer.param_groups for optimizer in optimizers):
        group["lr"] = group["peak"] * max(0.0, share)
