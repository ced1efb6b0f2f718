"""Models come from local folders, as safetensors; what cannot be loaded is told in one sentence."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from medsum.core.errors import UserError
from medsum.model.loading import load_base, load_tokenizer


@pytest.fixture
def copy(tiny_base: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tiny_base, tmp_path / "copy")


def message(load: Callable[[Path], object], folder: Path) -> str:
    """The error's text, checked to be one line that names the folder."""
    with pytest.raises(UserError) as caught:
        load(folder)
    text = str(caught.value)
    assert "\n" not in text
    assert str(folder) in text
    return text


def test_a_model_is_loaded_in_float32_for_inference(tiny_base: Path) -> None:
    model = load_base(tiny_base)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert not model.training


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "put config.json, model.safetensors" in message(load_base, tmp_path / "none")
    assert "no tokenizer" in message(load_tokenizer, tmp_path / "none")


def test_a_folder_without_a_model_says_what_to_put_there(tmp_path: Path) -> None:
    assert "put config.json, model.safetensors and the tokenizer files there" in message(load_base, tmp_path)
    assert "no tokenizer" in message(load_tokenizer, tmp_path)


def test_a_pickle_is_refused_even_when_it_is_all_there_is(copy: Path) -> None:
    torch.save(load_base(copy).state_dict(), copy / "pytorch_model.bin")
    (copy / "model.safetensors").unlink()
    assert "safetensors" in message(load_base, copy)


def test_a_model_of_another_kind_is_refused(tiny_encoder: Path) -> None:
    assert "names BertModel, which does not write text" in message(load_base, tiny_encoder)


@pytest.mark.parametrize(
    "content", [b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n", b"\x10\0\0\0", b""]
)
def test_half_a_file_of_weights_is_told_in_a_sentence(content: bytes, copy: Path) -> None:
    (copy / "model.safetensors").write_bytes(content)
    assert "no encoder-decoder model as safetensors" in message(load_base, copy)


@pytest.mark.parametrize(
    ("load", "words"), [(load_base, "has no model_type or"), (load_tokenizer, "not a valid JSON file")]
)
def test_a_broken_config_is_told_in_a_sentence(load: Callable[[Path], object], words: str, copy: Path) -> None:
    (copy / "config.json").write_text("{", encoding="utf-8")
    assert words in message(load, copy)
