"""Models and tokenizers from local folders: safetensors only, no remote code, no network."""

import warnings
from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from safetensors import SafetensorError
from transformers import AutoModelForSeq2SeqLM, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging

from medsum.errors import UserError

warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # PEFT's to mend
logging.disable_progress_bar()  # reading weights takes a second; bars are for work that takes long


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer of a checkpoint folder; raises UserError where there is none."""
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError) as error:
        raise UserError(f"{folder} holds no tokenizer that can be loaded ({_first_line(error)})") from None


def load_base(folder: Path, *, spread: bool = False, **quantization: Any) -> PreTrainedModel:
    """An encoder-decoder model in float32, ready for inference, on the GPU if there is one.

    One that FSDP is going to spread over GPUs stays beside them, since one alone may not hold it. `quantization` is
    what `quantization.quantized` gives. Raises UserError where the folder holds no such model.
    """
    try:
        model: PreTrainedModel = AutoModelForSeq2SeqLM.from_pretrained(
            folder, local_files_only=True, use_safetensors=True, dtype=torch.float32, **quantization
        )
    except (OSError, ValueError, SafetensorError) as error:
        raise UserError(
            f"{folder} holds no encoder-decoder model as safetensors ({_first_line(error)});"
            " put config.json, model.safetensors and the tokenizer files there"
        ) from None
    if torch.cuda.is_available() and not (quantization or spread):  # the first is there already
        model.cuda()  # type: ignore[call-arg]
    model.eval()
    return model


def load_adapted(base: Path, adapter: Path, **quantization: Any) -> PeftModel:
    """The base model, quantised as in `load_base`, with a LoRA adapter beside; raises UserError where there is none."""
    if not (adapter / "adapter_config.json").is_file():
        raise UserError(f"{adapter} holds no adapter; run `dvc repro` to train one")
    model = PeftModel.from_pretrained(load_base(base, **quantization), str(adapter), local_files_only=True)
    model.eval()
    return model


def load_finetuned(base: Path, adapter: Path) -> PreTrainedModel:
    """The base model with a LoRA adapter merged into its weights; raises UserError where there is none."""
    model: PreTrainedModel = load_adapted(base, adapter).merge_and_unload()
    model.eval()
    return model


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0].rstrip(".")
