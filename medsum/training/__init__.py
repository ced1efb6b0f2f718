"""Fine-tune a LoRA adapter on a base model.

A note is the reference summary of a record. A row is one sequence of token ids in a batch. In training, a decoder-only
model reads the prompt and the note in one row. A device batch is the batch of one process; one optimizer step may need
several device batches.
"""

import medsum.core.offline  # noqa: F401  it must come first, because libraries read this setting when they start
