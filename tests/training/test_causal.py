"""A decoder-only model learns its notes alone; pieces of a batch change nothing, for it and for an encoder-decoder."""

import copy
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel

from medsum.generation.torch_backend import TorchBackend
from medsum.metrics import rouge
from medsum.model import determinism
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_base, load_tokenizer
from medsum.model.prompt import PromptBuilder
from medsum.params.train import TrainParams
from medsum.training import cpu_kernels
from medsum.training.adapter import add_adapter
from medsum.training.collation import LeftPadded, pieces
from medsum.training.dataset import MASKED, tokenize
from medsum.training.fine_tuning import Curves, fine_tune
from tests.generation import kinds
from tests.generation.test_summarizer import generation_params
from tests.training.test_fine_tuning import PARAMS as SHORT
from tests.training.test_fine_tuning import PROMPT as T5_PROMPT
from tests.training.test_fine_tuning import RECORDS, WATCH, fresh, fresh_folder, state

PROMPT = T5_PROMPT.model_copy(update={"system": "You write notes.", "max_input_tokens": 128})
PARAMS = SHORT.model_copy(update={"max_target_tokens": 24, "lora_dropout": 0.0})
ONE_OF_EACH = ["llama", "qwen2", "qwen3", "mistral-window", "gemma2", "gemma3", "gemma3-multimodal", "phi3"]
ONE_OF_EACH += ["t5", "t5gemma", "t5gemma2", "bart", "pegasus"]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # for checkpoints


@pytest.fixture(params=["tiny_base", "tiny_causal"])
def base(request: pytest.FixtureRequest) -> Path:
    found: Path = request.getfixturevalue(request.param)
    return found


def trained(
    base: Path, validation: slice = slice(-2, None), **changed: Any
) -> tuple[PreTrainedModel, Curves, PromptBuilder]:
    params: TrainParams = PARAMS.model_copy(update=changed)
    model, builder = fresh(base, params), prompt_builder(base, PROMPT)
    first, second = (
        tokenize(rows, builder, params.max_target_tokens).dataset for rows in (RECORDS[:8], RECORDS[validation])
    )
    curves = fine_tune(model, load_tokenizer(base), builder, first, second, params, WATCH, fresh_folder())
    return model, curves, builder


def test_the_loss_is_that_of_the_notes_tokens_and_the_end_token(tiny_causal: Path) -> None:
    """Counted by hand, one record at a time, without padding."""
    params = PARAMS.model_copy(update={"max_target_tokens": 64})
    model, builder = fresh(tiny_causal, params), prompt_builder(tiny_causal, PROMPT)
    untrained = copy.deepcopy(model).eval()
    dataset = tokenize(RECORDS[:8], builder, 64).dataset
    one_step = params.model_copy(update={"batch_size": 8, "warmup_ratio": 0.0})
    curves = fine_tune(model, load_tokenizer(tiny_causal), builder, dataset, dataset, one_step, WATCH, fresh_folder())
    losses: list[float] = []
    for record in RECORDS[:8]:
        prompt = builder.ids(record.dialogue, record.section)
        note = [*builder.tokenizer.encode(record.summary, add_special_tokens=False).ids, builder.end_id]
        with torch.inference_mode():
            logits = untrained(input_ids=torch.tensor([prompt + note])).logits[0].log_softmax(-1)
        losses += [-logits[len(prompt) + place - 1, token].item() for place, token in enumerate(note)]
    assert builder.frame.end == "<|im_end|>"
    assert curves.train[0]["loss"] == pytest.approx(sum(losses) / len(losses), rel=1e-4)


@pytest.mark.slow
def test_eight_records_are_learnt_by_heart_and_written_back(tmp_path: Path) -> None:
    wide = kinds.causal(LlamaConfig, LlamaForCausalLM, hidden_size=64, intermediate_size=128)
    base = kinds.save(tmp_path / "base", "llama", wide)
    rate: dict[str, Any] = {"num_epochs": 60, "learning_rate": 0.01, "lora_rank": 32, "lora_alpha": 32, "batch_size": 8}
    model, _, builder = trained(base, validation=slice(1), early_stopping_patience=60, **rate)
    backend = TorchBackend(model.eval(), generation_params(max_new_tokens=24, no_repeat_ngram_size=0), builder.end_id)
    prompts = [builder.ids(record.dialogue, record.section) for record in RECORDS[:8]]
    [written] = backend.generate([prompts])
    assert [builder.decode(ids) for ids in written] == [record.summary for record in RECORDS[:8]]


