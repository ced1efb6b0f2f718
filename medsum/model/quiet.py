"""Silence warnings of libraries that a user can ignore. A comment gives the reason for each of them."""

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
    """Silence the known and harmless warnings. All other warnings are still shown."""
    # FLAN-T5 has a separate output layer, but its config says otherwise. transformers still loads the layer correctly.
    logging.getLogger("transformers.modeling_utils").addFilter(
        _Without("The tied weights mapping and config for this model specifies to tie")
    )
    # PEFT warns about the same layer when it merges an adapter. The merged model correctly keeps this layer.
    warnings.filterwarnings("ignore", "Input and output embeddings are no longer tied after merging", UserWarning)
    # Our own code raises UserError for an adapter that lacks keys.
    warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)
    # PEFT uses a name that is deprecated in transformers.
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
