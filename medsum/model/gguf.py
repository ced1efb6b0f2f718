"""Convert a GGUF file (a model in one file) to a checkpoint of transformers: bf16 safetensors, config and tokenizer."""

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

# These keys say how this machine loaded the tokenizer. They do not belong in the saved tokenizer_config.json.
OF_ONE_MACHINE = ("is_local", "local_files_only")


def convert_gguf(source: Path, folder: Path) -> int:
    """Write the checkpoint to `folder` and return the number of parameters of the model.

    Equal GGUF files give equal checkpoints, byte for byte. Raise UserError if `source` is not a model that transformers
    reads. Raise OSError if `folder` cannot be written.
    """
    try:
        model = load_weights(source)
        tokenizer = load_tokenizer(source)
    except (LookupError, NotImplementedError, OSError, RuntimeError, TypeError, ValueError, struct.error) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"{source.name} is not a GGUF model that transformers reads: {reason[:200]}") from None
    save_checkpoint(model, folder)
    save_tokenizer(tokenizer, folder, model.config.max_position_embeddings)
    return model.num_parameters()


def load_weights(source: Path) -> PreTrainedModel:
    """Return the model with all weights unpacked to bf16. The config does not mention the packed format or the file."""
    unpack = GgufConfig(dequantize=True)  # otherwise the weights stay packed on machines that have a certain kernel
    model: PreTrainedModel = AutoModelForCausalLM.from_pretrained(
        source.parent,
        gguf_file=source.name,
        **LOCAL,
        quantization_config=unpack,
        dtype=torch.bfloat16,
    )
    vars(model.config).pop("_model_name_or_path", None)  # for GGUF, transformers stores the title of the file here
    return model


def load_tokenizer(source: Path) -> PreTrainedTokenizerFast:
    """Return the tokenizer of a GGUF file. The tokenizer splits text as in the pretraining of the model.

    In the file, `tokenizer.ggml.pre` names the way in which text is split, but transformers 5.23 ignores this value.
    With the value `smollm`, every digit is first separated from the text. So the empty line before "2." is one token.
    """
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name, **LOCAL)
    metadata, _ = read_gguf_metadata(str(source))
    kind = metadata.get("tokenizer.ggml.pre")
    if kind != "smollm":
        raise ValueError(f"tokenizer.ggml.pre is {kind}, but only smollm is supported")
    digits = pre_tokenizers.Digits(individual_digits=True)
    assert isinstance(tokenizer, PreTrainedTokenizerFast)  # transformers makes no other kind of tokenizer from GGUF
    tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [digits, pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    return tokenizer


def save_checkpoint(model: PreTrainedModel, folder: Path) -> None:
    """Write model.safetensors, config.json and generation_config.json.

    The weights get the same access rights as the config. Raise OSError if `folder` cannot be written.
    """
    with _raising_os_errors():
        model.save_pretrained(folder)
    for file in folder.glob("*.safetensors"):  # by default, only the owner may read a file that safetensors writes
        file.chmod((folder / "config.json").stat().st_mode)


def save_tokenizer(tokenizer: PreTrainedTokenizerFast, folder: Path, max_length: int) -> None:
    """Write tokenizer.json and tokenizer_config.json, which includes the chat template.

    Raise OSError if `folder` cannot be written.
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
    """Turn write errors of safetensors and tokenizers, such as a full disk, into OSError.

    Both libraries raise errors of their own classes, so a caller that catches OSError needs this function.
    """
    try:
        yield
    except Exception as error:
        number = re.search(r"\(os error (\d+)\)", str(error))
        if not number:
            raise
        raise OSError(int(number[1]), os.strerror(int(number[1]))) from None