def test_validation_writes_what_the_backend_writes_greedily(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[list[str]] = []

    def keep(predictions: list[str], _references: list[str]) -> float:
        written.append(predictions)
        return 0.5

    monkeypatch.setattr(rouge, "mean_rouge_l", keep)
    model, _, builder = trained(base, validation=slice(8, 16), select_best_by="rougeL", learning_rate=0.05)
    settings = generation_params(max_new_tokens=24, no_repeat_ngram_size=0)
    backend = TorchBackend(model.eval(), settings, builder.end_id)
    prompts = [builder.cut(builder.ids(record.dialogue, record.section)) for record in RECORDS[8:16]]
    [expected] = backend.generate([prompts])
    assert len(written) == 1
    assert sorted(written[0]) == sorted(builder.decode(ids) for ids in expected)


def test_pieces_of_a_batch_change_neither_loss_nor_adapter(base: Path) -> None:
    (whole, one, _), (cut, other, _) = (
        trained(base, batch_size=8, num_epochs=3, batch_tokens=budget) for budget in (None, 120)
    )
    assert [row["loss"] for row in other.train] == pytest.approx([row["loss"] for row in one.train], rel=1e-5)
    adapters = [{name: weights for name, weights in state(model).items() if "lora_" in name} for model in (whole, cut)]
    for name, weights in adapters[0].items():
        assert torch.allclose(adapters[1][name], weights, rtol=0, atol=1e-4), name


def test_pieces_keep_to_the_budget_and_lose_no_token() -> None:
    rows = [
        {"input_ids": [token] * length, "attention_mask": [1] * length, "labels": [token] * (length // 3)}
        for token, length in ((5, 30), (6, 12), (7, 20), (8, 11), (9, 45))
    ]
    parts = pieces(LeftPadded(1)(rows), 100)
    assert len(parts) > 2
    assert all(part["input_ids"].numel() <= 100 for part in parts)
    read = [row[mask.bool()].tolist() for part in parts for row, mask in zip(*_columns(part), strict=True)]
    assert read == [row["input_ids"] for row in rows]
    learnt = [row[row != MASKED].tolist() for part in parts for row in part["labels"]]
    assert learnt == [row["labels"] for row in rows]


def _columns(part: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    return part["input_ids"], part["attention_mask"]


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_one_of_each_kind_takes_a_step_and_writes(name: str, tmp_path: Path) -> None:
    base = kinds.save(tmp_path / "base", name)
    model, curves, builder = trained(base, select_best_by="rougeL", learning_rate=0.001, num_epochs=2)
    assert len(curves.train) == 4
    assert all(0 < row["loss"] < 100 for row in curves.train)
    assert any(weights.any() for part, weights in state(model).items() if "lora_B" in part)
    backend = TorchBackend(model.eval(), generation_params(num_beams=2), builder.end_id)
    [[ids, other]] = backend.generate([[builder.ids(record.dialogue, "CC") for record in RECORDS[:2]]])
    assert ids
    assert other


@pytest.mark.parametrize("name", ["llama", "t5", "bart", "t5gemma"])
def test_a_note_ends_with_one_end_token_and_starts_with_its_words(name: str, tmp_path: Path) -> None:
    builder = prompt_builder(kinds.save(tmp_path / "base", name), PROMPT)
    ids = builder.note_ids("Cough.")
    assert ids[-1] == builder.end_id
    assert ids.count(builder.end_id) == 1
    words = builder.tokenizer.encode("Cough.", add_special_tokens=False).ids
    assert ids[:-1] == ([kinds.START, *words] if name == "bart" else words)


def test_bf16_trains_near_float32(tiny_causal: Path) -> None:
    """The base is rounded too, and goes through our kernels."""
    params = PARAMS.model_copy(update={"precision": "bf16"})
    determinism.fix(threads=1, seed=params.seed)
    half, builder = (
        add_adapter(load_base(tiny_causal, dtype=torch.bfloat16), params),
        prompt_builder(tiny_causal, PROMPT),
    )
    first, second = (tokenize(rows, builder, 24).dataset for rows in (RECORDS[:8], RECORDS[-2:]))
    curves = fine_tune(half, load_tokenizer(tiny_causal), builder, first, second, params, WATCH, fresh_folder())
    base: Any = half.get_base_model()  # type: ignore[operator]
    assert base.config._attn_implementation == cpu_kernels.GROUPED
    whole = trained(tiny_causal)[1].train
    assert [row["loss"] for row in curves.train] == pytest.approx([row["loss"] for row in whole], rel=0.02)
    assert curves.train != whole
