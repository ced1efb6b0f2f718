"""Fine-tune a LoRA adapter on a base model.

In this package, a note is the reference summary of a record. A row is one sequence of token ids in a batch. For a
decoder-only model, a row contains the prompt and the note. A device batch is what one process computes at a time. One
optimizer step may use several device batches.
"""

import medsum.core.offline  # noqa: F401  imported first, because it sets a variable that libraries read
