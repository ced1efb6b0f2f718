"""BERTScore of texts that are longer than the encoder reads: encoded in pieces, compared as wholes."""

from itertools import pairwise

import torch
from bert_score import BERTScorer
from bert_score.utils import bert_encode, greedy_cos_idf, sent_encode
from torch import Tensor

SPECIAL = 2  # tokens at the ends of a piece, which are compared and have no weight


class PieceScorer:
    """Scores pairs with a long text as bert_score scores short ones: each token is matched with all of the other text.

    A long text is cut into pieces of about equal length; a token's vector knows the context of its own piece.
    """

    def __init__(self, scorer: BERTScorer) -> None:
        self.model, self.tokenizer, self.device = scorer._model, scorer._tokenizer, scorer.device
        positions = getattr(self.model.config, "max_position_embeddings", self.tokenizer.model_max_length)
        self.limit = int(min(self.tokenizer.model_max_length, positions)) - SPECIAL

    def is_long(self, text: str) -> bool:
        """Return whether the encoder does not read the text as a whole."""
        return len(text) > self.limit and len(self._ids(text)) > self.limit

    def f1(self, prediction: str, reference: str) -> float:
        """Return the F1 of a pair, on either side of which the text may be of any length."""
        _, _, found = greedy_cos_idf(*self._encoded(reference), *self._encoded(prediction))
        return float(found)

    def _ids(self, text: str) -> list[int]:
        found: list[int] = self.tokenizer.encode(text.strip(), add_special_tokens=False, verbose=False)
        return found

    def _encoded(self, text: str) -> tuple[Tensor, Tensor, Tensor]:
        """Return the vectors of all tokens, 1 x tokens x hidden, mask and weights: 0 at the ends of each piece."""
        vectors, weights = [], []
        for ids in self._pieces(text):
            batch = torch.tensor([ids], device=self.device)
            vectors.append(bert_encode(self.model, batch, torch.ones_like(batch)))
            weights.append(torch.tensor([[0.0, *[1.0] * (len(ids) - SPECIAL), 0.0]], device=self.device))
        weight = torch.cat(weights, dim=1)
        return torch.cat(vectors, dim=1), torch.ones_like(weight, dtype=torch.bool), weight

    def _pieces(self, text: str) -> list[list[int]]:
        first, *whole, last = sent_encode(self.tokenizer, text)
        if len(whole) >= self.limit:  # the encoder's own way has cut it
            whole = self._ids(text)
        count = -(-len(whole) // self.limit)
        ends = [len(whole) * piece // count for piece in range(count + 1)]
        return [[first, *whole[start:end], last] for start, end in pairwise(ends)]
