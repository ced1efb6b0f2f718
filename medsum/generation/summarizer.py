"""Write summaries of dialogues. Every part of the project generates text through this module.

The module imports neither torch nor transformers. So a program that uses CTranslate2 starts within a second. A visit is
one dialogue; its note may have several sections. A window is a part of a dialogue that fits into one prompt.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from medsum.core.errors import UserError
from medsum.generation.candidates import Candidate, Faithfulness, best_of
from medsum.generation.guidance import Guide, GuidedWriter
from medsum.generation.loops import without_loop
from medsum.generation.merging import Merged, Output, merge
from medsum.generation.windows import windows
from medsum.model.prompt import PromptBuilder, TokenIds
from medsum.params.generation import GenerationParams
from medsum.signs.writing import Written

LEAST_ROOM = 12  # the template of a prompt must leave at least this number of tokens for the turns of a window


class Window(NamedTuple):
    """All or some turns of a dialogue, the token ids of their prompt, and the section that this prompt names."""

    turns: str
    ids: TokenIds
    section: str | None = None


Batches = list[list[Window]]
Distribute = Callable[[Callable[[Batches], Iterator[list[str]]], Batches], Iterator[list[str]]]


class Backend(Protocol):
    """The interface of the classes that run a model."""

    def generate(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[TokenIds]]:
        """Yield the summaries of each batch of prompts, in order. A summary may contain ids of special tokens."""

    def candidates(self, batches: Iterable[list[TokenIds]]) -> Iterator[list[list[Candidate]]]:
        """Yield every beam of each prompt, the best beam first."""

    def resume(self, prompt: TokenIds, written: TokenIds, forbidden: TokenIds) -> list[Candidate]:
        """Continue a summary that begins with `written`, and return the beams of the new tokens.

        The first new token is not in `forbidden`.
        """


class Summarizer:
    """A model with its prompts and search settings.

    If `faithfulness` is given, it helps to choose one of the summaries (beams) that the search returns. If `guide` is
    given, it corrects text that the dialogue does not support (see guidance.py). `instructions` maps a section to one
    sentence. The prompt of this section then consists of this sentence and the dialogue, and `prompt.template` is not
    used.
    """

    def __init__(
        self,
        backend: Backend,
        builder: PromptBuilder,
        generation: GenerationParams,
        faithfulness: Faithfulness | None = None,
        guide: Guide | None = None,
        instructions: Mapping[str, str] | None = None,
    ) -> None:
        self.backend = backend
        self.builder = builder
        self.generation = generation
        self.faithfulness = faithfulness
        self.guide = guide
        self.writer = GuidedWriter(builder, generation.no_repeat_ngram_size) if guide else None
        self._builders = {section: _asking(builder, text) for section, text in (instructions or {}).items()}

    def summarize(
        self,
        dialogues: Sequence[str],
        sections: Sequence[str | None],
        report: Callable[[int], object] = lambda _: None,
    ) -> list[str]:
        """Return one summary per dialogue, in order. Raise UserError for the same reasons as `prompts`.

        After each batch, `report` is called with the number of dialogues that the batch has finished. `report` may
        raise an exception to stop the work.
        """
        return self.write([self.prompts(d, s) for d, s in zip(dialogues, sections, strict=True)], report)

    def signs(self, dialogue: str) -> Written:
        """Return the dialogue that the model reads, and the characters ("signs") that are replaced or left out.

        A sign is a character that the tokenizer loses, such as `µ`. If there is a rule for a sign, words replace the
        sign. Otherwise the sign is left out.
        """
        return self.builder.written(dialogue)

    def prompts(self, dialogue: str, section: str | None) -> list[Window]:
        """Return the model's input: the whole dialogue, or its windows if it is too long for one prompt.

        Signs are replaced or left out as in `signs`. Raise UserError with the number of tokens if the dialogue is too
        long and `generation.long_dialogues` is `refuse`.
        """
        dialogue = self.signs(dialogue).known
        builder = self._builders.get(section or "", self.builder)
        whole = builder.ids(dialogue, section)
        limit = builder.params.max_input_tokens
        if len(whole) <= limit:
            return [Window(dialogue, whole, section)]
        if self.generation.long_dialogues == "refuse":
            raise UserError(
                f"the dialogue has {len(whole)} tokens with its prompt, but only {limit} are allowed; shorten the"
                " dialogue, set generation.long_dialogues to split, or raise prompt.max_input_tokens in params.yaml"
            )
        if len(builder.ids("", section)) + LEAST_ROOM > limit:
            raise UserError(
                "prompt.max_input_tokens leaves no room for a dialogue after the template; raise it in params.yaml"
            )
        parts = windows(dialogue, lambda text: len(builder.ids(text, section)) <= limit, self.generation.overlap_turns)
        return [Window(part, builder.ids(part, section), section) for part in parts]

    def n_best(
        self,
        dialogues: Sequence[str],
        sections: Sequence[str | None],
        report: Callable[[int], object] = lambda _: None,
    ) -> list[list[str]]:
        """Return all summaries (beams) that the search finds for each dialogue, in order, the best summary first.

        A dialogue that is too long for one prompt is cut, as in training. `report` is the same as for `summarize`.
        """
        prompts = [
            self.builder.cut(self.builder.ids(self.signs(dialogue).known, section))
            for dialogue, section in zip(dialogues, sections, strict=True)
        ]
        found: list[list[str]] = [[] for _ in prompts]
        batches = self.batches(prompts)
        searched = self.backend.candidates([prompts[place] for place in batch] for batch in batches)
        for batch, all_beams in zip(batches, searched, strict=True):
            for place, beams in zip(batch, all_beams, strict=True):
                found[place] = [self._text(beam.ids) for beam in beams]
            report(len(batch))
        return found

    def write(
        self,
        prompts: Sequence[list[Window]],
        report: Callable[[int], object] = lambda _: None,
        distribute: Distribute = lambda work, batches: work(batches),
    ) -> list[str]:
        """Return one summary for each list of windows, in order."""
        found = self.write_visits([[parts] for parts in prompts], report, distribute)
        return [merged.texts[0] for merged in found]

    def write_visits(
        self,
        visits: Sequence[Sequence[list[Window]]],
        report: Callable[[int], object] = lambda _: None,
        distribute: Distribute = lambda work, batches: work(batches),
    ) -> list[Merged]:
        """Return the merged texts of each visit, in order. The arguments are those of `outputs`."""
        found = self.outputs(visits, report, distribute)
        return [merge(outputs, joined(sections)) for outputs, sections in zip(found, visits, strict=True)]

    def outputs(
        self,
        visits: Sequence[Sequence[list[Window]]],
        report: Callable[[int], object] = lambda _: None,
        distribute: Distribute = lambda work, batches: work(batches),
    ) -> list[list[list[Output]]]:
        """Return the text of each window of each section of each visit, in order.

        A visit is a list that has one list of windows for each section. After each batch, `report` is called with the
        number of visits that the batch has finished. `distribute` calls the function that writes the summaries of the
        batches. It may send some batches to other processes.
        """
        flat = [(index, window) for index, sections in enumerate(visits) for part in sections for window in part]
        written = [""] * len(flat)
        left = [sum(map(len, sections)) for sections in visits]
        batches = self.batches([window.ids for _, window in flat])
        outputs = distribute(self._texts, [[flat[place][1] for place in batch] for batch in batches])
        for batch, output in zip(batches, outputs, strict=True):
            for place, text in zip(batch, output, strict=True):
                written[place] = text
                left[flat[place][0]] -= 1
            report(sum(left[index] == 0 for index in {flat[place][0] for place in batch}))
        texts = iter(written)
        return [
            [[Output(window.section, n, next(texts)) for n, window in enumerate(part)] for part in sections]
            for sections in visits
        ]

    def _texts(self, batches: list[list[Window]]) -> Iterator[list[str]]:
        """Yield the texts of the windows, batch by batch."""
        for batch, found in zip(batches, self._ids(batches), strict=True):
            yield [self._text(self._guided(window, ids)) for window, ids in zip(batch, found, strict=True)]

    def _ids(self, batches: list[list[Window]]) -> Iterator[list[TokenIds]]:
        """Yield the chosen summaries of the windows as token ids."""
        prompts = ([window.ids for window in batch] for batch in batches)
        if self.faithfulness is None:
            yield from self.backend.generate(prompts)
            return
        for batch, found in zip(batches, self.backend.candidates(prompts), strict=True):
            yield [self._best(window, [], beams) for window, beams in zip(batch, found, strict=True)]

    def _best(self, window: Window, written: TokenIds, beams: list[Candidate]) -> TokenIds:
        """Return the tokens of the best of several beams. Each beam continues the tokens `written`."""
        if self.faithfulness is None:
            return beams[0].ids
        texts = [self._text([*written, *beam.ids]) for beam in beams]
        scores = [beam.score for beam in beams]
        chosen = best_of(list(zip(texts, scores, strict=True)), window.turns, self.faithfulness)
        return beams[texts.index(chosen)].ids

    def _guided(self, window: Window, ids: TokenIds) -> TokenIds:
        """Return the summary `ids` of a window. If there is a guide, correct text that the turns do not support."""
        if self.guide is None or self.writer is None:
            return ids

        find = self.guide(window.turns)

        def resume(written: TokenIds, forbidden: TokenIds) -> TokenIds:
            return self._best(window, written, self.backend.resume(window.ids, written, forbidden))

        def first_unsaid(text: str) -> tuple[int, bool] | None:
            # `_shown` cuts repeated text, so an error in repeated text needs no correction.
            return find(text) if find(self._shown(text)) else None

        return self.writer.guided(ids, first_unsaid, resume)

    def _text(self, ids: TokenIds) -> str:
        return self._shown(self.builder.decode(ids))

    def _shown(self, text: str) -> str:
        return without_loop(text) if self.generation.cut_loops else text

    def batches(self, prompts: Sequence[TokenIds]) -> list[list[int]]:
        """Return the indices of the prompts in batches of similar lengths, the longest prompts first.

        Similar lengths need little padding. The longest prompts come first, so a batch that is too large for the memory
        fails at once. A batch has at most `batch_tokens` tokens, including padding and the tokens of the summaries.
        Only a batch with a single prompt may have more tokens.
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


def _asking(builder: PromptBuilder, instruction: str) -> PromptBuilder:
    """Return a builder of prompts that consist of an instruction and the dialogue."""
    template = instruction.replace("{", "{{").replace("}", "}}") + "\n{dialogue}"
    return PromptBuilder(builder.tokenizer, builder.params.model_copy(update={"template": template}), builder.frame)


def joined(sections: Sequence[list[Window]]) -> str:
    """Join the turns of the windows of the first section. Turns that two windows share occur twice."""
    return "\n".join(window.turns for window in sections[0])
