"""Fine-tune a LoRA adapter on a base model.

A note is the reference summary of a record. A decoder-only model reads the prompt and the note in one row.
"""

import medsum.core.offline  # noqa: F401  before any library reads the settings of the hub
