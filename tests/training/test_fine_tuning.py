"""Training changes the adapter and nothing else, keeps the best epoch, and gives the same bytes for the same seed."""

import hashlib
import json
import math
import tempfile
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedModel

from medsum.core.errors import UserError
from medsum.dialogue.record import Record
from medsum.metrics import rouge
from medsum.model import determinism
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_base, load_finetuned, load_tokenizer
from medsum.params.prompt import PromptParams
from medsum.params.train import TrainParams
from medsum.params.watch import WatchParams
from medsum.training import trainer
from medsum.training.adapter import add_adapter, save_adapter
from medsum.training.dataset import MASKED, tokenize
from medsum.training.fine_tuning import Curves, fine_tune, step_loss
from medsum.training.trainer import token_losses

COMPLAINTS = ["cough", "fever", "rash", "nausea", "headache", "back pain", "chest pain", "dizziness", "fatigue", "itch"]
RECORDS = [
    Record(f"r{i}", f"Doctor: What is it?\nPatient: A {c} for {d} days.", f"{c.capitalize()}, {d} days.", "CC", "test")
    for i, (c, d) in enumerate((c, d) for c in COMPLAINTS for d in (2, 10))
]
PROMPT = PromptParams(system="", template="{section}: {dialogue}", max_input_tokens=64, unknown_signs="stop")
PARAMS = TrainParams(
    seed=1, targets="all", max_records=None, learning_rate=0.01,
    batch_size=4, batch_tokens=None, gradient_accumulation_steps=1,
    num_processes=1, auto_batch_size=False, gradient_checkpointing=False, cuda_graphs=True, precision="fp32",
    num_epochs=1, weight_decay=0.01, warmup_ratio=0.1, label_smoothing=0.0, max_target_tokens=16, lora_rank=2,
    lora_alpha=4, lora_dropout=0.05, lora_rank_stabilized=False, lora_dora=False, lora_target_modules="all-linear",
    lora_layers=None, select_best_by="loss", early_stopping_patience=10,
)  # fmt: skip

SHARDED = {  # what accelerate tells its processes
    "ACCELERATE_USE_FSDP": "true",
    "FSDP_VERSION": "2",
    "FSDP_STATE_DICT_TYPE": "SHARDED_STATE_DICT",
    "FSDP_CPU_RAM_EFFICIENT_LOADING": "false",
    "FSDP_IGNORED_MODULES": ".*shared",
    "FSDP_TRANSFORMER_CLS_TO_WRAP": "T5Block",
}
WATCH = WatchParams(report_to=[], log_steps=1, checkpoint_seconds=60)


