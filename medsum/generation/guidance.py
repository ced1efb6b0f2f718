"""Guided writing: correct a summary that has a number, a drug or a body side that is not in its dialogue.

The model first writes a whole summary with beam search. Then a check looks for the first number, drug or body side that
is not in the dialogue ("unsaid" text). If the check finds unsaid text, the text before the unsaid text is kept. The
first token of the unsaid text is forbidden at this place. If the unsaid text is a number, all tokens that can begin a
number are forbidden. Then the model writes the rest of the summary again. Both backends (torch and CTranslate2) take
the same steps, so guidance does not add differences between their outputs.
"""

from collections.abc import Callable, Sequence

from tokenizers import Tokenizer

from medsum.model.prompt import PromptBuilder, TokenIds

# A function that takes a summary. The function returns the position of the character where the first unsaid text
# begins, and whether this text is a number. It returns None if the summary has no unsaid text.
FirstUnsaid = Callable[[str], tuple[int, bool] | None]
Guide = Callable[[str], FirstUnsaid]  # takes a dialogue, and returns the check for summaries of this dialogue
Resume = Callable[[TokenIds, TokenIds], TokenIds]  # takes `written` and `forbidden`, as `Backend.resume` does
MOST_CHANGES = 32  # the largest number of changes of one summary; a flag then marks the unsaid text that remains


class GuidedWriter:
    """Corrects the summaries of a model. `builder` has the tokenizer of this model.

    A *run* is a sequence of consecutive tokens. No summary may repeat a run of `repeats` tokens. If `repeats` is 0, all
    repetitions are allowed.
    """

    def __init__(self, builder: PromptBuilder, repeats: int) -> None:
        self.decode = builder.decode
        self.repeats = repeats
        self.special = special_tokens(builder.tokenizer) | {builder.end_id}
        self.numeric = numeric_tokens(builder.tokenizer)

    def guided(self, ids: TokenIds, first_unsaid: FirstUnsaid, resume: Resume) -> TokenIds:
        """Return the summary `ids`, changed until `first_unsaid` finds nothing, but at most MOST_CHANGES times."""
        ids = self._plain(ids)
        forbidden: dict[tuple[int, ...], set[int]] = {}
        for _ in range(MOST_CHANGES):
            wrong = self._first_wrong(ids, first_unsaid)
            if wrong is None:
                break
            place, is_number = wrong
            kept = ids[:place]
            here = forbidden.setdefault(tuple(kept), set())
            here |= {ids[place]} | (self.numeric if is_number else set())
            ids = kept + self._plain(resume(kept, sorted(here)))
        return ids

    def _plain(self, ids: TokenIds) -> TokenIds:
        return [token for token in ids if token not in self.special]

    def _first_wrong(self, ids: TokenIds, first_unsaid: FirstUnsaid) -> tuple[int, bool] | None:
        """Return the index of the first token that must change, and whether a number begins there.

        The search of CTranslate2 forbids repeated runs, but it ignores the kept text of a decoder-only model. So the
        new text may repeat a run of tokens from the kept text. Therefore, this function also finds such a run.
        """
        found = []
        unsaid = first_unsaid(self.decode(ids))
        if unsaid is not None:
            found.append((self._token_at(ids, unsaid[0]), unsaid[1]))
        repeat = first_repeat(ids, self.repeats)
        if repeat is not None:
            found.append((repeat, False))
        return min(found, default=None)

    def _token_at(self, ids: TokenIds, start: int) -> int:
        """Return the index of the token that has the character at `start`, or of the space token before that token."""
        place = next((n for n in range(len(ids)) if len(self.decode(ids[: n + 1])) > start), len(ids) - 1)
        while place and self.decode(ids[:place]) == self.decode(ids[: place - 1]):
            place -= 1
        return place


def first_repeat(ids: Sequence[int], length: int) -> int | None:
    """Return the index of the last token of the first repeated run of `length` tokens.

    Return None if no run is repeated or if `length` is 0.
    """
    seen: set[tuple[int, ...]] = set()
    for end in range(length, len(ids) + 1) if length else ():
        run = tuple(ids[end - length : end])
        if run in seen:
            return end - 1
        seen.add(run)
    return None


def special_tokens(tokenizer: Tokenizer) -> set[int]:
    """Return the ids of special tokens, which are not text."""
    return {token for token, added in tokenizer.get_added_tokens_decoder().items() if added.special}


def numeric_tokens(tokenizer: Tokenizer) -> set[int]:
    """Return the ids of the space token and of all tokens that begin with a digit or with a space and a digit."""
    special = special_tokens(tokenizer)
    texts = {token: text.lstrip("Ġ▁ ") for text, token in tokenizer.get_vocab().items() if token not in special}
    return {token for token, text in texts.items() if not text or text[0] in "0123456789"}
