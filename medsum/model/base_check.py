"""Check that a base model fits the prompts and the data, without loading its weights."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from transformers import AutoConfig

from medsum.core.errors import UserError, first_line
from medsum.core.offline import LOCAL
from medsum.model import architecture, served
from medsum.model.chat import prompt_builder
from medsum.model.loading import load_tokenizer
from medsum.model.prompt import PromptBuilder
from medsum.params.prompt import PromptParams

SAMPLE = 20  # number of texts that the check tokenises
KNOWN_SHARE = 0.5  # the tokenizer must know at least this share of the tokens in these texts
# The tokenizer must have a token for at least this share of the embedding's rows, because some rows are unused.
COVERED_SHARE = 0.9
OWN_FILES = "take all files of one checkpoint"


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turn an error of a library within the block into a UserError."""
    try:
        yield
    except UserError:
        raise
    except Exception as error:  # for damaged files, the libraries raise errors of many classes
        said = first_line(error)[:200] or type(error).__name__
        raise UserError(f"the files of {folder} do not describe a usable model ({said}); {OWN_FILES}") from None


def require_usable(folder: Path, prompt: PromptParams, texts: Sequence[str]) -> PromptBuilder:
    """Return the prompt builder for the base in `folder`.

    Raise UserError if the base does not write text, or if its tokenizer does not fit the model or the texts.
    """
    architecture.read(folder)
    tokenizer = load_tokenizer(folder)
    with _told(folder):
        _check_sizes(folder, len(tokenizer), prompt.max_input_tokens)
        ids = [token for text in texts[:SAMPLE] for token in tokenizer(text, add_special_tokens=False)["input_ids"]]
        known = sum(token != tokenizer.unk_token_id for token in ids)
        builder = prompt_builder(folder, prompt)
        ends = builder.note_ids("Pain.")[-1] == builder.end_id
    if known < KNOWN_SHARE * len(ids):
        raise UserError(
            f"the tokenizer of {folder} knows {known} of {len(ids)} tokens of the first dialogues; take a base whose"
            " tokenizer was made for their language"
        )
    if not ends:
        raise UserError(f"the tokenizer of {folder} does not end a summary with {builder.frame.end}; {OWN_FILES}")
    return builder


def _check_sizes(folder: Path, pieces: int, max_input_tokens: int) -> None:
    """Raise UserError if prompts are too long for the model, or if the tokenizer has too many or too few pieces."""
    rows = embedding_rows(folder)
    most = getattr(AutoConfig.from_pretrained(folder, **LOCAL), "max_position_embeddings", None)
    if most is not None and most < max_input_tokens:
        raise UserError(
            f"prompt.max_input_tokens is {max_input_tokens}, but the model of {folder} reads at most {most}"
            " tokens; lower it"
        )
    if pieces > rows:
        raise UserError(
            f"the tokenizer of {folder} has {pieces} pieces, but the model's embedding has {rows} rows; {OWN_FILES}"
        )
    if pieces < COVERED_SHARE * rows:
        raise UserError(
            f"the tokenizer of {folder} has {pieces} of the {rows} pieces that the model knows, so its files"
            f" (tokenizer.json or spiece.model) are missing or belong to another model; {OWN_FILES}"
        )


def who_serves(folder: Path, tokens: int) -> str:
    """Return a line about a base for the terminal: its class, its kind, and the engine that serves it.

    `tokens` is the number of tokens of the longest prompt and its summary together.
    """
    found = architecture.read(folder)
    with _told(folder):
        reason = served.why_torch(folder, tokens)
    by = f"torch serves it, because {reason}" if reason else "CTranslate2 serves it on the CPU"
    return f"{folder}: {found.class_name}, {found.kind}; {by}"


def embedding_rows(folder: Path) -> int:
    """Return the number of rows of the model's embedding, which is the vocabulary size in config.json."""
    config = AutoConfig.from_pretrained(folder, **LOCAL).get_text_config(decoder=True)
    rows: int = config.vocab_size
    return rows
