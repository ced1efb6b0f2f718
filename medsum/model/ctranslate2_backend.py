"""Generation by CTranslate2 on the CPU: the merged model as the export stage leaves it. No torch is imported."""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import ctranslate2
from tokenizers import Tokenizer

from medsum.errors import UserError
from medsum.model.candidates import Candidate
from medsum.params.generation import GenerationParams

TokenIds = list[int]
ctranslate2.set_log_level(logging.ERROR)  # it warns where bfloat16 is computed in float32, which costs only time


class CTranslate2Backend:
    """A converted model and its search settings; raises UserError where `folder` holds none."""

    def __init__(self, folder: Path, tokenizer: Tokenizer, generation: GenerationParams, threads: int) -> None:
        try:
            self.translator = ctranslate2.Translator(str(folder), device="cpu", intra_threads=threads)
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"{folder} holds no CTranslate2 model that can be loaded ({error}); run `dvc repro`"
            ) from None
        self.tokenizer = tokenizer
        self.generation = generation

    def generate(self, batches: Iterable[list[TokenIds]], least_tokens: int = 1) -> Iterator[list[TokenIds]]:
        """Summaries of each batch of prompts, without start, end and padding; of `least_tokens`, for measurements."""
        for prompts in batches:
            results = self._search(prompts, min_decoding_length=least_tokens)
            yield [self._ids(result.hypotheses[0]) for result in results]

    def candidates(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[list[Candidate]]]:
        """All beams of each prompt, the best first."""
        for prompts in batches:
            results = self._search(prompts, num_hypotheses=self.generation.num_beams, return_scores=True)
            yield [
                [Candidate(self._ids(tokens), score) for tokens, score in zip(one.hypotheses, one.scores, strict=True)]
                for one in results
            ]

    def _search(self, prompts: list[TokenIds], **more: Any) -> list[ctranslate2.TranslationResult]:
        found: list[ctranslate2.TranslationResult] = self.translator.translate_batch(
            [[self.tokenizer.id_to_token(token) for token in prompt] for prompt in prompts],
            beam_size=self.generation.num_beams,
            length_penalty=self.generation.length_penalty,
            no_repeat_ngram_size=self.generation.no_repeat_ngram_size,
            max_decoding_length=self.generation.max_new_tokens,
            max_input_length=0,  # never cut here: the summariser minds the limit
            **more,
        )
        return found

    def _ids(self, tokens: list[str]) -> TokenIds:
        """Ids of tokens; rows of the embedding that no token has, which only a random model writes, are passed over."""
        ids = (self.tokenizer.token_to_id(token) for token in tokens)
        return [token for token in ids if token is not None]
