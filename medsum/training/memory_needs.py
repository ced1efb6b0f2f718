"""Compute from a model's shape how much memory a training step and a served model need.

A training step needs the most memory when the loss is computed. At this moment, the memory contains:

- the libraries,
- the weights of the base,
- the adapter: for each trained parameter, its value, its gradient and the two moments of the optimizer AdamW,
- activations: the numbers that each layer keeps for each token until the backward pass,
- logits: for each label position and each entry of the vocabulary, a score and the gradient of the score.

docs/hardware.md compares the sum of these parts with measured training runs.
"""

from dataclasses import dataclass
from typing import NamedTuple

from medsum.training.shape import Layer, Linear, Shape

# 4bit also stores a scale for every 64 weights.
WEIGHT_BYTES = {"fp32": 4.0, "bf16": 2.0, "8bit": 1.0, "4bit": 0.5 + 4 / 64}
SERVED_BYTES = {"float32": 4.0, "bfloat16": 2.0, "int8": 1.0}
QUANTIZED = ("8bit", "4bit")
TRAINED_BYTES = 16  # float32: weight, gradient and two moments
LIBRARIES = {"cpu": 0.65e9, "cuda": 0.6e9}  # CPU: Python, torch, transformers; GPU: CUDA's context and workspaces
HEAP_GAPS = {"cpu": 0.3, "cuda": 0.0}  # gaps that freed tensors leave in glibc's heap, as a share of the activations
SERVING_LIBRARIES = 0.2e9  # Python with CTranslate2, which needs no torch


class Batch(NamedTuple):
    """The shape of a device batch: the number of its records, and the padded lengths of its prompts and notes."""

    records: int
    prompt_tokens: int
    note_tokens: int


@dataclass(frozen=True)
class Formats:
    """The number formats of training, and other settings that change the need for memory.

    `weights` is the format of the base's weights: a key of WEIGHT_BYTES. `compute` is the format of the activations:
    fp32 or bf16. If `own_kernels` is true, training uses medsum.training.cpu_kernels. If `gives_back` is true, the
    memory of freed tensors is returned to the system.
    """

    weights: str = "fp32"
    compute: str = "fp32"
    device: str = "cpu"
    own_kernels: bool = False
    gives_back: bool = False

    @property
    def activation_bytes(self) -> int:
        """The number of bytes of one activation."""
        return 4 if self.compute == "fp32" else 2

    @property
    def mask_bytes(self) -> int:
        """The number of bytes of one entry of an adapter's dropout mask. On a CPU, the entries are float numbers."""
        if self.device == "cuda":
            return 1
        return self.activation_bytes if self.own_kernels else 4

    @property
    def copies_weights(self) -> bool:
        """Whether autocast stores a second copy of each weight matrix in the format `compute`."""
        return self.weights == "fp32" and self.compute != "fp32"


@dataclass(frozen=True)
class Needs:
    """The bytes of each part of the memory at the moment when most memory is used (see the module's docstring)."""

    libraries: float
    weights: float
    adapter: float = 0.0
    activations: float = 0.0
    logits: float = 0.0

    @property
    def total(self) -> float:
        """The sum of all bytes."""
        return self.libraries + self.weights + self.adapter + self.activations + self.logits


def training(shape: Shape, batch: Batch, formats: Formats, *, dropout: bool, checkpointing: bool) -> Needs:
    """Return the memory of a training step.

    `dropout` says whether the adapter has dropout. If `checkpointing` is true, activations are not stored, and the
    backward pass computes the activations again.
    """
    learning = _from_first_adapter(shape.layers)
    kept = [_layer_bytes(layer, shape, batch, formats, dropout) for layer in learning]
    gaps = 0.0 if formats.gives_back else HEAP_GAPS[formats.device]
    activations = sum(kept)
    if checkpointing:  # stored: the input of each layer, and the activations and gradients of one layer
        activations = sum(_tokens(layer, shape, batch) for layer in learning) * shape.width * 4 + 2 * max(kept)
    return Needs(
        libraries=LIBRARIES[formats.device],
        weights=_weights_bytes(shape, formats.weights),
        adapter=shape.trainable * TRAINED_BYTES,
        activations=activations * (1 + gaps),
        logits=_logits_bytes(shape, batch, formats),
    )


