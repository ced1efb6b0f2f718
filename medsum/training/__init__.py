"""Fine-tune a LoRA adapter on a base model.

In this package, a note is the reference summary of a record. A row is one sequence of token ids in a batch. A
decoder-only model is trained on rows that contain the prompt and the note. A device batch is the batch of one process.
One optimizer step may use several device batches.
"""

import medsum.core.offline  # noqa: F401  first, because libraries read the setting when they are imported
