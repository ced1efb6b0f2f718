"""From base and adapter to one checkpoint, and from that to CTranslate2's format."""

import shutil
from pathlib import Path
from typing import Any

import torch
from ctranslate2.converters import TransformersConverter
from transformers import PreTrainedModel

from medsum.model.loading import load_finetuned, load_tokenizer


class T5Converter(TransformersConverter):  # type: ignore[misc]
    """CTranslate2's converter, told when a T5 scales its logits.

    It reads that from `config.tie_word_embeddings`, which transformers 5 always sets, and keeps the truth (scaled
    in T5 and in compact, not in FLAN-T5) in `scale_decoder_outputs`. Greedy output would be the same, beam search
    and scores would not.
    """

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> PreTrainedModel:
        """The model in float32, its config set to mean what the converter reads in it."""
        kwargs["dtype"] = torch.float32
        model: PreTrainedModel = super().load_model(model_class, model_name_or_path, **kwargs)
        model.config.tie_word_embeddings = getattr(model.config, "scale_decoder_outputs", True)
        return model


def save_merged(base: Path, adapter: Path, folder: Path) -> None:
    """Write the adapter merged into its base as a checkpoint of its own: safetensors, the base's config, tokenizer."""
    load_finetuned(base, adapter).save_pretrained(folder)
    for name in ("config.json", "generation_config.json", "tokenizer_config.json"):
        if (base / name).is_file():  # the base's own: transformers 5 writes that all embeddings are tied
            shutil.copyfile(base / name, folder / name)
    load_tokenizer(base).backend_tokenizer.save(str(folder / "tokenizer.json"))


def convert(checkpoint: Path, folder: Path, precision: str) -> None:
    """Write the converted model and tokenizer.json to `folder`, which must not exist or be empty.

    `checkpoint` holds safetensors and tokenizer.json; `precision` is that of the stored weights, such as `int8`.
    """
    T5Converter(str(checkpoint)).convert(str(folder), quantization=precision, force=True)
    shutil.copyfile(checkpoint / "tokenizer.json", folder / "tokenizer.json")
