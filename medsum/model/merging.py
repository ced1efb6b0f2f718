"""A causal language model with a LoRA adapter merged into its weights, as a base model of its own."""

import shutil
import warnings
from pathlib import Path

import torch
from peft import PeftModel, get_peft_model_state_dict
from safetensors import SafetensorError, safe_open
from transformers import AutoModelForCausalLM

from medsum.core.errors import UserError
from medsum.core.offline import LOCAL
from medsum.model.gguf import save_checkpoint

warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)  # PEFT's to mend
warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)  # told as an error
ADAPTER = "adapter_model.safetensors"


def merge_base(base: Path, adapter: Path, folder: Path) -> int:
    """Write the merged model in bf16 to `folder`, with the base's config and tokenizer; return its parameters' number.

    The sum is taken in float32 and rounded once. Raises UserError where base or adapter cannot be read or do not fit
    each other, and OSError where `folder` cannot be written.
    """
    for file in (base / "config.json", adapter / "adapter_config.json", adapter / ADAPTER):
        if not file.is_file():
            raise UserError(f"{file} is not there; restore it from Git, or fetch {base.name} again")
    try:
        model = AutoModelForCausalLM.from_pretrained(base, **LOCAL, use_safetensors=True, dtype=torch.float32)
        adapted = PeftModel.from_pretrained(model, str(adapter), local_files_only=True)
        with safe_open(adapter / ADAPTER, framework="pt") as weights:
            fits = set(weights.keys()) == set(get_peft_model_state_dict(adapted))
    except (KeyError, OSError, RuntimeError, SafetensorError, TypeError, ValueError) as error:
        reason = str(error).strip().split("\n")[0][:200].rstrip(".")
        raise UserError(f"{adapter} cannot be merged into {base}: {reason}; restore both") from None
    if not fits:
        raise UserError(f"{adapter} belongs to another model than {base}: their layers differ; restore both")
    merged = adapted.merge_and_unload().to(torch.bfloat16)
    save_checkpoint(merged, folder)
    for file in sorted(base.glob("*.json")):
        shutil.copyfile(file, folder / file.name)
    return int(merged.num_parameters())
