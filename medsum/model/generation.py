"""Summaries from dialogues: the one way that every part of the project generates text.

Imports neither torch nor transformers, so that a program which serves with CTranslate2 starts in a second.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Protocol

from tokenizers import Tokenizer

from medsum.errors import UserError
from medsum.model.prompt import render
from medsum.model.windows import merge, windows
from medsum.params.generation import GenerationParams
from medsum.params.prompt import PromptParams

TokenIds = list[int]
LEAST_ROOM = 12  # tokens of a window, beside the template


class Backend(Protocol):
    """What runs the model."""

    def generate(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[TokenIds]]:
        """For each batch of prompts its summaries, in order, without special tokens that need not be there."""


class Summarizer:
    """A model, its tokenizer and how to use them."""

    def __init__(
        self, backend: Backend, tokenizer: Tokenizer, prompt: PromptParams, generation: GenerationParams
    ) -> None:
        self.backend = backend
        self.tokenizer = tokenizer
        self.prompt = prompt
        self.generation = generation

    def summarize(
        self,
        dialogues: Sequence[str],
        sections: Sequence[str | None],
        report: Callable[[int], object] = lambda _: None,
    ) -> list[str]:
        """One summary a dialogue, in order; raises UserError as `prompts` does.

        `report` is given the number of dialogues just begun to be done, window by window; it may stop the work
        by raising an exception.
        """
        return self.write([self.prompts(d, s) for d, s in zip(dialogues, sections, strict=True)], report)

    def prompts(self, dialogue: str, section: str | None) -> list[TokenIds]:
        """What the model reads: one prompt, or one a window where the dialogue is too long for one.

        Raises UserError with the count of tokens where the parameters refuse long dialogues.
        """
        whole = self._tokenize(dialogue, section)
        limit = self.prompt.max_input_tokens
        if len(whole) <= limit:
            return [whole]
        if self.generation.long_dialogues == "refuse":
            raise UserError(
                f"the dialogue has {len(whole)} tokens with its prompt, {limit} are allowed; shorten it, or set"
                " generation.long_dialogues to split or prompt.max_input_tokens higher in params.yaml"
            )
        if len(self._tokenize("", section)) + LEAST_ROOM > limit:
            raise UserError("prompt.max_input_tokens leaves no room for a dialogue beside the template; raise it")
        parts = windows(
            dialogue, lambda text: len(self._tokenize(text, section)) <= limit, self.generation.overlap_turns
        )
        return [self._tokenize(part, section) for part in parts]

    def write(self, prompts: Sequence[list[TokenIds]], report: Callable[[int], object] = lambda _: None) -> list[str]:
        """One summary for each list of windows, in order."""
        flat = [(index, ids) for index, parts in enumerate(prompts) for ids in parts]
        written = [""] * len(flat)
        left = [len(parts) for parts in prompts]
        batches = self.batches([ids for _, ids in flat])
        outputs = self.backend.generate([flat[place][1] for place in batch] for batch in batches)
        for batch, output in zip(batches, outputs, strict=True):
            for place, ids in zip(batch, output, strict=True):
                written[place] = self.tokenizer.decode(ids, skip_special_tokens=True).strip()
                left[flat[place][0]] -= 1
            report(sum(left[index] == 0 for index in {flat[place][0] for place in batch}))
        texts: list[list[str]] = [[] for _ in prompts]
        for (index, _), text in zip(flat, written, strict=True):
            texts[index].append(text)
        return [merge(parts) for parts in texts]

    def _tokenize(self, dialogue: str, section: str | None) -> TokenIds:
        ids: TokenIds = self.tokenizer.encode(render(self.prompt.template, dialogue, section)).ids
        return ids

    def batches(self, prompts: Sequence[TokenIds]) -> list[list[int]]:
        """Places of prompts of like length, the longest first: little padding, and what is too big fails at once.

        A batch holds at most `batch_tokens` tokens, those to be written and padding counted, but always a prompt.
        """
        order = sorted(range(len(prompts)), key=lambda place: (-len(prompts[place]), place))
        batches: list[list[int]] = []
        size = 0
        for place in order:
            if not batches or len(batches[-1]) >= size:
                batches.append([])
                size = self.generation.batch_tokens // (len(prompts[place]) + self.generation.max_new_tokens)
            batches[-1].append(place)
        return batches
