"""Silence the warnings of libraries that a user can ignore. A comment at each warning gives the reason."""

import logging
import warnings


class _Without(logging.Filter):
    """A filter that drops the messages that begin with the text `beginning`."""

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self.beginning = beginning

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.getMessage().startswith(self.beginning)


def silence() -> None:
    """Silence the known and harmless warnings. All other warnings are still shown."""
    # FLAN-T5 has a separate output layer, but the config says the opposite. transformers loads the layer correctly.
    logging.getLogger("transformers.modeling_utils").addFilter(
        _Without("The tied weights mapping and config for this model specifies to tie")
    )
    # PEFT warns about the separate output layer when an adapter is merged. The merged model correctly has this layer.
    warnings.filterwarnings("ignore", "Input and output embeddings are no longer tied after merging", UserWarning)
    # medsum/model/whole.py raises UserError for an adapter that lacks keys.
    warnings.filterwarnings("ignore", "Found missing adapter keys", UserWarning)
    # PEFT uses a name that transformers has deprecated. A user cannot change PEFT.
    warnings.filterwarnings("ignore", "`is_gradient_checkpointing`", FutureWarning)
