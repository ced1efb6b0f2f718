"""Captured training steps compute what steps do that are not."""

from pathlib import Path

import pytest
import torch
from transformers import T5Config, T5ForConditionalGeneration

from medsum.core.errors import UserError
from medsum.model.loading import load_base
from medsum.training import cuda_graphs
from medsum.training.adapter import add_adapter
from medsum.training.fine_tuning import step_loss
from tests.training.test_fine_tuning import PARAMS

needs_gpu = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
SHAPES = [(4, 64, 32), (4, 32, 32), (3, 64, 32), (4, 64, 32), (4, 32, 32), (4, 64, 32)]


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU can")
def test_without_a_gpu_nothing_is_captured() -> None:
    assert not cuda_graphs.usable(PARAMS, quantized=False)


def test_what_a_graph_cannot_hold_is_not_captured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert cuda_graphs.usable(PARAMS, quantized=False)
    assert not cuda_graphs.usable(PARAMS, quantized=True)
    for values in ({"cuda_graphs": False}, {"gradient_checkpointing": True}, {"precision": "fp16-forced"}):
        assert not cuda_graphs.usable(PARAMS.model_copy(update=values), quantized=False)
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert not cuda_graphs.usable(PARAMS, quantized=False)


@needs_gpu
def test_losses_and_gradients_are_those_of_plain_steps_dropout_and_all(tiny_base: Path) -> None:
    config = T5Config.from_pretrained(tiny_base)
    config.dropout_rate = 0.1
    base = T5ForConditionalGeneration.from_pretrained(tiny_base, config=config)
    model = add_adapter(base, PARAMS.model_copy(update={"lora_dropout": 0.1})).train()
    model.to("cuda")
    compute = step_loss(0.0, 10.0)

    def loss(batch: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
        prompts = {name: tensor for name, tensor in batch.items() if name != "labels"}
        with torch.autocast("cuda", torch.bfloat16):
            outputs = model(**prompts, decoder_input_ids=batch["labels"], use_cache=False)
        return compute(outputs, batch["labels"], num_items_in_batch=tokens)

    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in learnt:  # B is zero at first, and then A learns nothing
        torch.nn.init.normal_(parameter, std=0.02)
    captured = cuda_graphs.GraphedSteps(loss, learnt)
    found: dict[str, list[torch.Tensor]] = {"plain": [], "captured": []}
    for way, results in found.items():
        torch.manual_seed(1)
        generator = torch.Generator().manual_seed(2)
        for number, (records, prompt, note) in enumerate(SHAPES):
            if number % 2 == 0:  # two batches an optimizer step
                for parameter in learnt:
                    parameter.grad = None
            batch = {
                "input_ids": torch.randint(3, 400, (records, prompt), generator=generator).cuda(),
                "attention_mask": torch.ones(records, prompt, dtype=torch.long).cuda(),
                "labels": torch.randint(3, 400, (records, note), generator=generator).cuda(),
            }
            batch["attention_mask"][0, -5:] = 0
            tokens = torch.tensor(2 * records * note).cuda()
            if way == "plain":
                value = loss(batch, tokens)
                value.backward()  # type: ignore[no-untyped-call]
            else:
                value = captured(batch, tokens)
            value = value.detach()  # nothing of a plain step may live on in a capture
            results += [value.clone(), *(parameter.grad.clone() for parameter in learnt)]
    assert len(captured.captured) == 3
    assert all(torch.equal(a, b) for a, b in zip(found["plain"], found["captured"], strict=True))
    assert any(gradient.abs().sum() > 0 for gradient in found["plain"][1:])


@needs_gpu
def test_a_model_that_looks_at_its_data_is_told_with_the_remedy(tiny_base: Path) -> None:
    model = add_adapter(load_base(tiny_base), PARAMS)
    learnt = [parameter for parameter in model.parameters() if parameter.requires_grad]

    def loss(batch: dict[str, torch.Tensor], tokens: torch.Tensor) -> torch.Tensor:
        value = sum(parameter.square().sum() for parameter in learnt) * batch["input_ids"].sum() / tokens
        assert value.item() >= 0
        return value

    steps = cuda_graphs.GraphedSteps(loss, learnt)
    with pytest.raises(
        UserError, match=r"train.cuda_graphs is true, but this model cannot be captured .*set it to false"
    ):
        steps({"input_ids": torch.ones(2, 3).cuda()}, torch.tensor(4).cuda())
