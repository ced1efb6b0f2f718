"""Compute the shape of a model (layers, linear layers and adapters) from its config, without reading weights.

The model and the adapter are built by the same code as in training, but on torch's meta device. On this device, tensors
have shapes but no data.
"""

import re
from dataclasses import dataclass

import torch
from torch import nn
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, PretrainedConfig, PreTrainedModel

from medsum.params.train import TrainParams
from medsum.training.adapter import add_adapter

CROSS_ATTENTION = re.compile(r"(EncDecAttention|encoder_attn|cross_attn)\.(k|v|k_proj|v_proj)\b")
# Finds the stack (such as `encoder.block`) and the number of the layer in the name of a module.
BLOCK = re.compile(r"(?P<stack>.*?)\.(?P<number>\d+)\.")
# For these activation functions, torch stores each intermediate value.
UNFUSED_ACTIVATIONS = ("gelu_new", "gelu_fast", "quick_gelu")


@dataclass(frozen=True)
class Linear:
    """A linear map (a weight matrix) in a layer."""

    inputs: int
    outputs: int
    adapted: bool  # whether the map has an adapter
    over_prompt: bool  # whether the map computes keys or values of cross-attention from the encoder's tokens
    kept_whole: bool  # whether quantisation leaves the weights unchanged


@dataclass(frozen=True)
class Layer:
    """A layer of the encoder or of the decoder. All layers of a decoder-only model belong to its decoder."""

    encodes: bool
    linears: tuple[Linear, ...]
    normed: int  # how many numbers the norms of the layer read for each token

    @property
    def weights(self) -> int:
        """The number of weights of the layer's linear maps."""
        return sum(linear.inputs * linear.outputs for linear in self.linears)


@dataclass(frozen=True)
class Shape:
    """The sizes that determine how much memory a model needs."""

    encoder_decoder: bool
    width: int
    heads: int
    cache_width: int  # how many numbers a layer caches for each token (keys and values)
    vocabulary: int
    layers: tuple[Layer, ...]
    parameters: int  # number of parameters of the base
    trainable: int  # number of parameters of the adapter
    residual_dropout: bool  # whether dropout follows each sublayer, as in T5; dropout masks need memory
    attention_kept: bool  # whether a CPU stores attention probabilities, because no fused kernel can be used
    unfused_activation: bool


def shape_of(config: PretrainedConfig, params: TrainParams) -> Shape:
    """Return the shape of a model with this config and with the adapter of `params`."""
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
    """Return the number of weights of FLAN-T5's separate output layer, or 0 for any other model.

    Without the checkpoint, transformers 5 builds a model in which this layer and the embedding share their weights.
    """
    head, embedding = model.get_output_embeddings(), model.get_input_embeddings()
    own = getattr(model.config, "scale_decoder_outputs", True) is False
    tied = head is not None and embedding is not None and head.weight is embedding.weight
    return head.weight.numel() if own and tied else 0


def _layers(model: nn.Module, heads: int) -> tuple[Layer, ...]:
    """Return the layers in the order of computation.

    Layers for pictures are left out, because they do not read text.
    """
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
