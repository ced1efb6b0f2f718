"""Decide from a model's config whether CTranslate2 or torch serves the model. To serve is to write summaries."""

from pathlib import Path
from typing import Any

from transformers import AutoConfig

from medsum.core.offline import LOCAL
from medsum.model import architecture

# For these model types, CTranslate2 4.8.5 writes the same text as transformers, and is faster. Tests check that the
# texts are equal. Gemma 2 and T5Gemma are not in this list, because CTranslate2 ignores the cap on their attention
# scores. T5Gemma 2 is not in the list either.
CONVERTED = frozenset({"bart", "gemma3", "gemma3_text", "llama", "mistral", "qwen2", "qwen3", "t5"})
# For types that are not in this list, the number of heads times the head width must equal the model width.
ANY_HEAD_WIDTH = frozenset({"gemma3_text", "mistral", "qwen3"})
# The converter supports these kinds of rotary position embeddings. It does not support the kind of Llama 3.1 and later,
# because it drops the scaling factor of that kind.
ROTATIONS = frozenset({"default", "linear"})


def why_torch(folder: Path, tokens: int) -> str | None:
    """Return the reason why torch must serve the checkpoint in `folder`, or None if CTranslate2 serves it.

    `tokens` is the number of tokens of the longest prompt and its summary together.
    """
    name = architecture.read(folder).class_name
    config = AutoConfig.from_pretrained(folder, **LOCAL)
    if config.model_type not in CONVERTED:
        return f"CTranslate2 does not write the same text as {name}"
    if config.is_encoder_decoder:
        return None
    text = config.get_text_config()
    if not (_rotations_are_known(text.rope_parameters) and _heads_are_known(text)):
        return f"CTranslate2 does not compute the positions or the attention heads of this {name} correctly"
    window = window_of(folder)
    if window is not None and window < tokens:
        return f"CTranslate2 needs prompt and summary ({tokens} tokens) within the sliding window of {window}"
    return None


def window_of(folder: Path) -> int | None:
    """Return the size of a decoder-only model's sliding window in tokens.

    Return None if the model has no sliding window, so that every layer reads all earlier tokens.
    """
    text = AutoConfig.from_pretrained(folder, **LOCAL).get_text_config()
    layers = getattr(text, "layer_types", None)
    slides = layers is None or "sliding_attention" in layers
    return getattr(text, "sliding_window", None) if slides else None


def _rotations_are_known(rope: dict[str, Any]) -> bool:
    kinds = [rope] if "rope_type" in rope else list(rope.values())
    return {kind["rope_type"] for kind in kinds} <= ROTATIONS


def _heads_are_known(text: Any) -> bool:
    width = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    fits = width * text.num_attention_heads == text.hidden_size or text.model_type in ANY_HEAD_WIDTH
    return fits and getattr(text, "query_pre_attn_scalar", width) == width
