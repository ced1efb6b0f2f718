"""Warnings of libraries that a user can do nothing about: each is silenced by its text, with the reason."""

import logging
import warnings


class _Without(logging.Filter):
    """Drops the messages of a logger that begin with one text."""

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self.beginning = beginning

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(self.beginning)


def silence() -> None:
    """Silence what is known and harmless; every other warning is still shown."""
    # FLAN-T5's output layer is its own, as its weights say: transformers loads it so, whatever its config says.
    logging.getLogger("transformers.modeling_utils").addFilter(
        _Without("The tied weights mapping and config for this model specifies to tie")
    )
    # PEFT says so where it sets the config right: the merged model of such a base keeps its own output layer.
    warnings.filterwarnings("ignore", "Input and output embeddings are no longer tied after merging", UserWarning)
    # An adapter that lacks keys is an error of ours, in one sentence.
    warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)
    # PEFT asks transformers for a name that it has given up.
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