def serving(shape: Shape, batch: Batch, precision: str, beams: int) -> Needs:
    """Return the memory that CTranslate2 needs on a CPU to write a batch of notes.

    CTranslate2 computes in float32 for every `precision` of the weights.
    """
    decoders = sum(not layer.encodes for layer in shape.layers)
    own = batch.note_tokens + (0 if shape.encoder_decoder else batch.prompt_tokens)
    cached = batch.records * beams * own + (batch.records * batch.prompt_tokens if shape.encoder_decoder else 0)
    widest = max(linear.outputs for layer in shape.layers for linear in layer.linears)
    read = batch.records * batch.prompt_tokens
    scores = batch.records * shape.heads * batch.prompt_tokens**2  # attention scores, for one layer at a time
    return Needs(
        libraries=SERVING_LIBRARIES,
        weights=shape.parameters * SERVED_BYTES[precision],
        activations=4 * (cached * decoders * shape.cache_width + read * (3 * widest + shape.width) + scores),
        logits=2 * 4 * batch.records * beams * shape.vocabulary,
    )


def _from_first_adapter(layers: tuple[Layer, ...]) -> tuple[Layer, ...]:
    """Return the first layer with an adapter and all layers after it. Earlier layers store no activations."""
    adapted = [any(linear.adapted for linear in layer.linears) for layer in layers]
    return layers[adapted.index(True) :]


def _tokens(layer: Layer, shape: Shape, batch: Batch) -> int:
    """Return the number of tokens of a batch that a layer reads."""
    if not shape.encoder_decoder:
        return batch.records * (batch.prompt_tokens + batch.note_tokens)
    return batch.records * (batch.prompt_tokens if layer.encodes else batch.note_tokens)


def _layer_bytes(layer: Layer, shape: Shape, batch: Batch, formats: Formats, dropout: bool) -> float:
    """Return the bytes that one layer stores for the backward pass."""
    tokens, prompts = _tokens(layer, shape, batch), batch.records * batch.prompt_tokens
    number, mask = formats.activation_bytes, formats.mask_bytes
    elements = 0.0
    for linear in layer.linears:
        read = prompts if linear.over_prompt else tokens
        elements += read * linear.outputs * number  # the next operation stores this output
        if linear.adapted:  # the adapter stores the dropout mask and its input after dropout
            elements += read * linear.inputs * (number + mask * dropout)
    inner = max(linear.outputs for linear in layer.linears)  # the inner width of the feed-forward network
    elements += tokens * inner * number * (4 if shape.unfused_activation else 1)  # stored by the activation function
    elements += tokens * layer.normed * 4  # norms compute in float32
    if shape.residual_dropout:
        elements += tokens * (layer.normed + inner) * (mask if formats.device == "cuda" else number)
    copies = layer.weights * formats.activation_bytes if formats.copies_weights else 0
    return elements + copies + _attention_bytes(layer, shape, batch, formats)


def _attention_bytes(layer: Layer, shape: Shape, batch: Batch, formats: Formats) -> float:
    """Return the bytes of the attention probabilities, or 0 if a fused kernel does not store them."""
    own = _tokens(layer, shape, batch) / batch.records
    pairs = batch.records * shape.heads * own * own
    if formats.own_kernels:
        return pairs * formats.activation_bytes
    if not shape.attention_kept or formats.device == "cuda":
        return 0.0
    if any(linear.over_prompt for linear in layer.linears):
        pairs += batch.records * shape.heads * own * batch.prompt_tokens
    return pairs * 3 * 4  # float32: the probabilities, their dropout mask, and the product of both


def _logits_bytes(shape: Shape, batch: Batch, formats: Formats) -> float:
    """Return the bytes of the logits, their float32 copies, their log probabilities and their gradients."""
    rounded = formats.activation_bytes if formats.compute != "fp32" else 0
    return batch.records * batch.note_tokens * shape.vocabulary * (3 * 4 + rounded)


def _weights_bytes(shape: Shape, weights: str) -> float:
    """Return the bytes of the base's weights. Embeddings and norms of a quantised base are in float32."""
    if weights not in QUANTIZED:
        return shape.parameters * WEIGHT_BYTES[weights]
    rounded = sum(_size(linear) for layer in shape.layers for linear in layer.linears if not linear.kept_whole)
    return rounded * WEIGHT_BYTES[weights] + (shape.parameters - rounded) * WEIGHT_BYTES["fp32"]


def _size(linear: Linear) -> int:
    return linear.inputs * linear.outputs
