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
from medsum.model import served
from medsum.model.chat import prompt_builder
from medsum.model.prompt import Frame
from medsum.params.prompt import PromptParams


class Converter(TransformersConverter):  # type: ignore[misc]
    """CTranslate2's converter with three corrections, because the converter misreads some configs of transformers 5.

    T5: the converter scales the logits if `config.tie_word_embeddings` is set. transformers 5 always sets this value.
    The correct value is in `scale_decoder_outputs`: T5 and compact scale the logits, FLAN-T5 does not. A wrong value
    would not change the output of greedy search. It would change beam search and scores.

    BART: the config no longer has `normalize_before`. BART does not use this value, but the converter reads it.

    Gemma 3: the converter looks for the settings of rotary positions in the place that transformers 4 used. The larger
    models (such as MedGemma) scale their positions, so they need these settings.
    """

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> PreTrainedModel:
        """Return the model in float32, with a config that the converter reads correctly."""
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
    """Set the base and the scaling of the rotary positions in an attention layer of CTranslate2."""
    values: dict[str, Any] = {"rotary_base": np.float32(rope["rope_theta"])}
    if rope["rope_type"] == "linear":
        values["rotary_scaling_type"] = np.int8(RotaryScalingType.Linear)
        values["rotary_scaling_factor"] = np.float32(rope["factor"])
    for name, value in values.items():
        object.__setattr__(attention, name, value)  # the class refuses a name that its loader has not set


def convert_merged(base: Path, merged: Path, folder: Path, precision: str, params: PromptParams) -> None:
    """Convert a model merged from `base` and an adapter. See `convert`."""
    convert(merged, folder, precision, prompt_builder(base, params).frame._replace(window=served.window_of(base)))


def convert(checkpoint: Path, folder: Path, precision: str, frame: Frame) -> None:
    """Write the converted model, tokenizer.json and prompt.json to `folder`. The folder must be empty or not exist.

    `checkpoint` is a folder with safetensors and tokenizer.json. `precision` is the type of the stored weights, such as
    `int8`.
    """
    Converter(str(checkpoint)).convert(str(folder), quantization=precision, force=True)
    shutil.copyfile(checkpoint / "tokenizer.json", folder / "tokenizer.json")
    frame.save(folder)
    manifest.write(folder)
