"""Train decoder-only models faster on a CPU, by computing attention and LoRA in fewer passes over memory.

Without this module, two operations take half of the time of a step on a CPU. The first operation is the backward pass
of torch's attention, which is slow in bfloat16 on a CPU. The second operation is LoRA, which adds the adapter's output
to the output of each layer. This module computes the same results with matrix products that also do the additions.
"""

from types import MethodType
from typing import Any

import torch
from peft.tuners.lora.layer import Linear as LoraLinear
from torch import nn
from transformers import AttentionInterface, PreTrainedModel
from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

GROUPED = "grouped_heads"
# The attention of these architectures has no soft cap on the scores and no attention sinks.
PLAIN = frozenset({"gemma3_text", "llama", "mistral", "qwen2", "qwen3"})


def usable(model: PreTrainedModel) -> bool:
    """Return whether the model can train with the functions of this module."""
    plain = model.config.model_type in PLAIN and not getattr(model.config, "attention_dropout", 0)
    return plain and model.device.type == "cpu" and not getattr(model, "is_quantized", False)


def install(model: PreTrainedModel) -> None:
    """Replace the attention and LoRA functions of a model by the functions of this module."""
    AttentionInterface.register(GROUPED, grouped_attention)
    AttentionMaskInterface.register(GROUPED, sdpa_mask)
    base: Any = model.get_base_model()  # type: ignore[operator]
    base.set_attn_implementation(GROUPED)
    layers: list[Any] = [module for module in model.modules() if type(module) is LoraLinear]
    for layer in layers:
        if not layer.use_dora.get("default", False):
            layer.forward = MethodType(_adapted, layer)


def grouped_attention(
    _module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float,
    **_others: Any,
) -> tuple[torch.Tensor, None]:
    """Return the output of attention. Heads that share keys and values are computed together.

    The result has the shape (records, tokens, heads, width). `query` has the shape (records, heads, tokens, width).
    `key` and `value` may have fewer heads than `query`. `attention_mask` is true if a token may attend to another
    token. If the mask is None, each token attends to itself and to all earlier tokens.
    """
    records, heads, tokens, width = query.shape
    groups, seen = key.shape[1], key.shape[2]
    shared = heads // groups
    asked = query.reshape(records * groups, shared * tokens, width)
    keys, values = (part.reshape(records * groups, seen, width) for part in (key, value))
    if attention_mask is None:
        visible = torch.ones(tokens, seen, dtype=torch.bool).tril(seen - tokens)[None, None]
    else:
        visible = attention_mask[:, :, :, :seen]
    hidden = torch.zeros(visible.shape, dtype=query.dtype).masked_fill_(~visible, torch.finfo(query.dtype).min)
    hidden = hidden.expand(records, groups, tokens, seen).reshape(records * groups, tokens, seen).repeat(1, shared, 1)
    scores = torch.baddbmm(hidden, asked, keys.transpose(1, 2), alpha=scaling)
    found = torch.bmm(scores.softmax(-1), values).view(records, heads, tokens, width)
    return found.transpose(1, 2).contiguous(), None


def _adapted(self: LoraLinear, x: torch.Tensor, *_args: Any, **_kwargs: Any) -> torch.Tensor:
    """Compute the output of a LoRA layer. This function replaces the forward pass of PEFT's layer."""
    base, name = self.get_base_layer(), "default"
    dropped = self.lora_dropout[name](x)
    rows = [part.reshape(-1, part.shape[-1]) for part in (x, dropped)]
    first, second = self.lora_A[name].weight, self.lora_B[name].weight
    found: torch.Tensor = _LoraProduct.apply(*rows, base.weight, first, second, self.scaling[name])  # type: ignore[no-untyped-call]
    found = found.view(*x.shape[:-1], -1)
    return found if base.bias is None else found + base.bias


class _LoraProduct(torch.autograd.Function):
    """The product x W' + scaling * d A' B'.

    W is the weight matrix of the base, A and B are the matrices of the adapter, and d is x after dropout.
    """

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, d: torch.Tensor, w: torch.Tensor, a: torch.Tensor, b: torch.Tensor, scaling: float
    ) -> torch.Tensor:
        """Return the product (rows, outputs) in the number format of `w`."""
        x, d = x.to(w.dtype), d.to(w.dtype)
        a_half, b_half = a.to(w.dtype), (b * scaling).to(w.dtype)
        narrow = d @ a_half.t()
        ctx.save_for_backward(d, w, a_half, b_half, narrow)
        ctx.scaling, ctx.format = scaling, a.dtype
        return torch.addmm(x @ w.t(), narrow, b_half.t())

    @staticmethod
    def backward(ctx: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        """Return the gradients of x, d, a and b."""
        [g] = gradients
        d, w, a, b, narrow = ctx.saved_tensors
        g_narrow = g @ b
        g_x = g @ w if ctx.needs_input_grad[0] else None
        g_d = g_narrow @ a if ctx.needs_input_grad[1] else None
        g_a, g_b = g_narrow.t() @ d, (g.t() @ narrow) * ctx.scaling
        return g_x, g_d, None, g_a.to(ctx.format), g_b.to(ctx.format), None
