"""Check a base model against its data before work, without loading its weights."""

from collections.abc import Sequence
from pathlib import Path

from transformers import AutoConfig

from medsum.core.errors import UserError
from medsum.core.offline import LOCAL
from medsum.model import architecture, served
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_tokenizer
from medsum.model.prompt import PromptBuilder
from medsum.params.prompt import PromptParams

SAMPLE = 20  # texts that the tokenizer has to give back
KNOWN_SHARE = 0.5  # of their tokens, at least
COVERED_SHARE = 0.9  # of the embedding's rows, at least; real models round the rows up by a few hundred
OWN_FILES = "take all files of one checkpoint"


def require_usable(folder: Path, prompt: PromptParams, texts: Sequence[str]) -> PromptBuilder:
    """Return what makes the prompts of the base in `folder`.

    Raises UserError where it does not write text, or where its tokenizer does not fit the model or the texts.
    """
    architecture.read(folder)
    tokenizer = load_tokenizer(folder)
    pieces, rows = len(tokenizer), embedding_rows(folder)
    most = getattr(AutoConfig.from_pretrained(folder, **LOCAL), "max_position_embeddings", None)
    if most is not None and most < prompt.max_input_tokens:
        raise UserError(
            f"prompt.max_input_tokens is {prompt.max_input_tokens}, but the model of {folder} reads at most {most}"
            " tokens; lower it"
        )
    if pieces > rows:
        raise UserError(
            f"the tokenizer of {folder} has {pieces} pieces, but the model's embedding has {rows} rows; {OWN_FILES}"
        )
    if pieces < COVERED_SHARE * rows:
        raise UserError(
            f"the tokenizer of {folder} has {pieces} pieces of the {rows} that the model knows, so its files"
            f" (tokenizer.json or spiece.model) are missing or another model's; {OWN_FILES}"
        )
    ids = [token for text in texts[:SAMPLE] for token in tokenizer(text, add_special_tokens=False)["input_ids"]]
    known = sum(token != tokenizer.unk_token_id for token in ids)
    if known < KNOWN_SHARE * len(ids):
        raise UserError(
            f"the tokenizer of {folder} knows {known} of {len(ids)} tokens of the first dialogues; take a base whose"
            " tokenizer was made for their language"
        )
    builder = prompt_builder(folder, prompt)
    if builder.note_ids("Pain.")[-1] != builder.end_id:
        raise UserError(f"the tokenizer of {folder} ends no summary with {builder.frame.end}; {OWN_FILES}")
    return builder


def who_serves(folder: Path, tokens: int) -> str:
    """Return what is said of a base before it is trained: its class and kind, and who serves it."""
    found = architecture.read(folder)
    reason = served.why_torch(folder, tokens)
    by = f"torch serves it, since {reason}" if reason else "CTranslate2 serves it on the CPU"
    return f"{folder}: {found.class_name}, {found.kind}; {by}"


def embedding_rows(folder: Path) -> int:
    """Return the vocabulary of the model, from its config."""
    config = AutoConfig.from_pretrained(folder, **LOCAL).get_text_config(decoder=True)
    rows: int = config.vocab_size
    return rows
