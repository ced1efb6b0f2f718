"""A GGUF file's weights and tokenizer as a checkpoint that transformers loads: bf16 safetensors, config, tokenizer."""

import json
import os
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from tokenizers import pre_tokenizers
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, PreTrainedModel, PreTrainedTokenizerFast
from transformers.integrations.gguf.reader import read_gguf_metadata

from medsum.core.errors import UserError
from medsum.core.offline import LOCAL

OF_ONE_MACHINE = ("is_local", "local_files_only")  # what the tokenizer writes about how it was loaded


def convert_gguf(source: Path, folder: Path) -> int:
    """Write the checkpoint to `folder` and return its number of parameters.

    Equal files give equal bytes. Raises UserError where the file is no model that can be read, and OSError where
    `folder` cannot be written.
    """
    try:
        model = load_weights(source)
        tokenizer = load_tokenizer(source)
    except (LookupError, NotImplementedError, OSError, RuntimeError, TypeError, ValueError, struct.error) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{source.name} is no GGUF model that transformers reads: {reason[:200]}") from None
    save_checkpoint(model, folder)
    save_tokenizer(tokenizer, folder, model.config.max_position_embeddings)
    return model.num_parameters()


def load_weights(source: Path) -> PreTrainedModel:
    """Unpack every weight to bf16; the config keeps nothing of the packing or of the file's own names."""
    unpack = GgufConfig(dequantize=True)  # else the weights stay packed where a kernel is installed
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        **LOCAL,
        quantization_config=unpack,
        dtype=torch.bfloat16,
    )
    vars(model.config).pop("_model_name_or_path", None)  # the file's title, which config.json takes for a path
    return model


def load_tokenizer(source: Path) -> PreTrainedTokenizerFast:
    """Read the tokenizer and split text as the model was trained to.

    transformers 5.23 ignores the file's `tokenizer.ggml.pre`; `smollm` splits digits off before all else, so that the
    empty line before "2." is one token.
    """
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name, **LOCAL)
    metadata, _ = read_gguf_metadata(str(source))
    kind = metadata.get("tokenizer.ggml.pre")
    if kind != "smollm":
        raise ValueError(f"tokenizer.ggml.pre is {kind}, and only smollm is known")
    digits = pre_tokenizers.Digits(individual_digits=True)
    assert isinstance(tokenizer, PreTrainedTokenizerFast)  # GGUF has no other
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [digits, pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    return tokenizer


def save_checkpoint(model: PreTrainedModel, folder: Path) -> None:
    """Write model.safetensors, config.json and generation_config.json, readable for everyone who may read the config.

    Raises OSError where `folder` cannot be written.
    """
    with _raising_os_errors():
        model.save_pretrained(folder)
    for file in folder.glob("*.safetensors"):  # these are written for their owner alone
        file.chmod((folder / "config.json").stat().st_mode)


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path, max_length: int) -> None:
    """Write tokenizer.json and, with the chat template, tokenizer_config.json.

    Raises OSError where `folder` cannot be written.
    """
    tokenizer.model_max_length = max_length
    with _raising_os_errors():
        tokenizer.save_pretrained(folder, save_jinja_files=False)
    path = folder / "tokenizer_config.json"
    config: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    kept = {key: value for key, value in config.items() if key not in OF_ONE_MACHINE}
    path.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


@contextmanager
def _raising_os_errors() -> Iterator[None]:
    """Raise OSError for what safetensors and tokenizers raise, each in a kind of its own, where a disk is full."""
    try:
        yield
    except Exception as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if not number:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from None
