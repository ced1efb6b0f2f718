"""A base of the catalogue that is another base with an adapter of Git merged into it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
import torch
import yaml
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, LlamaForCausalLM

from tests.conftest import run_stage
from tests.hub.packed_llama import pieces, random_llama
from tests.stages import test_fetch_package
from tests.stages.test_fetch_package import NAME, TEXTS

NOTES = f"{NAME}-notes"
ADAPTER = f"models/adapters/{NOTES}"
TARGETS = ["q_proj", "down_proj"]
SCALE = 2.0  # alpha over rank

llama, packed, body = test_fetch_package.llama, test_fetch_package.packed, test_fetch_package.body
made = test_fetch_package.made


@pytest.fixture
def with_adapter(project: Path, made: Path) -> Path:
    """A project whose catalogue has the tiny package and its model with an adapter; neither is made yet."""
    shutil.copytree(made.parents[2] / "models/wheels", project / "models/wheels")
    entries = yaml.safe_load((made.parent / "packages.yaml").read_text(encoding="utf-8"))
    entries[NOTES] = {"base": NAME, "adapter": ADAPTER, "licence": "Apache-2.0"}
    (project / "models/base/packages.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    save_random_adapter(random_llama(len(pieces(TEXTS)[0])), project / ADAPTER)
    return project


def save_random_adapter(model: LlamaForCausalLM, folder: Path) -> None:
    torch.manual_seed(1)
    config = LoraConfig(
        task_type="CAUSAL_LM", r=2, lora_alpha=2 * SCALE, target_modules=TARGETS, init_lora_weights=False
    )
    get_peft_model(model, config).save_pretrained(folder)


def merge(project: Path) -> subprocess.CompletedProcess[str]:
    return run_stage(project, "fetch_package", NOTES)


def told(done: subprocess.CompletedProcess[str], project: Path) -> str:
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert not (project / "models/base" / NOTES).exists()
    lines = [line for line in done.stderr.splitlines() if line.startswith("Error: ")]
    assert len(lines) == 1
    assert "Traceback" not in done.stderr
    return lines[0]


def test_the_adapter_is_added_in_float32_and_rounded_once(with_adapter: Path, made: Path) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME)
    done = merge(with_adapter)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f" parameters in bf16 from {NAME} and {ADAPTER}, Apache-2.0\n")
    base = load_file(made / "model.safetensors")
    merged = load_file(with_adapter / "models/base" / NOTES / "model.safetensors")
    lora = load_file(with_adapter / ADAPTER / "adapter_model.safetensors")
    assert merged.keys() == base.keys()
    changed = set()
    for name, weights in base.items():
        key = f"base_model.model.{name.removesuffix('.weight')}.lora_{{}}.weight"
        if key.format("A") in lora:
            changed.add(name.split(".")[-2])
            weights = weights.float() + SCALE * lora[key.format("B")] @ lora[key.format("A")]
        assert torch.equal(merged[name], weights.to(torch.bfloat16)), name
    assert changed == set(TARGETS)


def test_the_merged_model_keeps_config_and_tokenizer_of_its_base(with_adapter: Path, made: Path) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME)
    assert merge(with_adapter).returncode == 0
    folder = with_adapter / "models/base" / NOTES
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    for path in made.glob("*.json"):
        assert first[path.name] == path.read_bytes()
    assert first.keys() == {path.name for path in made.iterdir()}
    assert AutoModelForCausalLM.from_pretrained(folder).dtype == torch.bfloat16
    assert merge(with_adapter).returncode == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_the_base_is_made_first_where_it_is_not_there(with_adapter: Path, made: Path) -> None:
    done = merge(with_adapter)
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [f"models/base/{n}" for n in (NAME, NOTES)]
    for path in made.iterdir():
        assert (with_adapter / "models/base" / NAME / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("missing", ["adapter_config.json", "adapter_model.safetensors"])
def test_an_adapter_that_is_not_there_is_named(with_adapter: Path, made: Path, missing: str) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME)
    (with_adapter / ADAPTER / missing).unlink()
    sentence = told(merge(with_adapter), with_adapter)
    assert sentence == f"Error: {ADAPTER}/{missing} is not there; restore it from Git, or fetch {NAME} again"


def test_an_adapter_of_another_shape_is_refused(with_adapter: Path, made: Path) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME)
    path = with_adapter / ADAPTER / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "r": 4}), encoding="utf-8")
    assert f"Error: {ADAPTER} cannot be merged into models/base/{NAME}: " in told(merge(with_adapter), with_adapter)


def test_an_adapter_of_other_layers_is_refused(with_adapter: Path, made: Path) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME)
    path = with_adapter / ADAPTER / "adapter_config.json"
    config = {**json.loads(path.read_text(encoding="utf-8")), "target_modules": ["v_proj"]}
    path.write_text(json.dumps(config), encoding="utf-8")
    assert f"Error: {ADAPTER} belongs to another model than models/base/{NAME}" in told(
        merge(with_adapter), with_adapter
    )
