"""Generation by transformers on torch: base models, adapters, quantised ones; CPU or GPU."""

import copy
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from transformers import GenerationConfig, PreTrainedModel

from medsum.model.candidates import Candidate
from medsum.params.generation import GenerationParams

TokenIds = list[int]


class TorchBackend:
    """A loaded model and its search settings.

    `early_stopping` and `renormalize_logits` make beam search the same as CTranslate2's: it ends when there are as
    many finished hypotheses as beams, and probabilities are taken after repetitions are ruled out.
    """

    def __init__(self, model: PreTrainedModel, generation: GenerationParams) -> None:
        self.model = model
        beams = generation.num_beams > 1
        self.config = GenerationConfig(
            max_new_tokens=generation.max_new_tokens,
            num_beams=generation.num_beams,
            length_penalty=generation.length_penalty if beams else None,
            early_stopping=True if beams else None,
            renormalize_logits=True,
            no_repeat_ngram_size=generation.no_repeat_ngram_size,
            do_sample=False,
            decoder_start_token_id=model.config.decoder_start_token_id,
            eos_token_id=model.config.eos_token_id,
            pad_token_id=model.config.pad_token_id,
        )

    def generate(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[TokenIds]]:
        """Summaries of each batch of prompts; start, end and padding are among the ids."""
        for prompts in batches:
            yield self._search(prompts, self.config).tolist()

    def candidates(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[list[Candidate]]]:
        """All beams of each prompt, the best first."""
        beams = self.config.num_beams
        config = copy.copy(self.config)
        config.update(num_return_sequences=beams, output_scores=True, return_dict_in_generate=True)
        for prompts in batches:
            found = self._search(prompts, config)
            rows = zip(found.sequences.tolist(), found.sequences_scores.tolist(), strict=True)
            flat = [Candidate(ids, score) for ids, score in rows]
            yield [flat[start : start + beams] for start in range(0, len(flat), beams)]

    @torch.inference_mode()
    def _search(self, prompts: list[TokenIds], config: GenerationConfig) -> Any:
        width = max(map(len, prompts))
        padding = config.pad_token_id
        ids = torch.tensor([prompt + [padding] * (width - len(prompt)) for prompt in prompts])
        mask = torch.tensor([[1] * len(prompt) + [0] * (width - len(prompt)) for prompt in prompts])
        return self.model.generate(  # type: ignore[operator]
            input_ids=ids.to(self.model.device), attention_mask=mask.to(self.model.device), generation_config=config
        )
