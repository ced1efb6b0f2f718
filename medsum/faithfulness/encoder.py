"""Compute a vector for each word in its context, with an encoder (a language model) from a local folder."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import AutoModel, AutoTokenizer
from transformers.utils import logging

from medsum.core import manifest
from medsum.core.errors import UserError
from medsum.core.hashing import sha256
from medsum.core.offline import LOCAL
from medsum.faithfulness.alignment import Array
from medsum.faithfulness.passage import Passage

LAYER = 5  # for all-MiniLM-L6-v2; scores of other layers agree a little less with human judgements
Vectors = NDArray[np.floating]  # a row per word and a column per hidden unit; each vector has length 1


class WordEncoder:
    """An encoder that is loaded once for all texts. The word vectors come from the hidden layer `layer` (from 1).

    Raise UserError if `folder` has no encoder that can be loaded, or if the encoder has too few layers.
    """

    def __init__(self, folder: Path, layer: int = LAYER, batch_size: int = 8) -> None:
        manifest.require_unchanged(folder)
        if not (folder / "model.safetensors").is_file():
            raise UserError(f"{folder} has no model.safetensors; put an encoder with config and tokenizer there")
        logging.disable_progress_bar()
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(folder, **LOCAL)
            loader: Any = AutoModel
            model, info = loader.from_pretrained(folder, **LOCAL, use_safetensors=True, output_loading_info=True)
        except (OSError, RuntimeError, ValueError, SafetensorError):
            raise UserError(f"{folder} has no encoder that can be loaded; copy its files there again") from None
        _require_whole(folder, model, info)
        if model.config.num_hidden_layers < layer:
            raise UserError(f"{folder} has fewer than {layer} layers; choose another layer or a deeper encoder")
        self.sha256 = sha256(folder / "model.safetensors")
        self._layer = layer
        self._device = "cuda" if torch.cuda.is_available() else "cpu"
        self._model = model.eval().to(self._device)
        self._max_tokens = min(int(model.config.max_position_embeddings), 512)
        self._batch_size = batch_size
        self._cache: dict[str, tuple[Vectors, Vectors]] = {}  # vectors from the chosen layer and from the last layer

    def encode(self, passages: Sequence[Passage]) -> None:
        """Compute the vectors of all passages in batches of similar length. The vectors replace all earlier ones."""
        self._cache = {}
        texts = sorted({passage.text: passage for passage in passages}.values(), key=lambda p: (len(p.text), p.text))
        for start in range(0, len(texts), self._batch_size):
            self._encode_batch(texts[start : start + self._batch_size])

    def similarity(self, first: Passage, second: Passage) -> Array:
        """Return the cosines of the first text's words (rows) and the second text's words (columns), for alignment."""
        return self._cosines(first, second, 0)

    def meaning(self, first: Passage, second: Passage) -> Array:
        """Return the cosines as `similarity` does, but from the last layer.

        The last layer shows best whether two texts have the same meaning.
        """
        return self._cosines(first, second, 1)

    def _cosines(self, first: Passage, second: Passage, which: int) -> Array:
        missing = [passage for passage in (first, second) if passage.text not in self._cache]
        if missing:
            self._encode_batch(missing)
        return (self._cache[first.text][which] @ self._cache[second.text][which].T).astype(np.float64, copy=False)

    def _encode_batch(self, passages: Sequence[Passage]) -> None:
        batch = self._tokenizer(
            [passage.text for passage in passages],
            truncation=True,
            max_length=self._max_tokens,
            padding=True,
            return_overflowing_tokens=True,  # a text that is too long is split into several windows
            return_offsets_mapping=True,
            return_tensors="pt",
        )
        owners, offsets = batch.pop("overflow_to_sample_mapping").tolist(), batch.pop("offset_mapping").numpy()
        with torch.inference_mode():
            states = self._model(**batch.to(self._device), output_hidden_states=True).hidden_states
        layers = [states[layer].float().cpu().numpy() for layer in (self._layer, -1)]
        for index, passage in enumerate(passages):
            windows = [window for window, owner in enumerate(owners) if owner == index]
            spans = np.concatenate([offsets[window] for window in windows])
            first, last = (
                _word_vectors(passage, spans, np.concatenate([layer[window] for window in windows])) for layer in layers
            )
            self._cache[passage.text] = (first, last)


def _require_whole(folder: Path, model: Any, info: dict[str, Any]) -> None:
    """Raise UserError if a tensor is missing or not finite.

    A check is needed, because transformers fills a missing tensor with random numbers.

    The pooler (the layer above the last layer) may be missing, because this code does not use it and many encoders have
    none.
    """
    missing = sorted(name for name in info["missing_keys"] if not name.startswith("pooler."))
    broken = [name for name, tensor in model.named_parameters() if not bool(torch.isfinite(tensor).all())]
    if missing or broken:
        what = "lacks the tensor" if missing else "holds numbers that are not finite, in"
        raise UserError(f"{folder} {what} {(missing or broken)[0]}; copy the encoder's files there again")


def _word_vectors(passage: Passage, spans: NDArray[np.int64], tokens: Vectors) -> Vectors:
    """Return the mean of each word's token vectors, scaled to length 1. A word without tokens has a vector of zeros."""
    vectors = np.zeros((len(passage.words), tokens.shape[1]), dtype=np.float32)
    real = np.flatnonzero(spans[:, 1] > spans[:, 0])
    starts, ends = spans[real, 0], spans[real, 1]
    for index, word in enumerate(passage.words):
        own = real[np.searchsorted(ends, word.start, side="right") : np.searchsorted(starts, word.end)]
        if len(own):
            vectors[index] = tokens[own].mean(axis=0)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Vectors = vectors / np.where(norms > 0, norms, 1)
    return unit
