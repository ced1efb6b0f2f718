"""One random model of each kind, small enough to be trained and searched in a second."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    Gemma2Config,
    Gemma2ForCausalLM,
    Gemma3Config,
    Gemma3ForCausalLM,
    Gemma3ForConditionalGeneration,
    Gemma3TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    MistralConfig,
    MistralForCausalLM,
    PegasusConfig,
    PegasusForConditionalGeneration,
    Phi3Config,
    Phi3ForCausalLM,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
    T5Config,
    T5ForConditionalGeneration,
    T5Gemma2Config,
    T5Gemma2ForConditionalGeneration,
    T5GemmaConfig,
    T5GemmaForConditionalGeneration,
)

from tests.conftest import CHAT_TEMPLATE, byte_level_tokenizer

PIECES = 400  # of the tokenizer and of every embedding
PAD, END, START = 0, 1, 3
SHAPE: dict[str, Any] = {
    "vocab_size": PIECES, "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2,
    "num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 2048,
    "pad_token_id": PAD, "eos_token_id": END, "bos_token_id": START,
}  # fmt: skip
WINDOW = 24  # tokens of a sliding window
GEMMA = {**SHAPE, "head_dim": 8, "sliding_window": WINDOW}
LOCAL_AND_GLOBAL = ["sliding_attention", "full_attention"]
SCALED = {  # positions, as in MedGemma
    "full_attention": {"rope_type": "linear", "rope_theta": 1e6, "factor": 8.0},
    "sliding_attention": {"rope_type": "default", "rope_theta": 1e4},
}
EYES: dict[str, Any] = {  # what a multimodal model sees pictures with
    "hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 1, "num_attention_heads": 2, "image_size": 28,
    "patch_size": 14,
}  # fmt: skip


def _t5() -> PreTrainedModel:
    shape: dict[str, Any] = {
        "d_model": 32,
        "d_kv": 8,
        "d_ff": 64,
        "num_layers": 2,
        "num_decoder_layers": 2,
        "num_heads": 4,
    }
    tokens: dict[str, Any] = {"pad_token_id": PAD, "eos_token_id": END, "decoder_start_token_id": PAD}
    config = T5Config(vocab_size=PIECES, feed_forward_proj="gated-gelu", dropout_rate=0.0, **shape, **tokens)
    return T5ForConditionalGeneration(config)


def _wide(config_class: Any, model_class: Any) -> Callable[[], PreTrainedModel]:
    """BART and those of its shape."""

    def make() -> PreTrainedModel:
        sides = {
            f"{side}_{name}": number
            for side in ("encoder", "decoder")
            for name, number in {"layers": 2, "attention_heads": 4, "ffn_dim": 64}.items()
        }
        tokens = {"pad_token_id": PAD, "eos_token_id": END, "bos_token_id": START, "decoder_start_token_id": END}
        config = config_class(vocab_size=PIECES, d_model=32, max_position_embeddings=2048, **sides, **tokens)
        made: PreTrainedModel = model_class(config)
        return made

    return make


def _t5gemma() -> PreTrainedModel:
    side = {**GEMMA, "query_pre_attn_scalar": 8, "layer_types": LOCAL_AND_GLOBAL}
    config = T5GemmaConfig(encoder=dict(side), decoder=dict(side), vocab_size=PIECES, **_ids())
    return T5GemmaForConditionalGeneration(config)


def _t5gemma2() -> PreTrainedModel:
    side = {**GEMMA, "query_pre_attn_scalar": 8, "layer_types": LOCAL_AND_GLOBAL}
    encoder = {"text_config": dict(side), "vision_config": EYES, "mm_tokens_per_image": 4}
    more: dict[str, Any] = {"encoder": encoder, "decoder": dict(side), "image_token_index": 5, "vocab_size": PIECES}
    config = T5Gemma2Config(**more, **_ids())
    return T5Gemma2ForConditionalGeneration(config)


def _ids() -> dict[str, Any]:
    return {"pad_token_id": PAD, "eos_token_id": END, "bos_token_id": START}


def _gemma3(**changed: Any) -> Gemma3TextConfig:
    return Gemma3TextConfig(**{**GEMMA, "query_pre_attn_scalar": 8, "layer_types": LOCAL_AND_GLOBAL, **changed})


def _medgemma(**changed: Any) -> PreTrainedModel:
    text = _gemma3(**changed)
    config = Gemma3Config(text_config=text, vision_config=EYES, mm_tokens_per_image=4, image_token_index=5)
    return Gemma3ForConditionalGeneration(config)


def causal(config_class: Any, model_class: Any, **changed: Any) -> Callable[[], PreTrainedModel]:
    """Return what makes a decoder-only model."""

    def make() -> PreTrainedModel:
        made: PreTrainedModel = model_class(config_class(**{**SHAPE, **changed}))
        return made

    return make


SERVED_BY_CTRANSLATE2: dict[str, Callable[[], PreTrainedModel]] = {
    "llama": causal(LlamaConfig, LlamaForCausalLM),
    "llama-tied": causal(LlamaConfig, LlamaForCausalLM, tie_word_embeddings=True),
    "qwen2": causal(Qwen2Config, Qwen2ForCausalLM),
    "qwen3": causal(Qwen3Config, Qwen3ForCausalLM, head_dim=16),
    "mistral": causal(MistralConfig, MistralForCausalLM, sliding_window=None, head_dim=8),
    "gemma3": lambda: Gemma3ForCausalLM(_gemma3(sliding_window=2048)),
    "gemma3-multimodal": lambda: _medgemma(sliding_window=2048, rope_parameters=SCALED),
    "t5": _t5,
    "bart": _wide(BartConfig, BartForConditionalGeneration),
}
SERVED_BY_TORCH: dict[str, Callable[[], PreTrainedModel]] = {
    "gemma2": causal(Gemma2Config, Gemma2ForCausalLM, **{**GEMMA, "query_pre_attn_scalar": 8}),
    "gemma3-window": lambda: Gemma3ForCausalLM(_gemma3()),
    "mistral-window": causal(MistralConfig, MistralForCausalLM, sliding_window=WINDOW, head_dim=8),
    "phi3": causal(Phi3Config, Phi3ForCausalLM),
    "t5gemma": _t5gemma,
    "t5gemma2": _t5gemma2,
    "pegasus": _wide(PegasusConfig, PegasusForConditionalGeneration),
}
KINDS = {**SERVED_BY_CTRANSLATE2, **SERVED_BY_TORCH}
ENCODER_DECODERS = frozenset({"t5", "t5gemma", "t5gemma2", "bart", "pegasus"})


def save(folder: Path, name: str, make: Callable[[], PreTrainedModel] | None = None) -> Path:
    """Write a checkpoint whose summaries depend on what it reads, with a tokenizer as such models have.

    `make` makes it with other sizes than `KINDS` does.
    """
    torch.manual_seed(3)
    model = (make or KINDS[name])()
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:  # a usual start of .02 lets the last token alone decide
                parameter.normal_(std=0.35)
            elif not parameter.any():
                parameter.normal_(std=0.1)
    model.save_pretrained(folder)
    is_encoder = name in ENCODER_DECODERS
    template = {"t5gemma": "<s> $A", "t5gemma2": "<s> $A", "bart": "<s> $A </s>"}.get(name, "$A </s>")
    tokenizer = byte_level_tokenizer(template if is_encoder else None)
    if not is_encoder:
        tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    return folder
