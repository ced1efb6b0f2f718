"""Summaries from dialogues: the one way that every part of the project generates text."""

from collections.abc import Sequence

import torch
from tqdm import tqdm
from transformers import GenerationConfig, PreTrainedModel, PreTrainedTokenizerBase

from medsum.model.prompt import cut, render
from medsum.params.generation import GenerationParams
from medsum.params.prompt import PromptParams


class Summarizer:
    """A model, its tokenizer and how to use them."""

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        prompt: PromptParams,
        generation: GenerationParams,
    ) -> None:
        self.model = model
        self.tokenizer = tokenizer
        self.prompt = prompt
        self.batch_size = generation.batch_size
        self.config = GenerationConfig(
            max_new_tokens=generation.max_new_tokens,
            num_beams=generation.num_beams,
            length_penalty=generation.length_penalty if generation.num_beams > 1 else None,
            no_repeat_ngram_size=generation.no_repeat_ngram_size,
            do_sample=False,
            decoder_start_token_id=model.config.decoder_start_token_id,
            eos_token_id=model.config.eos_token_id,
            pad_token_id=model.config.pad_token_id,
        )

    def tokenize(self, dialogues: Sequence[str], sections: Sequence[str | None]) -> list[list[int]]:
        """Token ids of each prompt, uncut."""
        prompts = [render(self.prompt.template, d, s) for d, s in zip(dialogues, sections, strict=True)]
        return self.tokenizer(prompts, verbose=False)["input_ids"] if prompts else []

    def summarize(self, dialogues: Sequence[str], sections: Sequence[str | None]) -> list[str]:
        """One summary a dialogue, in order.

        Batches hold dialogues of like length, the longest first: little padding, and a machine that is too
        small fails at once. Prompts over `max_input_tokens` lose their end; the caller tells the user.
        """
        limit = self.prompt.max_input_tokens
        prompts = [cut(ids, limit) for ids in self.tokenize(dialogues, sections)]
        order = sorted(range(len(prompts)), key=lambda i: (-len(prompts[i]), i))
        summaries = [""] * len(prompts)
        with tqdm(total=len(prompts), unit="dialogue", desc="Summarizing") as progress:
            for start in range(0, len(order), self.batch_size):
                batch = order[start : start + self.batch_size]
                for index, summary in zip(batch, self._generate([prompts[i] for i in batch]), strict=True):
                    summaries[index] = summary
                progress.update(len(batch))
        return summaries

    @torch.inference_mode()
    def _generate(self, prompts: list[list[int]]) -> list[str]:
        batch = self.tokenizer.pad({"input_ids": prompts}, return_tensors="pt").to(self.model.device)
        outputs = self.model.generate(  # type: ignore[operator]
            **batch, generation_config=self.config
        )
        return [text.strip() for text in self.tokenizer.batch_decode(outputs, skip_special_tokens=True)]
