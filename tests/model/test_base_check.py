"""A base that cannot be trained or read is told before work, in one sentence with the remedy."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from transformers import LlamaConfig, LlamaForCausalLM

from medsum.core.errors import UserError
from medsum.model import base_check
from medsum.model.base_check import require_usable, who_serves
from medsum.params.prompt import PromptParams
from medsum.training.targets import require_targets
from tests.conftest import run_stage, sample_rows
from tests.generation import kinds
from tests.training.test_fine_tuning import PARAMS

TEXTS = [row["dialogue"] for row in sample_rows()[:5]]
PROMPT = PromptParams.load("prompt")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return kinds.save(tmp_path / "llama", "llama")


def without_tokenizer(folder: Path) -> Path:
    """A T5 beside which lie no tokenizer files; transformers makes a tokenizer of 104 entries up."""
    kinds.save(folder, "t5")
    for file in folder.glob("tokenizer*"):
        file.unlink()
    return folder


def without_end(folder: Path) -> Path:
    kinds.save(folder, "bart")
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**config, "eos_token": None}), encoding="utf-8")
    return folder


def with_a_text_as_length(folder: Path) -> Path:
    kinds.save(folder, "llama")
    file = folder / "tokenizer_config.json"
    config = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**config, "model_max_length": "½"}), encoding="utf-8")
    return folder


def of_other_size(rows: int) -> Callable[[Path], Path]:
    make = kinds.causal(LlamaConfig, LlamaForCausalLM, vocab_size=rows)
    return lambda folder: kinds.save(folder, "llama", make)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (without_tokenizer, r"the tokenizer of \S+ has 104 of the 400 pieces that the model knows, so its files"),
        (of_other_size(900), r"the tokenizer of \S+ has 400 of the 900 pieces that the model knows, so its files"),
        (of_other_size(300), r"the tokenizer of \S+ has 400 pieces, but the model's embedding has 300 rows; take all"),
        (with_a_text_as_length, r"the files of \S+ do not describe a usable model"),
        (without_end, r"has no eos_token, so no summary would end; add it to tokenizer_config.json"),
    ],
)
def test_a_tokenizer_that_does_not_fit_is_one_sentence(make: Callable[[Path], Path], said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=said) as caught:
        require_usable(make(tmp_path / "base"), PROMPT, TEXTS)
    assert "\n" not in str(caught.value)


def test_an_encoder_only_checkpoint_is_one_sentence(tiny_encoder: Path) -> None:
    with pytest.raises(UserError, match="names BertModel, which does not write text; take a checkpoint of an enc"):
        require_usable(tiny_encoder, PROMPT, TEXTS)


def test_a_tokenizer_that_knows_hardly_a_word_of_the_data_is_one_sentence(base: Path) -> None:
    file = base / "tokenizer.json"
    tokenizer = json.loads(file.read_text(encoding="utf-8"))
    pieces = tokenizer["model"]["vocab"]
    tokenizer["model"] = {"type": "WordLevel", "vocab": pieces, "unk_token": "<unk>"}
    tokenizer["pre_tokenizer"] = {"type": "Whitespace"}
    file.write_text(json.dumps(tokenizer), encoding="utf-8")
    with pytest.raises(UserError, match=r"knows \d+ of \d+ tokens of the first dialogues; take a base whose") as caught:
        require_usable(base, PROMPT, TEXTS)
    assert TEXTS[0][:20] not in str(caught.value)


def test_prompts_longer_than_the_model_reads_are_one_sentence(base: Path) -> None:
    long = PROMPT.model_copy(update={"max_input_tokens": 4096})
    with pytest.raises(
        UserError, match=r"max_input_tokens is 4096, but the model of .* reads at most 2048 tokens; low"
    ):
        require_usable(base, long, TEXTS)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lora_target_modules": ["q", "v"]}, "names q, v, which LlamaForCausalLM does not have; its layers are down_"),
        ({"lora_layers": 3}, "lora_layers is 3, but the model has 2 layers; set it to at most 2"),
    ],
)
def test_targets_that_the_model_has_not_are_one_sentence(changed: dict[str, Any], said: str, base: Path) -> None:
    with pytest.raises(UserError, match=said):
        require_targets(base, PARAMS.model_copy(update=changed))


@pytest.mark.parametrize("name", sorted(kinds.KINDS))
def test_one_of_each_kind_is_usable_and_its_usual_targets_exist(name: str, tmp_path: Path) -> None:
    base = kinds.save(tmp_path / "base", name)
    require_usable(base, PROMPT, TEXTS)
    for modules in ("usual", "all-linear"):
        require_targets(base, PARAMS.model_copy(update={"lora_target_modules": modules}))
    by = "CTranslate2 serves it on the CPU" if name in kinds.SERVED_BY_CTRANSLATE2 else "torch serves it, because"
    assert by in who_serves(base, 704)


def test_no_weights_are_read_and_it_takes_about_a_second(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (base / "model.safetensors").write_bytes(b"")
    monkeypatch.setattr(base_check, "SAMPLE", 5)
    start = time.process_time()
    require_usable(base, PROMPT, TEXTS)
    require_targets(base, PARAMS)
    assert time.process_time() - start < 3


@pytest.mark.slow
def test_train_and_predict_tell_it_before_work(tiny_project: Path) -> None:
    for stage in ("prepare", "split"):
        assert run_stage(tiny_project, stage).returncode == 0
    for file in (tiny_project / "models/base/tiny").glob("tokenizer*"):
        file.unlink()
    for stage, *words in (("train",), ("predict", "baseline")):
        done = run_stage(tiny_project, stage, *words)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: the tokenizer of models/base/tiny has 104 of the 400 pieces that")
        assert done.stderr.count("\n") == 1
