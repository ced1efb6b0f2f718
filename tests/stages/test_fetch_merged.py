"""A base of the catalogue that is another base with an adapter of Git merged into it."""

import hashlib
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

from medsum.core.errors import UserError
from medsum.model.merging import save_merged
from tests.conftest import run_stage
from tests.hub.packed_llama import random_llama
from tests.stages import test_fetch_package
from tests.stages.test_fetch_package import NAME, contents

NOTES = f"{NAME}-notes"
ADAPTER = f"models/adapters/{NOTES}"
WEIGHTS = "adapter_model.safetensors"
TARGETS = ["q_proj", "down_proj"]
SCALE = 2.0  # alpha over rank

llama, packed, body = test_fetch_package.llama, test_fetch_package.packed, test_fetch_package.body
made = test_fetch_package.made


@pytest.fixture(scope="module")
def adapter(llama: LlamaForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random adapter of the tiny model."""
    folder = tmp_path_factory.mktemp("adapter")
    torch.manual_seed(1)
    config = LoraConfig(
        task_type="CAUSAL_LM", r=2, lora_alpha=2 * SCALE, target_modules=TARGETS, init_lora_weights=False
    )
    get_peft_model(random_llama(llama.config.vocab_size), config).save_pretrained(folder)
    return folder


@pytest.fixture
def with_adapter(project: Path, made: Path, adapter: Path) -> Path:
    """A project whose catalogue has the tiny package and its model with an adapter; neither is made yet."""
    shutil.copytree(made.parents[2] / "models/wheels", project / "models/wheels")
    entries = yaml.safe_load((made.parent / "catalogue.yaml").read_text(encoding="utf-8"))
    digest = hashlib.sha256((adapter / WEIGHTS).read_bytes()).hexdigest()
    entries[NOTES] = {
        "kind": "merged", "base": NAME, "adapter": ADAPTER, "adapter_sha256": digest, "licence": "Apache-2.0"
    }  # fmt: skip
    (project / "models/base/catalogue.yaml").write_text(yaml.safe_dump(entries), encoding="utf-8")
    shutil.copytree(adapter, project / ADAPTER)
    return project


def merge(project: Path) -> subprocess.CompletedProcess[str]:
    return run_stage(project, "fetch_base", NOTES)


def changed(adapter: Path, folder: Path, **values: object) -> Path:
    """A copy of the adapter whose config says something else."""
    shutil.copytree(adapter, folder)
    path = folder / "adapter_config.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **values}), encoding="utf-8")
    return folder


def test_the_adapter_is_added_in_float32_and_rounded_once(made: Path, adapter: Path, tmp_path: Path) -> None:
    assert save_merged(made, adapter, tmp_path) == AutoModelForCausalLM.from_pretrained(made).num_parameters()
    base, merged = load_file(made / "model.safetensors"), load_file(tmp_path / "model.safetensors")
    lora = load_file(adapter / "adapter_model.safetensors")
    assert merged.keys() == base.keys()
    added_to = set()
    for name, weights in base.items():
        key = f"base_model.model.{name.removesuffix('.weight')}.lora_{{}}.weight"
        expected = weights.float()
        if key.format("A") in lora:
            added_to.add(name.split(".")[-2])
            expected = expected + SCALE * lora[key.format("B")] @ lora[key.format("A")]
        assert torch.equal(merged[name], expected.to(torch.bfloat16)), name
    assert added_to == set(TARGETS)


def test_the_merged_model_keeps_config_and_tokenizer_of_its_base(
    with_adapter: Path, made: Path, adapter: Path, tmp_path: Path
) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME, dirs_exist_ok=True)
    done = merge(with_adapter)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f" parameters in bf16 from {NAME} and {ADAPTER}, Apache-2.0\n")
    folder = with_adapter / "models/base" / NOTES
    written = contents(folder)
    assert written.keys() == contents(made).keys()
    assert all(written[path.name] == path.read_bytes() for path in made.glob("*.json"))
    assert AutoModelForCausalLM.from_pretrained(folder).dtype == torch.bfloat16
    again = tmp_path / "again"
    again.mkdir()
    save_merged(made, adapter, again)
    assert contents(again) == written


def test_the_base_is_made_first_where_it_is_not_there(with_adapter: Path, made: Path) -> None:
    done = merge(with_adapter)
    assert done.returncode == 0, done.stderr
    assert [line.partition(":")[0] for line in done.stdout.splitlines()] == [f"models/base/{n}" for n in (NAME, NOTES)]
    assert contents(with_adapter / "models/base" / NAME) == contents(made)


def test_an_adapter_that_is_not_there_is_told_and_nothing_written(with_adapter: Path, made: Path) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME, dirs_exist_ok=True)
    (with_adapter / ADAPTER / "adapter_model.safetensors").unlink()
    done = merge(with_adapter)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (f"Error: {ADAPTER}/adapter_model.safetensors is not there; restore it from Git\n")
    assert contents(with_adapter / "models/base" / NOTES) == {}


def test_an_adapter_that_is_not_the_pinned_one_is_refused(with_adapter: Path, made: Path) -> None:
    shutil.copytree(made, with_adapter / "models/base" / NAME, dirs_exist_ok=True)
    with (with_adapter / ADAPTER / WEIGHTS).open("ab") as file:
        file.write(b"x")
    done = merge(with_adapter)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{ADAPTER}/{WEIGHTS} is not the pinned file: its sha256 differs; restore it" in done.stderr
    assert contents(with_adapter / "models/base" / NOTES) == {}


def test_an_adapter_of_another_shape_is_refused(made: Path, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"other cannot be loaded onto .* \(.+\);.* restore both"):
        save_merged(made, changed(adapter, tmp_path / "other", r=4), tmp_path)


def test_an_adapter_of_other_layers_is_refused(made: Path, adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"other does not fit .*: the adapter and the model differ in .+;"):
        save_merged(made, changed(adapter, tmp_path / "other", target_modules=["v_proj"]), tmp_path)
