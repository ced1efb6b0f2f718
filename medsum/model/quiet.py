"""Silence warnings of libraries if a user can do nothing about them. Each warning has a comment with the reason."""

import logging
import warnings


class _Without(logging.Filter):
    """Drop the messages of a logger that begin with the text `beginning`."""

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self.beginning = beginning

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(self.beginning)


def silence() -> None:
    """Silence the known and harmless warnings; every other warning is still shown."""
    # The weights of FLAN-T5 have a separate output layer. transformers loads it correctly, although the config differs.
    logging.getLogger("transformers.modeling_utils").addFilter(
        _Without("The tied weights mapping and config for this model specifies to tie")
    )
    # PEFT warns when it corrects the config: the merged model of such a base keeps its separate output layer.
    warnings.filterwarnings("ignore", "Input and output embeddings are no longer tied after merging", UserWarning)
    # Our own code raises UserError for an adapter that lacks keys.
    warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)
    # PEFT uses a name that is deprecated in transformers.
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
