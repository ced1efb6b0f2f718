"""What a device cannot do, or T5 cannot bear, is said before any training."""

from pathlib import Path

import pytest
import torch
from transformers import BartConfig, T5Config

from medsum.core.errors import UserError
from medsum.model.loading import load_base
from medsum.model.quantization import quantized
from medsum.params.train import TrainParams
from medsum.training import memory, precision
from tests.training.test_fine_tuning import PARAMS

CPU = not torch.cuda.is_available()


def params(**values: object) -> TrainParams:
    return PARAMS.model_copy(update=values)


def autocast(name: str) -> dict[str, bool]:
    return precision.autocast(params(precision=name), T5Config())


@pytest.mark.skipif(not CPU, reason="a GPU chooses otherwise")
@pytest.mark.parametrize("has", ["", "amx_bf16", "avx512_bf16"])
@pytest.mark.parametrize(("name", "bf16"), [("auto", None), ("fp32", False), ("bf16", True)])
def test_a_cpu_computes_in_bf16_where_it_can_or_is_told(
    name: str, bf16: bool | None, has: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx2": True, "amx_bf16": False, has: True})
    bf16 = bool(has) if bf16 is None else bf16
    assert autocast(name) == {"bf16": bf16, "fp16": False}


def test_fp16_is_refused_for_t5_with_the_reason() -> None:
    with pytest.raises(UserError, match=r"fp16, in which T5's feed-forward layers overflow .*; set it to bf16 or fp32"):
        autocast("fp16")


@pytest.mark.skipif(not CPU, reason="a GPU can")
def test_what_needs_a_gpu_says_so_without_one() -> None:
    with pytest.raises(UserError, match=r"train.precision is fp16-forced, which needs an NVIDIA GPU"):
        autocast("fp16-forced")
    with pytest.raises(UserError, match=r"train.precision is fp16, which needs an NVIDIA GPU"):
        precision.autocast(params(precision="fp16"), BartConfig())
    with pytest.raises(
        UserError, match=r"model.quantization is 4bit, which needs an NVIDIA GPU, .* set it to 8bit or none"
    ):
        quantized("4bit")
    assert quantized("none") == {}


def test_in_8_bits_a_base_takes_less_room_and_says_nearly_the_same(tiny_base: Path) -> None:
    whole, small = load_base(tiny_base), load_base(tiny_base, **quantized("8bit"))
    assert small.get_memory_footprint() < whole.get_memory_footprint()
    ids = torch.arange(5, 37, device=whole.device).reshape(2, 16)
    with torch.inference_mode():
        exact, rounded = (model(input_ids=ids, decoder_input_ids=ids).logits for model in (whole, small))
    assert not torch.equal(exact, rounded)
    assert torch.nn.functional.cosine_similarity(exact, rounded, dim=-1).min() > 0.95


@pytest.mark.parametrize(("batch", "steps", "then"), [(8, 1, (4, 2)), (2, 3, (1, 6)), (9, 1, (3, 3)), (7, 2, (1, 14))])
def test_a_smaller_batch_keeps_the_effective_one(batch: int, steps: int, then: tuple[int, int]) -> None:
    found = memory.smaller(params(batch_size=batch, gradient_accumulation_steps=steps, auto_batch_size=True))
    assert (found.batch_size, found.gradient_accumulation_steps) == then


def test_out_of_memory_says_what_to_set() -> None:
    with pytest.raises(UserError, match=r"train.auto_batch_size=true, or train.batch_size=4 and .*_steps=2"):
        memory.smaller(params(batch_size=8))
    with pytest.raises(UserError, match=r"out of memory at train.batch_size=1; set train.gradient_checkpointing"):
        memory.smaller(params(batch_size=1, auto_batch_size=True))


def test_out_of_memory_among_several_processes_says_what_to_set_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(UserError, match=r"set train.batch_size=4 and train.gradient_accumulation_steps=2 for the same"):
        memory.smaller(params(batch_size=8, auto_batch_size=True))


def test_a_gpu_that_only_emulates_bf16_is_not_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: including_emulation)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    assert autocast("auto") == {"bf16": False, "fp16": False}
    with pytest.raises(UserError, match="bf16, which this GPU does not support; set it to fp32"):
        autocast("bf16")
    assert quantized("4bit")["quantization_config"].bnb_4bit_compute_dtype == torch.float32


def test_what_torch_says_without_memory_is_told_from_other_errors() -> None:
    with pytest.raises(RuntimeError) as raised:
        torch.empty(2**60, dtype=torch.uint8)
    assert memory.is_out_of_memory(raised.value)
    assert not memory.is_out_of_memory(RuntimeError("shapes do not match"))
