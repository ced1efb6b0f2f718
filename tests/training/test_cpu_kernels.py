"""Training through our kernels on a CPU gives the loss and the gradients of torch's and PEFT's own layers."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel

from medsum.model import determinism
from medsum.model.loading import load_base
from medsum.training import cpu_kernels
from medsum.training.adapter import add_adapter
from medsum.training.causal import read_inputs
from medsum.training.collation import LeftPadded
from medsum.training.dataset import MASKED
from medsum.training.trainer import token_losses
from tests.generation import kinds
from tests.training.test_fine_tuning import PARAMS

ROWS = [  # of unlike lengths, so that some are padded on the left
    {"input_ids": list(range(10, 10 + tokens)), "attention_mask": [1] * tokens, "labels": list(range(20, 20 + labels))}
    for tokens, labels in ((40, 9), (17, 5), (33, 12))
]
NAMES = ["llama", "llama-tied", "qwen2", "qwen3", "mistral", "mistral-window", "gemma3"]


def step(base: Path, *, ours: bool, recomputed: bool = False, **changed: Any) -> tuple[float, dict[str, torch.Tensor]]:
    """Return the loss of a batch and the adapter's gradients."""
    params = PARAMS.model_copy(update={"lora_rank": 4, **changed})
    determinism.fix(threads=1, seed=1)
    model: PreTrainedModel = add_adapter(load_base(base), params)
    for name, weights in model.named_parameters():
        if "lora_B" in name:  # they start at 0, where A would have no gradient
            torch.nn.init.normal_(weights, std=0.1)
    assert cpu_kernels.usable(model)
    if ours:
        cpu_kernels.install(model)
    if recomputed:
        model.enable_input_require_grads()
        model.gradient_checkpointing_enable({"use_reentrant": False})
    model.train()
    batch = LeftPadded(1)(ROWS)
    labels = batch.pop("labels")
    torch.manual_seed(5)  # of dropout
    logits = model(**read_inputs(model, batch, labels), use_cache=False).logits
    loss = token_losses(logits, labels, 0.0).sum() / labels.ne(MASKED).sum()
    loss.backward()  # type: ignore[no-untyped-call]
    found = {name: weights.grad for name, weights in model.named_parameters() if weights.grad is not None}
    assert found.keys() == {name for name, weights in model.named_parameters() if weights.requires_grad}
    return loss.item(), found


def require_equal(one: tuple[float, dict[str, torch.Tensor]], other: tuple[float, dict[str, torch.Tensor]]) -> None:
    assert other[0] == pytest.approx(one[0], rel=1e-5)
    assert other[1].keys() == one[1].keys()
    for name, expected in one[1].items():
        assert expected.any(), name
        assert (other[1][name] - expected).abs().max() <= 1e-5 * expected.abs().max(), name


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("name", NAMES)
def test_loss_and_gradients_are_those_of_plain_layers(name: str, dropout: float, tmp_path: Path) -> None:
    base = kinds.save(tmp_path, name)
    plain, ours = (step(base, ours=flag, lora_dropout=dropout) for flag in (False, True))
    require_equal(plain, ours)


def test_dropout_is_on(tmp_path: Path) -> None:
    base = kinds.save(tmp_path, "llama")
    assert step(base, ours=True, lora_dropout=0.3)[0] != step(base, ours=True, lora_dropout=0.0)[0]


@pytest.mark.parametrize("changed", [{"lora_rank_stabilized": True}, {"lora_dora": True}, {"lora_layers": 1}])
def test_variants_of_the_adapter_are_the_same_too(changed: dict[str, Any], tmp_path: Path) -> None:
    base = kinds.save(tmp_path, "qwen2")
    require_equal(*(step(base, ours=flag, **changed) for flag in (False, True)))


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_recomputed_activations_change_nothing(dropout: float, tmp_path: Path) -> None:
    base = kinds.save(tmp_path, "qwen2")
    require_equal(*(step(base, ours=True, recomputed=flag, lora_dropout=dropout) for flag in (False, True)))


@pytest.mark.parametrize(
    "make",
    [kinds.SERVED_BY_TORCH["gemma2"], kinds.causal(LlamaConfig, LlamaForCausalLM, attention_dropout=0.1)],
    ids=["capped scores", "dropout of attention"],
)
def test_attention_of_another_kind_is_left_to_torch(make: Callable[[], PreTrainedModel], tmp_path: Path) -> None:
    assert not cpu_kernels.usable(load_base(kinds.save(tmp_path, "llama", make)))
