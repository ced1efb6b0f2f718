"""Read from a checkpoint's config.json whether the model is an encoder-decoder or a decoder-only model."""

import json
from pathlib import Path
from typing import Literal, NamedTuple

from medsum.core.errors import UserError

Kind = Literal["encoder-decoder", "decoder-only"]


class Architecture(NamedTuple):
    """The kind of a model, and the names of its model type and its class in transformers."""

    kind: Kind
    model_type: str
    class_name: str


def read(folder: Path) -> Architecture:
    """Return the architecture of the checkpoint in `folder`.

    Raise UserError if config.json is missing or broken, or if the model does not write text.
    """
    from transformers.models.auto import modeling_auto  # imported here, because the import takes a second

    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        model_type, [class_name, *_] = config["model_type"], config["architectures"]
    except FileNotFoundError:
        raise UserError(
            f"{folder} holds no config.json; put config.json, model.safetensors and the tokenizer files there"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise UserError(
            f"{folder}/config.json has no model_type or no architectures, so the kind of the model is not known;"
            " use the file that was saved with the weights"
        ) from None
    writes_alone = config.get("is_decoder", True)  # false for BERT and similar models
    if class_name in modeling_auto.MODEL_FOR_SEQ_TO_SEQ_CAUSAL_LM_MAPPING_NAMES.values():
        return Architecture("encoder-decoder", model_type, class_name)
    if class_name in modeling_auto.MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.values() and writes_alone:
        return Architecture("decoder-only", model_type, class_name)
    raise UserError(
        f"{folder}/config.json names {class_name}, which does not write text; take a checkpoint of an encoder-decoder"
        " (such as T5ForConditionalGeneration) or of a causal language model (such as LlamaForCausalLM)"
    )
