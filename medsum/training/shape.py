"""What a model is made of, read from its config: layers, linear maps and adapters, without any weights.

The model and its adapter are built by the same code as for training, on torch's meta device, which holds shapes only.
"""

import re
from dataclasses import dataclass

import torch
from torch import nn
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PretrainedConfig, PreTrainedModel

from medsum.params.train import TrainParams
from medsum.training.adapter import add_adapter

CROSS_ATTENTION = re.compile(r"(EncDecAttention|encoder_attn|cross_attn)\.(k|v|k_proj|v_proj)\b")
BLOCK = re.compile(r"(?P<stack>.*?)\.(?P<number>\d+)\.")  # of a module's name: its stack and its place there
UNFUSED_ACTIVATIONS = ("gelu_new", "gelu_fast", "quick_gelu")  # written in Python: each intermediate is kept


@dataclass(frozen=True)
class Linear:
    """A linear map of a layer."""

    inputs: int
    outputs: int
    adapted: bool  # an adapter lies on it
    over_prompt: bool  # keys or values of cross-attention: it reads the encoder's tokens
    kept_whole: bool  # quantisation leaves its weights alone


@dataclass(frozen=True)
class Layer:
    """A layer of the encoder or the decoder; the only stack of a decoder-only model is its decoder."""

    encodes: bool
    linears: tuple[Linear, ...]
    normed: int  # elements that its norms read, for each token

    @property
    def weights(self) -> int:
        """Weights of its linear maps."""
        return sum(linear.inputs * linear.outputs for linear in self.linears)


@dataclass(frozen=True)
class Shape:
    """Sizes that decide how much memory a model takes."""

    encoder_decoder: bool
    width: int
    heads: int
    cache_width: int  # elements of keys and values that a layer caches for each token
    vocabulary: int
    layers: tuple[Layer, ...]
    parameters: int  # of the base
    trainable: int
    residual_dropout: bool  # as in T5: a mask of each sublayer's output is kept
    attention_kept: bool  # attention probabilities are computed as a whole where no fused kernel does it
    unfused_activation: bool


def shape_of(config: PretrainedConfig, params: TrainParams) -> Shape:
    """The shape of the config's model with the adapter that `params` ask for."""
    kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
    with torch.device("meta"):
        model: PreTrainedModel = kind.from_config(config)  # type: ignore[no-untyped-call]
        parameters = sum(parameter.numel() for parameter in model.parameters()) + _untied_head(model)
        adapted = add_adapter(model, params)
    text = config.get_text_config(decoder=True)
    dropout = max(getattr(text, name, 0.0) for name in ("dropout_rate", "attention_dropout", "dropout"))
    heads = text.num_attention_heads
    head_width = getattr(text, "head_dim", None) or getattr(text, "d_kv", None) or text.hidden_size // heads
    activation = getattr(text, "dense_act_fn", None) or getattr(text, "hidden_act", "")
    return Shape(
        encoder_decoder=config.is_encoder_decoder,
        width=text.hidden_size,
        heads=heads,
        cache_width=2 * head_width * (getattr(text, "num_key_value_heads", None) or heads),
        vocabulary=text.vocab_size,
        layers=_layers(adapted, heads),
        parameters=parameters,
        trainable=sum(parameter.numel() for parameter in adapted.parameters() if parameter.requires_grad),
        residual_dropout=max(getattr(text, name, 0.0) for name in ("dropout_rate", "dropout")) > 0,
        attention_kept=dropout > 0 or model.config._attn_implementation == "eager",
        unfused_activation=activation in UNFUSED_ACTIVATIONS,
    )


def _untied_head(model: PreTrainedModel) -> int:
    """Weights of FLAN-T5's own output layer, which transformers 5 ties until it reads the checkpoint."""
    head, embedding = model.get_output_embeddings(), model.get_input_embeddings()
    own = getattr(model.config, "scale_decoder_outputs", True) is False
    tied = head is not None and embedding is not None and head.weight is embedding.weight
    return head.weight.numel() if own and tied else 0


def _layers(model: nn.Module, heads: int) -> tuple[Layer, ...]:
    """Layers in the order of computation; a vision tower, which text does not pass through, is left out."""
    whole = tuple(getattr(model, "_keep_in_fp32_modules", None) or ())
    linears: dict[tuple[str, int], list[Linear]] = {}
    normed: dict[tuple[str, int], int] = {}
    for name, module in model.named_modules():
        place = BLOCK.match(name)
        if place is None or "lora_" in name or "vision" in name:
            continue
        key = place["stack"], int(place["number"])
        if isinstance(module, nn.Linear):
            plain = name.removesuffix(".base_layer")
            cross = CROSS_ATTENTION.search(plain) is not None
            found = Linear(module.in_features, module.out_features, plain != name, cross, plain.endswith(whole))
            linears.setdefault(key, []).append(found)
        elif type(module).__name__.endswith("Norm"):
            per_head = heads if name.endswith(("q_norm", "k_norm")) else 1
            normed[key] = normed.get(key, 0) + per_head * sum(weight.numel() for weight in module.parameters())
    return tuple(
        Layer("encoder" in stack, tuple(found), normed.get((stack, number), 0))
        for (stack, number), found in linears.items()
    )
