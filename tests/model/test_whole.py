"""What is loaded is what was made: changed files, missing tensors, another model's adapter, code in a folder."""

import builtins
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from medsum.core import manifest
from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.faithfulness.encoder import WordEncoder
from medsum.generation.conversion import convert
from medsum.generation.model_choice import open_summarizer
from medsum.model.loading import load_adapted, load_base, load_tokenizer
from medsum.model.merging import save_merged
from medsum.model.prompt import Frame
from medsum.params.train import TrainParams
from medsum.training.adapter import add_adapter, save_adapter
from tests.conftest import ROOT

WEIGHTS = "model.safetensors"
ADAPTER = "adapter_model.safetensors"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run in a folder of its own, where the note of what was checked goes."""
    shutil.copyfile(ROOT / "params.yaml", tmp_path / "params.yaml")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def copy(tiny_base: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_base, tmp_path / "copy")


@pytest.fixture
def adapter(copy: Path, tmp_path: Path) -> Path:
    """An adapter as the train stage writes it, of the tiny base."""
    import yaml

    params = TrainParams.parse("train", yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["train"])
    folder = tmp_path / "adapter"
    save_adapter(add_adapter(load_base(copy), params), copy, folder)
    return folder


def message(load: Callable[[], object]) -> str:
    with pytest.raises(UserError) as caught:
        load()
    text = str(caught.value)
    assert "\n" not in text
    return text


def change(file: Path, edit: Callable[[dict[str, torch.Tensor]], object]) -> None:
    """Change the tensors of a file of safetensors."""
    tensors = load_file(file)
    edit(tensors)
    save_file(tensors, file, {"format": "pt"})


def zeroed(file: Path, size: int = 64) -> None:
    """Set bytes to zero in the middle of a file, as a bad disk does."""
    with file.open("r+b") as content:
        content.seek(file.stat().st_size // 2)
        content.write(b"\0" * size)


NAME = "encoder.block.0.layer.0.SelfAttention.q.weight"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda tensors: tensors.pop(NAME), f"lacks the tensor {NAME}"),
        (lambda tensors: tensors.update(other=torch.ones(2)), "has the tensor other, which the model"),
        (lambda tensors: tensors.update({NAME: torch.ones(2, 2)}), "copy"),
        (lambda tensors: tensors[NAME].fill_(float("nan")), f"holds numbers that are not finite, in {NAME}"),
        (lambda tensors: tensors[NAME][0].fill_(float("inf")), f"holds numbers that are not finite, in {NAME}"),
    ],
)
def test_a_base_with_other_tensors_is_refused(
    edit: Callable[[dict[str, torch.Tensor]], object], words: str, copy: Path
) -> None:
    change(copy / WEIGHTS, edit)
    assert words in message(lambda: load_base(copy))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (lambda tensors: [tensors.update({f"x.{name}": tensors.pop(name)}) for name in list(tensors)], "does not fit"),
        (lambda tensors: tensors.pop(next(iter(tensors))), "does not fit"),
        (lambda tensors: next(iter(tensors.values())).fill_(float("nan")), "not finite"),
    ],
)  # fmt: skip
def test_an_adapter_whose_tensors_do_not_match_is_refused(
    edit: Callable[[dict[str, torch.Tensor]], object], words: str, copy: Path, adapter: Path
) -> None:
    (adapter / manifest.NAME).unlink()
    assert load_adapted(copy, adapter)
    change(adapter / ADAPTER, edit)
    assert words in message(lambda: load_adapted(copy, adapter))


def test_half_an_adapter_is_told_in_a_sentence(copy: Path, adapter: Path) -> None:
    (adapter / manifest.NAME).unlink()
    content = (adapter / ADAPTER).read_bytes()
    (adapter / ADAPTER).write_bytes(content[: len(content) // 2])
    assert "cannot be loaded onto" in message(lambda: load_adapted(copy, adapter))


def test_every_folder_that_a_stage_writes_lists_its_files(copy: Path, adapter: Path, tmp_path: Path) -> None:
    merged, converted = tmp_path / "merged", tmp_path / "ctranslate2"
    save_merged(copy, adapter, merged)
    convert(merged, converted, "float32", Frame("encoder-decoder", "", "", adds_special=True, end="</s>"))
    for folder, weights in ((adapter, ADAPTER), (merged, WEIGHTS), (converted, "model.bin")):
        listed = manifest.read(folder)
        assert set(listed) == {file.name for file in folder.iterdir()} - {manifest.NAME}
        assert weights in listed
        manifest.require_unchanged(folder)


def test_a_changed_adapter_is_refused_with_what_to_do(copy: Path, adapter: Path) -> None:
    assert load_adapted(copy, adapter)
    zeroed(adapter / ADAPTER)
    said = message(lambda: load_adapted(copy, adapter))
    assert said == f"{adapter / ADAPTER} has changed since it was made; delete that folder and run `dvc repro`"


def test_a_converted_model_with_zeroed_bytes_does_not_serve(tiny_serving: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_serving / "ctranslate2", tmp_path / "served")
    open_summarizer(str(folder))
    zeroed(folder / "model.bin")
    assert "model.bin has changed since it was made" in message(lambda: open_summarizer(str(folder)))
    (folder / "model.bin").unlink()


def test_a_missing_file_of_a_model_is_named(adapter: Path, copy: Path) -> None:
    (adapter / "tokenizer.json").unlink()
    assert "tokenizer.json is missing, but it belongs to the model" in message(lambda: load_adapted(copy, adapter))


def test_a_file_is_read_once_until_its_size_or_time_changes(adapter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def noted(file: Path) -> str:
        hashed.append(file.name)
        return sha256(file)

    monkeypatch.setattr(manifest, "sha256", noted)
    manifest.require_unchanged(adapter)
    assert sorted(hashed) == sorted(manifest.read(adapter))
    hashed.clear()
    manifest.require_unchanged(adapter)
    assert hashed == []
    (adapter / ADAPTER).touch()
    manifest.require_unchanged(adapter)
    assert hashed == [ADAPTER]


def test_a_folder_that_brings_code_does_not_run_it(copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = tmp_path / "ran"
    (copy / "own.py").write_text(f"open({str(ran)!r}, 'w').close()\n", encoding="utf-8")
    classes = {"AutoConfig": "own.C", "AutoModelForSeq2SeqLM": "own.M", "AutoTokenizer": ["own.T", "own.T"]}
    for name, edits in {
        "config.json": {"model_type": "own_model"},
        "tokenizer_config.json": {"tokenizer_class": "OwnTokenizer"},
    }.items():
        path = copy / name
        config = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**config, **edits, "auto_map": classes}), encoding="utf-8")
    monkeypatch.setattr(builtins, "input", lambda *_: "y")
    for load in (load_base, load_tokenizer):
        with pytest.raises(UserError):
            load(copy)
    assert not ran.exists()


def test_an_encoder_without_one_tensor_is_refused(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_encoder, tmp_path / "encoder")
    name = "encoder.layer.0.output.dense.weight"
    WordEncoder(folder, layer=1)
    change(folder / WEIGHTS, lambda tensors: tensors.pop(name))
    assert f"lacks the tensor {name}" in message(lambda: WordEncoder(folder, layer=1))


def test_an_adapter_that_names_a_python_module_is_refused(copy: Path, adapter: Path, tmp_path: Path) -> None:
    (tmp_path / "payload.py").write_text("from pathlib import Path\nPath('ran').touch()\n", encoding="utf-8")
    (adapter / manifest.NAME).unlink()
    path = adapter / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**config, "megatron_config": {"x": 1}, "megatron_core": "payload"}), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        assert "megatron_config makes PEFT run other Python code" in message(lambda: load_adapted(copy, adapter))
    assert not (tmp_path / "ran").exists()
