"""Guided writing: a summary goes back to where it states something that its dialogue does not hold, and avoids it.

The search writes a whole summary. If a number, a drug or a side in it is not in the dialogue, the text before it is
kept, its first token is forbidden at this place (for a number, every token that begins one), and the search writes the
rest again. Both backends do the same, so that they differ no more than without guidance.
"""

from collections.abc import Callable, Sequence

from tokenizers import Tokenizer

from medsum.model.prompt import PromptBuilder, TokenIds

# Return the character of a summary where the first unsaid thing begins, and whether it is a number; None for none.
FirstUnsaid = Callable[[str], tuple[int, bool] | None]
Guide = Callable[[str], FirstUnsaid]  # reads a dialogue
Resume = Callable[[TokenIds, TokenIds], TokenIds]  # writes on after these tokens, with none of those first
MOST_CHANGES = 32  # of one summary; what is left then stays, for the checks to flag


class GuidedWriter:
    """Guides the summaries of one tokenizer; `repeats` is the length of the token runs that must not recur, or 0."""

    def __init__(self, builder: PromptBuilder, repeats: int) -> None:
        self.decode = builder.decode
        self.repeats = repeats
        self.special = special_tokens(builder.tokenizer) | {builder.end_id}
        self.numeric = numeric_tokens(builder.tokenizer)

    def guided(self, ids: TokenIds, first_unsaid: FirstUnsaid, resume: Resume) -> TokenIds:
        """Return the summary `ids`, changed until `first_unsaid` finds nothing, at most MOST_CHANGES times."""
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
        """Return the place of the first token that must change, and whether a number begins there.

        CTranslate2 does not see the kept text of a decoder-only model, so it may repeat a run of its tokens.
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
        """Return the place of the token that writes the character at `start`, or of a space before it."""
        place = next((n for n in range(len(ids)) if len(self.decode(ids[: n + 1])) > start), len(ids) - 1)
        while place and self.decode(ids[:place]) == self.decode(ids[: place - 1]):
            place -= 1
        return place


def first_repeat(ids: Sequence[int], length: int) -> int | None:
    """Return the place of the first token that ends a run of `length` tokens for the second time; None for 0."""
    seen: set[tuple[int, ...]] = set()
    for end in range(length, len(ids) + 1) if length else ():
        run = tuple(ids[end - length : end])
        if run in seen:
            return end - 1
        seen.add(run)
    return None


def special_tokens(tokenizer: Tokenizer) -> set[int]:
    """Return the ids of tokens that are no text."""
    return {token for token, added in tokenizer.get_added_tokens_decoder().items() if added.special}


def numeric_tokens(tokenizer: Tokenizer) -> set[int]:
    """Return the ids of tokens that begin with a digit, with or without a space before it, and of a space alone."""
    special = special_tokens(tokenizer)
    texts = {token: text.lstrip("Ġ▁ ") for text, token in tokenizer.get_vocab().items() if token not in special}
    return {token for token, text in texts.items() if not text or text[0] in "0123456789"}
