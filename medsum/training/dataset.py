"""Turn records into token ids for training, and cut texts that are longer than the limits."""

from dataclasses import dataclass
from typing import Any

from datasets import Dataset
from datasets.utils.logging import disable_progress_bar

from medsum.core.errors import UserError
from medsum.dialogue.record import Record
from medsum.model.prompt import PromptBuilder, cut
from medsum.signs.writing import Written, listed, names

MASKED = -100  # the loss ignores this label


@dataclass
class TokenizedSplit:
    """The model inputs of a split, and the numbers of texts, tokens and signs that were cut, replaced or dropped.

    Dialogues and notes that are longer than the limits are cut. The fields with `cut` count these texts and the tokens
    that were cut off. Signs that the tokenizer cannot encode, such as ½, are replaced by words or dropped.
    `signs_written_out` and `signs_dropped` count these signs in dialogues and notes together. `records_with_signs` is
    the number of records with at least one such sign.
    """

    dataset: Dataset
    dialogues_cut: int
    dialogue_tokens_cut: int
    notes_cut: int
    note_tokens_cut: int
    signs_written_out: int
    signs_dropped: int
    records_with_signs: int


def tokenize(records: list[Record], builder: PromptBuilder, max_target_tokens: int) -> TokenizedSplit:
    """Return prompts and notes as token ids, cut to the limits. No cache is written.

    `labels` are the ids of a note with its end token. An encoder reads only the prompt. A decoder-only model reads the
    prompt and the note without the end token. The output at the last token of the prompt predicts the first label, and
    the output at each token of the note predicts the next label. If `prompt.unknown_signs` is `stop`, raise the
    UserError of require_known_signs.
    """
    is_encoder = builder.frame.kind == "encoder-decoder"

    def to_ids(batch: dict[str, list[Any]]) -> dict[str, list[Any]]:
        asked = [builder.ids(d, s) for d, s in zip(batch["dialogue"], batch["section"], strict=True)]
        notes = [builder.note_ids(summary) for summary in batch["summary"]]
        kept, labels = [builder.cut(ids) for ids in asked], [cut(ids, max_target_tokens) for ids in notes]
        read = kept if is_encoder else [one + other[:-1] for one, other in zip(kept, labels, strict=True)]
        return {
            "input_ids": read,
            "attention_mask": [[1] * len(ids) for ids in read],
            "labels": labels,
            "dialogue_lost": [len(whole) - len(part) for whole, part in zip(asked, kept, strict=True)],
            "note_lost": [len(whole) - len(part) for whole, part in zip(notes, labels, strict=True)],
        }

    disable_progress_bar()  # the work takes only a second
    written = [(builder.written(record.dialogue), builder.written(record.summary)) for record in records]
    if builder.params.unknown_signs == "stop":
        require_known_signs(written)
    columns = {
        "dialogue": [dialogue.known for dialogue, _ in written],
        "section": [record.section for record in records],
        "summary": [summary.known for _, summary in written],
    }
    dataset = Dataset.from_dict(columns).map(to_ids, batched=True, remove_columns=list(columns))
    lost = [[tokens for tokens in dataset[name] if tokens] for name in ("dialogue_lost", "note_lost")]
    (dialogues_cut, dialogue_tokens_cut), (notes_cut, note_tokens_cut) = ((len(each), sum(each)) for each in lost)
    return TokenizedSplit(
        dataset.remove_columns(["dialogue_lost", "note_lost"]),
        dialogues_cut,
        dialogue_tokens_cut,
        notes_cut,
        note_tokens_cut,
        signs_written_out=sum(text.signs for pair in written for text in pair),
        signs_dropped=sum(len(text.unknown) for pair in written for text in pair),
        records_with_signs=sum(any(text.signs or text.unknown for text in pair) for pair in written),
    )


def require_known_signs(written: list[tuple[Written, Written]]) -> None:
    """Raise UserError if a record has a sign that the tokenizer cannot encode and that no rule replaces by words."""
    unknown = [[sign for text in pair for sign, _, _ in text.unknown] for pair in written]
    found = sum(bool(signs) for signs in unknown)
    if found:
        named = listed(names(sign for signs in unknown for sign in signs))
        raise UserError(
            f"{found} of {len(written)} records have signs that the base's tokenizer loses and no rule replaces by"
            f" words: {named}; replace them by words in the data, or set prompt.unknown_signs to drop"
        )


def nothing_to_learn(builder: PromptBuilder) -> dict[str, list[int]]:
    """Return a filler row. A filler row does not change the loss."""
    return {"input_ids": [builder.end_id], "attention_mask": [1], "labels": [MASKED]}
