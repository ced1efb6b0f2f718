"""Compute BERTScore of long texts. If a text has more tokens than the encoder can read, encode it in pieces."""

from itertools import pairwise

import torch
from bert_score import BERTScorer
from bert_score.utils import bert_encode, greedy_cos_idf, sent_encode
from torch import Tensor

SPECIAL = 2  # each piece has a special token at both ends; its weight is 0, but tokens of the other text may match it


class PieceScorer:
    """Scores pairs of texts of any length. Each token is compared with all tokens of the other text, as in BERTScore.

    A long text is cut into pieces of about equal length. The vector of a token depends only on the piece that contains
    the token.
    """

    def __init__(self, scorer: BERTScorer) -> None:
        self.model, self.tokenizer, self.device = scorer._model, scorer._tokenizer, scorer.device
        positions = getattr(self.model.config, "max_position_embeddings", self.tokenizer.model_max_length)
        self.limit = int(min(self.tokenizer.model_max_length, positions)) - SPECIAL

    def is_long(self, text: str) -> bool:
        """Return whether the text has more tokens than the encoder can read at once."""
        return len(text) > self.limit and len(self._ids(text)) > self.limit

    def f1(self, prediction: str, reference: str) -> float:
        """Return the F1 of a pair. Both texts may have any length."""
        _, _, found = greedy_cos_idf(*self._encoded(reference), *self._encoded(prediction))
        return float(found)

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text.strip(), add_special_tokens=False, verbose=False)
        return found

    def _encoded(self, text: str) -> tuple[Tensor, Tensor, Tensor]:
        """Return the vectors of all tokens (1 x tokens x hidden), their mask and their weights.

        The weight of a special token is 0, and the weight of any other token is 1.
        """
        vectors, weights = [], []
        for ids in self._pieces(text):
            batch = torch.tensor([ids], device=self.device)
            vectors.append(bert_encode(self.model, batch, torch.ones_like(batch)))
            weights.append(torch.tensor([[0.0, *[1.0] * (len(ids) - SPECIAL), 0.0]], device=self.device))
        weight = torch.cat(weights, dim=1)
        return torch.cat(vectors, dim=1), torch.ones_like(weight, dtype=torch.bool), weight

    def _pieces(self, text: str) -> list[list[int]]:
        first, *whole, last = sent_encode(self.tokenizer, text)
        if len(whole) >= self.limit:  # `sent_encode` may have cut a text of this length
            whole = self._ids(text)
        count = -(-len(whole) // self.limit)
        ends = [len(whole) * piece // count for piece in range(count + 1)]
        return [[first, *whole[start:end], last] for start, end in pairwise(ends)]
