"""Load models and tokenizers from local folders. Read weights only from safetensors. Never run code of a model."""

from pathlib import Path
from typing import Any

import torch
from peft import PeftModel
from transformers import (
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    GenerationConfig,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging

from medsum.core import manifest
from medsum.core.errors import UserError, first_line
from medsum.core.offline import LOCAL
from medsum.model import architecture
from medsum.model.formats import computes_bf16
from medsum.model.quiet import silence
from medsum.model.whole import ADAPTER, require_all_tensors, require_finite, require_fitting_adapter, require_no_code

silence()
logging.disable_progress_bar()  # no bar is needed, because reading the weights takes only a second


def load_tokenizer(folder: Path) -> PreTrainedTokenizerBase:
    """Return the tokenizer of a checkpoint folder. Raise UserError if the folder has no usable tokenizer."""
    try:
        return AutoTokenizer.from_pretrained(folder, **LOCAL)
    except Exception as error:  # for damaged files, the libraries raise errors of many classes
        raise UserError(
            f"{folder} holds no tokenizer that can be loaded ({first_line(error)[:200]}); put the tokenizer files there"
        ) from None


def load_base(
    folder: Path, *, dtype: torch.dtype = torch.float32, keep_on_cpu: bool = False, **quantization: Any
) -> PreTrainedModel:
    """Return the model of a checkpoint folder, ready for inference. If the machine has a GPU, the model is on the GPU.

    `keep_on_cpu` is needed in two cases. In the first case, FSDP later splits the model across several GPUs, and one
    GPU may be too small for the model. In the second case, the model is merged and saved, and the saved bytes must not
    depend on the device. `quantization` is the result of `quantization.quantized`. Raise UserError if the folder has no
    model that writes text.
    """
    kind = architecture.read(folder).kind
    loader: Any = AutoModelForSeq2SeqLM if kind == "encoder-decoder" else AutoModelForCausalLM
    manifest.require_unchanged(folder)
    try:
        model, info = loader.from_pretrained(
            folder, **LOCAL, use_safetensors=True, dtype=dtype, output_loading_info=True, **quantization
        )
    except Exception as error:  # for damaged files, the libraries raise errors of many classes
        raise UserError(
            f"{folder} holds no {kind} model as safetensors ({first_line(error)[:200]});"
            " put config.json, model.safetensors and the tokenizer files there"
        ) from None
    require_all_tensors(folder, info)
    require_finite(folder, model)
    if torch.cuda.is_available() and not (quantization or keep_on_cpu):  # a quantised model is already on the GPU
        model.cuda()
    model.generation_config = _first_token_alone(model.generation_config)
    model.eval()
    found: PreTrainedModel = model
    return found


def load_adapted(base: Path, adapter: Path, *, trainable: bool = False, **loading: Any) -> PeftModel:
    """Return the base model with an unmerged LoRA adapter. `loading` holds arguments of `load_base`.

    If `trainable` is true, the adapter can be trained further.

    Raise UserError if the adapter is missing or does not fit the base.
    """
    if not all((adapter / name).is_file() for name in ("adapter_config.json", ADAPTER)):
        raise UserError(
            f"{adapter} holds no adapter as safetensors; run `dvc repro` to train one, or restore the folder"
        )
    manifest.require_unchanged(adapter)
    require_no_code(adapter)
    weights = load_base(base, **loading)
    try:
        model = PeftModel.from_pretrained(weights, str(adapter), is_trainable=trainable, local_files_only=True)
    except Exception as error:  # for damaged files, the libraries raise errors of many classes
        raise UserError(
            f"{adapter} cannot be loaded onto {base} ({first_line(error)[:200]});"
            " train again with `dvc repro`, or restore both folders"
        ) from None
    require_fitting_adapter(adapter, model, base)
    require_finite(adapter, model)
    model.eval()
    return model


def load_finetuned(base: Path, adapter: Path, *, keep_on_cpu: bool = False) -> PreTrainedModel:
    """Return the base model in float32 with a LoRA adapter merged into its weights.

    Raise UserError if the base or the adapter is missing or cannot be loaded.
    """
    model: PreTrainedModel = load_adapted(base, adapter, keep_on_cpu=keep_on_cpu).merge_and_unload()
    model.eval()
    return model


def ready_to_write(model: PreTrainedModel) -> PreTrainedModel:
    """Return the model in the number format in which this device writes summaries.

    A decoder-only model is rounded to bfloat16 if the device computes in bfloat16, because bfloat16 is several times
    faster. An encoder-decoder stays in float32, which rounds the least.
    """
    if not model.config.is_encoder_decoder and computes_bf16():
        for weights in model.parameters():  # the buffers are not rounded, because they hold position embeddings
            weights.data = weights.data.to(torch.bfloat16)
    return model


def _first_token_alone(own: GenerationConfig) -> GenerationConfig:
    """Return a generation config that keeps only the tokens of `own` that begin a summary.

    generation_config.json of a checkpoint may hold other settings, such as Qwen's repetition penalty or BART's minimum
    length. transformers applies such settings, but CTranslate2 does not. So these other settings are left out.
    """
    return GenerationConfig(bos_token_id=own.bos_token_id, decoder_start_token_id=own.decoder_start_token_id)
