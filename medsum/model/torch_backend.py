"""Generation by transformers on torch: base models, adapters, quantised ones; CPU or GPU."""

from collections.abc import Iterable, Iterator

import torch
from transformers import GenerationConfig, PreTrainedModel

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

    @torch.inference_mode()
    def generate(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[TokenIds]]:
        """Summaries of each batch of prompts; start, end and padding are among the ids."""
        for prompts in batches:
            width = max(map(len, prompts))
            padding = self.config.pad_token_id
            ids = torch.tensor([prompt + [padding] * (width - len(prompt)) for prompt in prompts])
            mask = torch.tensor([[1] * len(prompt) + [0] * (width - len(prompt)) for prompt in prompts])
            outputs = self.model.generate(  # type: ignore[operator]
                input_ids=ids.to(self.model.device),
                attention_mask=mask.to(self.model.device),
                generation_config=self.config,
            )
            yield outputs.tolist()
