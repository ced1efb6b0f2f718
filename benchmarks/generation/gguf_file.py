"""Write a checkpoint of Llama's architecture as a GGUF file in Q8_0, so that llama.cpp can be measured.

The file has no vocabulary, because a measurement gives token ids to the model. So the file is good only for
measurements.
"""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gguf import MODEL_ARCH, GGMLQuantizationType, GGUFWriter, LlamaFileType, get_tensor_name_map
from gguf.quants import quantize
from safetensors import safe_open
from transformers import LlamaConfig

from medsum.core.errors import UserError
from medsum.model import architecture

Weights = npt.NDArray[np.float32]
BLOCK = 32  # in Q8_0, each 32 consecutive numbers of a row have one scale


def write_q8_0(checkpoint: Path, file: Path) -> None:
    """Write the checkpoint's matrices in Q8_0 and its norms in float32.

    Raise UserError if the checkpoint is not a Llama, or if the row length of a matrix is not a multiple of BLOCK.
    """
    found = architecture.read(checkpoint)
    if found.class_name != "LlamaForCausalLM":
        raise UserError(f"{checkpoint} holds a {found.class_name}; only a LlamaForCausalLM can be written as GGUF here")
    config: Any = LlamaConfig.from_pretrained(checkpoint, local_files_only=True)
    writer = GGUFWriter(file, "llama")
    describe(writer, config)
    names = get_tensor_name_map(MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for part in sorted(checkpoint.glob("*.safetensors")):
        with safe_open(part, framework="pt") as tensors:
            for name in tensors.keys():  # noqa: SIM118  # `tensors` is not a dictionary
                add(writer, names.get_name(name, (".weight",)), interleaved(name, tensors.get_tensor(name), config))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def describe(writer: GGUFWriter, config: Any) -> None:
    """Write the values of the model's shape that llama.cpp needs."""
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(config.head_dim)
    writer.add_value_length(config.head_dim)
    writer.add_rope_dimension_count(config.head_dim)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)
    writer.add_tokenizer_model("no_vocab")
    writer.add_file_type(LlamaFileType.MOSTLY_Q8_0)


def interleaved(name: str, tensor: Any, config: Any) -> Weights:
    """Return the weights in the order that llama.cpp needs to rotate queries and keys.

    llama.cpp rotates neighbouring numbers together. transformers rotates a number of the first half of a head together
    with the number at the same place of the second half.
    """
    weights: Weights = tensor.float().numpy()
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}.get(name.split(".")[-2])
    if heads is None:
        return weights
    return weights.reshape(heads, 2, -1, weights.shape[-1]).swapaxes(1, 2).reshape(weights.shape)


def add(writer: GGUFWriter, name: str | None, weights: Weights) -> None:
    """Add one tensor under the name that llama.cpp uses."""
    if name is None:
        raise UserError("the checkpoint has a tensor that has no name in GGUF; use a model of class LlamaForCausalLM")
    if weights.ndim == 1:
        writer.add_tensor(name, weights)
        return
    if weights.shape[-1] % BLOCK:
        raise UserError(f"{name} has rows of {weights.shape[-1]} numbers; Q8_0 needs a multiple of {BLOCK}")
    kind = GGMLQuantizationType.Q8_0
    writer.add_tensor(name, quantize(weights, kind), raw_dtype=kind)
