"""Convert a checkpoint to CTranslate2's format."""

import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from ctranslate2.converters import TransformersConverter
from ctranslate2.specs.attention_spec import RotaryScalingType
from transformers import PreTrainedModel

from medsum.core import manifest
from medsum.model.prompt import Frame


class Converter(TransformersConverter):  # type: ignore[misc]
    """CTranslate2's converter, told what it misreads in the config of transformers 5.

    It takes `config.tie_word_embeddings`, which transformers 5 always sets for T5, for the scaling of logits; the
    truth (scaled in T5 and in compact, not in FLAN-T5) is in `scale_decoder_outputs`. Greedy output would be the same,
    beam search and scores would not. BART's config has lost `normalize_before`, which it never uses. The positions of
    Gemma 3 are read where transformers 4 had them, and the larger ones (MedGemma) scale them.
    """

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> PreTrainedModel:
        """Return the model in float32, its config set to mean what the converter reads in it."""
        kwargs["dtype"] = torch.float32
        model: PreTrainedModel = super().load_model(model_class, model_name_or_path, **kwargs)
        if model.config.model_type == "t5":
            model.config.tie_word_embeddings = getattr(model.config, "scale_decoder_outputs", True)
        if model.config.model_type == "bart":
            model.config.normalize_before = False
        self._text = model.config.get_text_config(decoder=True)
        return model

    def _load(self) -> Any:
        """Return the converted model."""
        spec = super()._load()
        if self._text.model_type == "gemma3_text":
            for layer, kind in zip(spec.decoder.layer, self._text.layer_types, strict=True):
                _set_positions(layer.self_attention, self._text.rope_parameters[kind])
        return spec


def _set_positions(attention: Any, rope: dict[str, Any]) -> None:
    """Give an attention layer of CTranslate2 its base and its scaling of positions."""
    values: dict[str, Any] = {"rotary_base": np.float32(rope["rope_theta"])}
    if rope["rope_type"] == "linear":
        values["rotary_scaling_type"] = np.int8(RotaryScalingType.Linear)
        values["rotary_scaling_factor"] = np.float32(rope["factor"])
    for name, value in values.items():
        object.__setattr__(attention, name, value)  # its own setter takes no names that the loader has not set


def convert(checkpoint: Path, folder: Path, precision: str, frame: Frame) -> None:
    """Write the converted model, tokenizer.json and prompt.json to `folder`, which must not exist or be empty.

    `checkpoint` holds safetensors and tokenizer.json; `precision` is that of the stored weights, such as `int8`.
    """
    Converter(str(checkpoint)).convert(str(folder), quantization=precision, force=True)
    shutil.copyfile(checkpoint / "tokenizer.json", folder / "tokenizer.json")
    frame.save(folder)
    manifest.write(folder)