def state(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    return {name: tensor.detach().clone() for name, tensor in model.state_dict().items()}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # for checkpoints and the adapter's relative base


def fresh(base: Path, params: TrainParams) -> PreTrainedModel:
    determinism.fix(threads=1, seed=params.seed)
    return add_adapter(load_base(base), params)


def train(model: PreTrainedModel, base: Path, params: TrainParams) -> Curves:
    """Fine-tune on all records but the last two, which validate."""
    builder = prompt_builder(base, PROMPT)
    first, second = (tokenize(side, builder, params.max_target_tokens).dataset for side in (RECORDS[:-2], RECORDS[-2:]))
    return fine_tune(model, load_tokenizer(base), builder, first, second, params, WATCH, fresh_folder())


def fresh_folder() -> Path:
    """Where nothing is resumed from."""
    return Path(tempfile.mkdtemp(dir="."))


def saved(base: Path, params: TrainParams, folder: Path) -> Path:
    """The folder of a whole training; `models/base/tiny` is what the adapter is told of its base."""
    model = fresh(base, params)
    train(model, base, params)
    relative = Path("models/base/tiny")
    if not relative.exists():
        relative.parent.mkdir(parents=True)
        relative.symlink_to(base)
    save_adapter(model, relative, folder)
    return folder


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("FSDP_VERSION", "1", "needs fsdp_version: 2; copy the line from presets/accelerate_fsdp.yaml"),
        ("FSDP_STATE_DICT_TYPE", "FULL_STATE_DICT", "needs fsdp_state_dict_type: SHARDED_STATE_DICT; copy"),
        ("FSDP_CPU_RAM_EFFICIENT_LOADING", "true", "needs fsdp_cpu_ram_efficient_loading: false; copy"),
        ("FSDP_IGNORED_MODULES", "", r"needs fsdp_ignored_modules \(the shared embedding\); copy"),
        ("FSDP_TRANSFORMER_CLS_TO_WRAP", "MT5Block", "_to_wrap: MT5Block, but model.base has no such layer; write"),
    ],
)
def test_fsdp_is_refused_where_the_launcher_s_config_lacks_what_it_needs(
    name: str, value: str, message: str, tiny_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, found in {**SHARDED, name: value}.items():
        monkeypatch.setenv(key, found)
    with pytest.raises(UserError, match=message):
        train(fresh(tiny_base, PARAMS), tiny_base, PARAMS)


def test_fsdp_is_refused_with_pieces_of_a_batch(tiny_base: Path) -> None:
    params = PARAMS.model_copy(update={"batch_tokens": 500})
    model = fresh(tiny_base, params)
    with pytest.MonkeyPatch.context() as environment:
        for key, value in SHARDED.items():
            environment.setenv(key, value)
        with pytest.raises(UserError, match="batch_tokens is 500, but with FSDP all processes must run the same numb"):
            train(model, tiny_base, params)


def test_same_seed_gives_the_same_bytes_and_another_seed_another_adapter(tiny_base: Path, tmp_path: Path) -> None:
    first = saved(tiny_base, PARAMS, tmp_path / "first")
    again = saved(tiny_base, PARAMS, tmp_path / "again")
    other = saved(tiny_base, PARAMS.model_copy(update={"seed": 2}), tmp_path / "other")
    names = sorted(path.name for path in first.iterdir())
    assert [(again / name).read_bytes() for name in names] == [(first / name).read_bytes() for name in names]
    weights = "adapter_model.safetensors"
    assert (other / weights).read_bytes() != (first / weights).read_bytes()


def test_a_saved_adapter_is_exactly_these_files_in_canonical_form(tiny_base: Path, tmp_path: Path) -> None:
    folder = saved(tiny_base, PARAMS, tmp_path / "saved")
    assert sorted(path.name for path in folder.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "config.json",
        "generation_config.json",
        "manifest.sha256",
        "tokenizer.json",
        "tokenizer_config.json",
    ]
    config = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == "models/base/tiny"
    assert list(config) == sorted(config)
    lists = [value for value in config.values() if isinstance(value, list)]
    assert len(config["target_modules"]) > 2
    assert lists == [sorted(value) for value in lists]


def test_a_saved_adapter_is_what_was_trained(tiny_base: Path, tmp_path: Path) -> None:
    model = fresh(tiny_base, PARAMS)
    train(model, tiny_base, PARAMS)
    save_adapter(model, tiny_base, tmp_path / "saved")
    merged = model.merge_and_unload().eval()  # type: ignore[operator]
    loaded = load_finetuned(tiny_base, tmp_path / "saved")
    expected, found, untrained = state(merged), state(loaded), state(load_base(tiny_base))
    assert all(torch.allclose(found[name], expected[name]) for name in expected)
    assert not all(torch.allclose(found[name], untrained[name]) for name in expected)


def test_only_the_adapter_is_trained(tiny_base: Path) -> None:
    files = {path.name: hashlib.sha256(path.read_bytes()).digest() for path in tiny_base.iterdir()}
    model = fresh(tiny_base, PARAMS)
    before = state(model)
    train(model, tiny_base, PARAMS)
    changed = {name for name, tensor in state(model).items() if not torch.equal(tensor, before[name])}
    assert changed == {name for name in before if "lora_" in name}
    assert {path.name: hashlib.sha256(path.read_bytes()).digest() for path in tiny_base.iterdir()} == files


def test_a_fresh_adapter_changes_nothing_yet(tiny_base: Path) -> None:
    model = fresh(tiny_base, PARAMS)
    trainable = [name for name, weights in model.named_parameters() if weights.requires_grad]
    assert trainable
    assert all("lora_" in name for name in trainable)
    assert all(not weights.any() for name, weights in model.named_parameters() if "lora_B" in name)


def test_the_best_epoch_is_kept_and_patience_ends_the_training(
    tiny_base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = PARAMS.model_copy(update={"select_best_by": "rougeL", "num_epochs": 9, "early_stopping_patience": 2})
    model = fresh(tiny_base, params)
    epochs: list[dict[str, torch.Tensor]] = []
    scripted = [0.2, 0.9, 0.1, 0.3, 0.95]

    def score(predictions: list[str], references: list[str]) -> float:
        assert sorted(references) == sorted(record.summary for record in RECORDS[-2:])
        assert len(predictions) == 2
        epochs.append(state(model))
        return scripted[len(epochs) - 1]

    monkeypatch.setattr(rouge, "mean_rouge_l", score)
    curves = train(model, tiny_base, params)
    steps = [row["step"] for row in curves.validation]
    assert [row["rougeL"] for row in curves.validation] == scripted[:4]
    assert curves.best_step == steps[1]
    kept = state(model)
    assert all(torch.equal(kept[name], epochs[1][name]) for name in kept)
    assert not all(torch.equal(kept[name], epochs[3][name]) for name in kept)


def test_by_loss_the_best_epoch_is_the_lowest(tiny_base: Path) -> None:
    params = PARAMS.model_copy(update={"num_epochs": 4, "learning_rate": 1.0, "early_stopping_patience": 9})
    curves = train(fresh(tiny_base, params), tiny_base, params)
    losses = {row["step"]: row["loss"] for row in curves.validation}
    assert len(losses) == 4
    assert all("rougeL" not in row for row in curves.validation)  # nothing is written where no score is wanted
    assert curves.best_step == min(losses, key=lambda step: losses[step])


@pytest.mark.parametrize("select_best_by", ["loss", "rougeL"])
def test_a_training_that_diverges_is_told_in_a_sentence(
    tiny_base: Path, select_best_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "token_losses", lambda *given: token_losses(*given) * math.nan)
    params = PARAMS.model_copy(update={"select_best_by": select_best_by})
    with pytest.raises(UserError, match=r"loss is not a number at step 5; lower train.learning_rate or use another"):
        train(fresh(tiny_base, params), tiny_base, params)


def test_twenty_records_can_be_learnt(tiny_base: Path) -> None:
    params = PARAMS.model_copy(update={"num_epochs": 14, "learning_rate": 0.03, "lora_rank": 8, "lora_alpha": 16})
    model, builder = fresh(tiny_base, params), prompt_builder(tiny_base, PROMPT)
    dataset = tokenize(RECORDS, builder, params.max_target_tokens).dataset
    curves = fine_tune(model, load_tokenizer(tiny_base), builder, dataset, dataset, params, WATCH, fresh_folder())
    assert len(dataset) == 20
    assert len(curves.train) == 14 * 5  # a point a step, since there are fewer than CURVE_POINTS
    guessing = math.log(model.config.vocab_size)
    assert curves.train[0]["loss"] > 0.9 * guessing
    assert curves.validation[-1]["loss"] < 0.7 * guessing


def losses(base: Path, **changed: Any) -> list[float]:
    """Training loss of each step, without dropout."""
    params = PARAMS.model_copy(update={"lora_dropout": 0.0, **changed})
    return [row["loss"] for row in train(fresh(base, params), base, params).train]


def test_accumulated_small_batches_train_as_one_large_batch(tiny_base: Path) -> None:
    whole = losses(tiny_base)
    assert len(whole) == 5
    assert losses(tiny_base, batch_size=1, gradient_accumulation_steps=4) == pytest.approx(whole, rel=1e-5)


def test_recomputed_activations_change_nothing(tiny_base: Path) -> None:
    assert losses(tiny_base, gradient_checkpointing=True) == pytest.approx(losses(tiny_base), rel=1e-6)


def test_bf16_trains_near_float32_but_not_as_it(tiny_base: Path) -> None:
    whole, half = losses(tiny_base), losses(tiny_base, precision="bf16")
    assert half == pytest.approx(whole, rel=0.02)
    assert half != whole


@pytest.mark.parametrize("variant", ["lora_rank_stabilized", "lora_dora"])
def test_a_variant_of_lora_trains_another_adapter(tiny_base: Path, variant: str) -> None:
    assert losses(tiny_base, lora_alpha=32, **{variant: True}) != losses(tiny_base, lora_alpha=32)


def test_long_texts_are_cut_counted_and_keep_their_end_sign(tiny_base: Path) -> None:
    tokenizer = load_tokenizer(tiny_base)
    long = Record("long", "Patient: " + "It hurts. " * 60, "Pain. " * 60, None, "test")
    wide = prompt_builder(tiny_base, PROMPT.model_copy(update={"max_input_tokens": 16384}))
    whole = tokenize([RECORDS[0], long], wide, 4096)
    split = tokenize([RECORDS[0], long], prompt_builder(tiny_base, PROMPT), 16)
    assert (split.dialogues_cut, split.notes_cut) == (1, 1)
    assert (whole.dialogues_cut, whole.dialogue_tokens_cut, whole.notes_cut, whole.note_tokens_cut) == (0, 0, 0, 0)
    lengths = [[len(row) for row in whole.dataset[name]] for name in ("input_ids", "labels")]
    assert split.dialogue_tokens_cut == lengths[0][1] - 64
    assert split.note_tokens_cut == lengths[1][1] - 16
    assert [len(row) for row in split.dataset["input_ids"]] == [lengths[0][0], 64]
    assert [row[-1] for row in split.dataset["input_ids"]] == [tokenizer.eos_token_id] * 2
    assert [row[-1] for row in split.dataset["labels"]] == [tokenizer.eos_token_id] * 2
    assert len(split.dataset["labels"][1]) == 16
    assert MASKED not in split.dataset["labels"][0]


def test_every_token_of_an_epoch_counts_alike_however_long_its_step() -> None:
    """The loss shown is the mean over the step's tokens; what it teaches is the sum over an average step's."""
    slopes, shown = [], []
    for tokens in (2, 6):
        logits = torch.zeros(1, tokens, 5, requires_grad=True)
        labels = torch.zeros(1, tokens, dtype=torch.long)
        loss = step_loss(0.0, 4.0)({"logits": logits}, labels, torch.tensor(tokens))
        loss.backward()  # type: ignore[no-untyped-call]
        assert logits.grad is not None
        shown.append(loss.item())
        slopes.append(logits.grad[0, 0, 0].item())
    assert shown == pytest.approx([math.log(5)] * 2)
    assert slopes == pytest.approx([(1 / 5 - 1) / 4] * 2)
