"""Generate text with transformers on a CPU or GPU: base models, adapters and quantised models.

A decoder-only model reads its prompt and continues it (`reads_first`). An encoder-decoder model reads its prompt with
the encoder and writes the summary with the decoder.
"""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from transformers import (
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    NoRepeatNGramLogitsProcessor,
    PreTrainedModel,
)

from medsum.generation.candidates import Candidate
from medsum.model.generation_config import generation_config
from medsum.params.generation import GenerationParams

TokenIds = list[int]


class TorchBackend:
    """A loaded model with its search settings. `end_id` is the token that ends a summary.

    With the settings `early_stopping` and `renormalize_logits`, beam search works as in CTranslate2. With
    `early_stopping`, the search ends when the number of finished summaries equals the number of beams. With
    `renormalize_logits`, the search first forbids repetitions and empty summaries, and then normalises the
    probabilities.
    """

    def __init__(self, model: PreTrainedModel, generation: GenerationParams, end_id: int) -> None:
        self.model = model
        self.repeats = generation.no_repeat_ngram_size
        self.reads_first = not model.config.is_encoder_decoder
        beams = generation.num_beams > 1
        self.config = generation_config(
            model,
            end_id,
            generation.max_new_tokens,
            num_beams=generation.num_beams,
            length_penalty=generation.length_penalty if beams else None,
            early_stopping=True if beams else None,
            renormalize_logits=True,
        )

    def generate(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[TokenIds]]:
        """Yield the summaries of each batch of prompts. The ids include the start token, the end token and padding."""
        for prompts in batches:
            yield self._search(prompts, self.config).tolist()

    def candidates(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[list[Candidate]]]:
        """Yield all beams of each prompt, the best beam first."""
        beams = self.config.num_beams
        config = copy.copy(self.config)
        config.update(num_return_sequences=beams, output_scores=True, return_dict_in_generate=True)
        for prompts in batches:
            found = self._search(prompts, config)
            written = self._written(found.sequences, prompts)
            rows = zip(written.tolist(), found.sequences_scores.tolist(), strict=True)
            flat = [Candidate(ids, score) for ids, score in rows]
            yield [flat[start : start + beams] for start in range(0, len(flat), beams)]

    @torch.inference_mode()
    def resume(self, prompt: TokenIds, written: TokenIds, forbidden: TokenIds) -> list[Candidate]:
        """Continue a summary that begins with `written`, and return the beams of the new tokens.

        The first new token is the most likely token that is not in `forbidden`. All beams begin with this token, as in
        CTranslate2.
        """
        left = self.config.max_new_tokens - len(written)
        if left < 1:
            return [Candidate([], 0.0)]
        beams, config = self.config.num_beams, copy.copy(self.config)
        config.update(
            max_new_tokens=left,
            min_new_tokens=0,
            num_return_sequences=beams,
            output_scores=beams > 1,
            return_dict_in_generate=True,
        )
        source = prompt + written if self.reads_first else prompt
        begin = [] if self.reads_first else [self.config.decoder_start_token_id, *written]
        inputs = {"input_ids": source, "attention_mask": [1] * len(source)}
        if begin:
            inputs["decoder_input_ids"] = begin
        processors = LogitsProcessorList()
        if self.repeats:
            processors.append(NoRepeatAfter(len(prompt) if self.reads_first else 0, self.repeats))
        processors.append(FirstIsNone(len(begin or source), forbidden))
        found = self.model.generate(  # type: ignore[operator]
            **{name: torch.tensor([ids], device=self.model.device) for name, ids in inputs.items()},
            generation_config=config,
            logits_processor=processors,
        )
        texts = found.sequences[:, len(begin or source) :].tolist()
        scores = found.sequences_scores.tolist() if beams > 1 else [0.0]
        return [Candidate(ids, score) for ids, score in zip(texts, scores, strict=True)]

    @torch.inference_mode()
    def _search(self, prompts: list[TokenIds], config: GenerationConfig) -> Any:
        ids, mask = (rows.to(self.model.device) for rows in self._padded(prompts))
        without_repeats = LogitsProcessorList()
        if self.repeats:
            start = ids.shape[1] if self.reads_first else 0
            without_repeats.append(NoRepeatAfter(start, self.repeats))
        found = self.model.generate(  # type: ignore[operator]
            input_ids=ids, attention_mask=mask, generation_config=config, logits_processor=without_repeats
        )
        return found if config.return_dict_in_generate else self._written(found, prompts)

    def _padded(self, prompts: list[TokenIds]) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the padded ids and their mask. Prompts of a decoder-only model are padded on the left."""
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self.config.pad_token_id)
        mask = torch.zeros((len(prompts), width), dtype=torch.long)
        for row, prompt in enumerate(prompts):
            start = width - len(prompt) if self.reads_first else 0
            ids[row, start : start + len(prompt)] = torch.tensor(prompt)
            mask[row, start : start + len(prompt)] = 1
        return ids, mask

    def _written(self, sequences: torch.Tensor, prompts: list[TokenIds]) -> torch.Tensor:
        """Return the summaries without the prompts. Sequences of a decoder-only model begin with the prompts."""
        return sequences[:, max(map(len, prompts)) :] if self.reads_first else sequences


class NoRepeatAfter(NoRepeatNGramLogitsProcessor):
    """Forbids n-grams that are already in the summary. The summary may still copy n-grams of the prompt."""

    def __init__(self, start: int, ngram_size: int) -> None:
        super().__init__(ngram_size)
        self.start = start  # the index of the summary's first token

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return the scores. Each token that would repeat an n-gram gets the score minus infinity."""
        kept: torch.FloatTensor = super().__call__(input_ids[:, self.start :], scores)
        return kept


class FirstIsNone(LogitsProcessor):
    """Chooses the token after the first `start` tokens. It is the most likely token that is not in `forbidden`."""

    def __init__(self, start: int, forbidden: TokenIds) -> None:
        self.start = start
        self.forbidden = forbidden

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Return the scores. At the first new token, all tokens except one get the score minus infinity."""
        if input_ids.shape[1] > self.start:
            return scores
        scores = scores.clone()  # type: ignore[assignment]
        scores[:, self.forbidden] = -torch.inf
        others = torch.ones_like(scores, dtype=torch.bool).scatter(1, scores.argmax(dim=1, keepdim=True), value=False)
        return scores.masked_fill(others, -torch.inf)  # type: ignore[return-value]
