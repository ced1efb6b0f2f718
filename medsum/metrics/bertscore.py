"""Compute BERTScore (Zhang et al., ICLR 2020) with an encoder from a local folder.

An encoder is a model that turns the tokens of a text into vectors. The scores are not rescaled, and tokens are not
weighted by their inverse document frequency (idf). An encoder reads a limited number of tokens, usually 512. The
package bert_score ignores the rest of a longer text. This module encodes a longer text in pieces instead.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
from bert_score import BERTScorer
from safetensors import SafetensorError
from transformers.utils import logging

from medsum.core.errors import UserError, first_line
from medsum.core.hashing import sha256
from medsum.metrics.bertscore_pieces import PieceScorer


class EncoderScorer:
    """An encoder that is loaded once for all texts.

    `layer` is the number of the hidden layer whose outputs are compared. The first layer is 1. Raise UserError if
    `folder` has no safetensors file, no encoder or not enough layers.
    """

    def __init__(self, folder: Path, layer: int, batch_size: int) -> None:
        if not (folder / "model.safetensors").is_file():
            raise UserError(f"{folder} has no model.safetensors; put an encoder with config and tokenizer there")
        logging.disable_progress_bar()
        try:
            self.scorer = BERTScorer(
                model_type=str(folder),
                num_layers=layer,
                batch_size=batch_size,
                device="cuda" if torch.cuda.is_available() else "cpu",
                use_fast_tokenizer=True,
            )
        except AssertionError:  # bert_score raises this if the encoder has no such layer
            raise UserError(
                f"params.yaml: evaluate.scorer_layer is {layer}, but {folder} has fewer layers; set it lower"
            ) from None
        except (OSError, ValueError, SafetensorError) as error:
            raise UserError(
                f"{folder} holds no encoder that can be loaded ({first_line(error)}); put its files there again"
            ) from None
        self.pieces = PieceScorer(self.scorer)
        self.batch_size = batch_size
        self.sha256 = sha256(folder / "model.safetensors")

    def is_long(self, *texts: str) -> bool:
        """Return whether one of the texts has more tokens than the encoder can read at once."""
        return any(map(self.pieces.is_long, texts))

    def scores(self, predictions: Sequence[str], references: Sequence[str]) -> list[float]:
        """Return the F1 of each pair. An empty prediction has the F1 0, because bert_score cannot score empty texts."""
        filled = [index for index, prediction in enumerate(predictions) if prediction.strip()]
        values = [0.0] * len(predictions)
        long = {index for index in filled if self.is_long(predictions[index], references[index])}
        for index in long:
            with torch.inference_mode():
                values[index] = self.pieces.f1(predictions[index], references[index])
        filled = [index for index in filled if index not in long]
        if filled:
            with torch.inference_mode():
                _, _, f1 = self.scorer.score(
                    [predictions[index] for index in filled],
                    [references[index] for index in filled],
                    batch_size=self.batch_size,
                )
            for index, value in zip(filled, f1.tolist(), strict=True):
                values[index] = value
        return values
