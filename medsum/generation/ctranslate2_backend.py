"""Generate text on the CPU with CTranslate2 and the converted model of the export stage.

This module does not import torch, because programs that serve a model must start fast. A decoder-only model reads its
prompt and continues it (`reads_first`).
"""

import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import ctranslate2
from tokenizers import Tokenizer

from medsum.core.errors import UserError
from medsum.generation.candidates import Candidate
from medsum.model.prompt import Frame
from medsum.params.generation import GenerationParams

TokenIds = list[int]
ANY = 10**9  # no limit in practice: larger than every difference of lengths
# CTranslate2 warns if it computes bfloat16 weights in float32. This is slower, but the output is correct.
ctranslate2.set_log_level(logging.ERROR)


class Written(NamedTuple):
    """The beams of one prompt, the best beam first. A beam has its tokens and, if requested, its score."""

    beams: list[list[str]]
    scores: list[float]


class CTranslate2Backend:
    """A converted model and its search settings. Raise UserError if `folder` has no converted model."""

    def __init__(
        self, folder: Path, tokenizer: Tokenizer, frame: Frame, generation: GenerationParams, threads: int
    ) -> None:
        self.reads_first = frame.kind == "decoder-only"
        engine = ctranslate2.Generator if self.reads_first else ctranslate2.Translator
        try:
            self.engine = engine(str(folder), device="cpu", intra_threads=threads)
        except (RuntimeError, ValueError) as error:
            raise UserError(
                f"{folder} holds no CTranslate2 model that can be loaded ({error}); run `dvc repro`"
            ) from None
        self.tokenizer = tokenizer
        self.end = frame.end
        closing = tokenizer.encode(frame.closing, add_special_tokens=False).tokens
        self.last_of_prompt = closing[-1] if closing else None
        if frame.window:
            self.most_apart = 0
        elif generation.no_repeat_ngram_size:
            self.most_apart = len(closing) if generation.num_beams == 1 else 0
        else:
            self.most_apart = ANY
        self.generation = generation

    def generate(self, batches: Iterable[list[TokenIds]], least_tokens: int = 1) -> Iterator[list[TokenIds]]:
        """Yield the summaries of each batch of prompts, without the start token, the end token and padding.

        Each summary has at least `least_tokens` tokens. The benchmarks of speed use this option.
        """
        for prompts in batches:
            yield [self._ids(one.beams[0]) for one in self._search(prompts, least_tokens=least_tokens)]

    def candidates(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[list[Candidate]]]:
        """Yield all beams of each prompt, the best beam first."""
        for prompts in batches:
            yield [
                [Candidate(self._ids(tokens), score) for tokens, score in zip(one.beams, one.scores, strict=True)]
                for one in self._search(prompts, all_beams=True)
            ]

    def resume(self, prompt: TokenIds, written: TokenIds, forbidden: TokenIds) -> list[Candidate]:
        """Continue a summary that begins with `written`, and return the beams of the new tokens.

        The first new token is not in `forbidden`. CTranslate2 cannot forbid a token at one place only. So a first,
        greedy search writes only the first new token, and a second search writes the rest.
        """
        left = self.generation.max_new_tokens - len(written)
        first = self._follow(prompt, written, 1, [self._words([token]) for token in forbidden])
        begin = self._ids(first.beams[0])[:left]
        if not begin or left == 1:
            return [Candidate(begin, 0.0)]
        found = self._follow(prompt, [*written, *begin], left - 1)
        return [
            Candidate([*begin, *self._ids(tokens)], score)
            for tokens, score in zip(found.beams, found.scores, strict=True)
        ]

    def _follow(
        self, prompt: TokenIds, written: TokenIds, most_tokens: int, forbidden: list[list[str]] | None = None
    ) -> Written:
        """Return the beams of the tokens after `written`. A beam has at most `most_tokens` tokens.

        If `forbidden` is given, search greedily, and do not write any of the forbidden tokens.
        """
        source, begin = self._words(prompt), self._words(written)
        beams = 1 if forbidden else self.generation.num_beams
        settings = {
            "beam_size": beams,
            "num_hypotheses": beams,
            "length_penalty": self.generation.length_penalty,
            "no_repeat_ngram_size": self.generation.no_repeat_ngram_size,
            "suppress_sequences": forbidden,
            "return_scores": True,
        }
        if self.reads_first:
            [one] = self.engine.generate_batch(
                [source + begin],
                max_length=most_tokens,
                include_prompt_in_result=False,
                end_token=self.end,
                **settings,
            )
            return Written(one.sequences, one.scores)
        [found] = self.engine.translate_batch(
            [source],
            target_prefix=[begin],
            max_decoding_length=len(begin) + most_tokens,
            min_decoding_length=0,
            max_input_length=0,
            **settings,
        )
        return Written([tokens[len(begin) :] for tokens in found.hypotheses], found.scores)

    def _search(self, prompts: list[TokenIds], *, least_tokens: int = 1, all_beams: bool = False) -> list[Written]:
        """Return the summaries of the prompts, in order.

        For a decoder-only model, the lengths of the prompts of one search may differ only a little. CTranslate2 reads
        every prompt up to the length of the shortest prompt. It treats the other tokens of a longer prompt as the
        beginning of the summary, and `no_repeat_ngram_size` applies to these tokens. Every prompt ends with the same
        tokens (the closing). So the lengths may differ by the length of the closing, but not more. The summary of a
        longer prompt is only affected if it contains the last token of the closing, such as a line end. Such a prompt
        is searched again alone, so that its summary does not depend on the other prompts. With several beams, and for a
        model with a sliding window, all prompts of one search have one length.
        """
        if not self.reads_first:
            return self._search_at_once(prompts, least_tokens, all_beams)
        written: dict[int, Written] = {}
        for places in alike([len(prompt) for prompt in prompts], self.most_apart):
            found = self._search_at_once([prompts[place] for place in places], least_tokens, all_beams)
            for place, one in zip(places, found, strict=True):
                if len(prompts[place]) > len(prompts[places[0]]) and self.last_of_prompt in one.beams[0]:
                    [one] = self._search_at_once([prompts[place]], least_tokens, all_beams)
                written[place] = one
        return [written[place] for place in range(len(prompts))]

    def _search_at_once(self, prompts: list[TokenIds], least_tokens: int, all_beams: bool) -> list[Written]:
        tokens = [self._words(prompt) for prompt in prompts]
        settings = {
            "beam_size": self.generation.num_beams,
            "length_penalty": self.generation.length_penalty,
            "no_repeat_ngram_size": self.generation.no_repeat_ngram_size,
            "num_hypotheses": self.generation.num_beams if all_beams else 1,
            "return_scores": all_beams,
        }
        if self.reads_first:
            found = self.engine.generate_batch(
                tokens,
                max_length=self.generation.max_new_tokens,
                min_length=least_tokens,
                include_prompt_in_result=False,
                end_token=self.end,
                **settings,
            )
            return [Written(one.sequences, one.scores) for one in found]
        found = self.engine.translate_batch(
            tokens,
            max_decoding_length=self.generation.max_new_tokens,
            min_decoding_length=least_tokens,
            max_input_length=0,  # no limit, because the summariser has already limited the length of the prompts
            **settings,
        )
        return [Written(one.hypotheses, one.scores) for one in found]

    def _words(self, ids: TokenIds) -> list[str]:
        """Return the tokens with these ids as strings, because CTranslate2 does not accept ids."""
        return [token for token in map(self.tokenizer.id_to_token, ids) if token is not None]

    def _ids(self, tokens: list[str]) -> TokenIds:
        """Return the ids of the tokens. Leave out ids that have no token. An untrained model may write such ids."""
        ids = (self.tokenizer.token_to_id(token) for token in tokens)
        return [token for token in ids if token is not None]


def alike(lengths: list[int], most_apart: int) -> Iterator[list[int]]:
    """Group lengths that differ at most by `most_apart`. Yield the indices of each group; short lengths come first."""
    group: list[int] = []
    for place in sorted(range(len(lengths)), key=lengths.__getitem__):
        if group and lengths[place] - lengths[group[0]] > most_apart:
            yield group
            group = []
        group.append(place)
    if group:
        yield group
