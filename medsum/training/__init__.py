"""Fine-tune a LoRA adapter."""

import medsum.core.offline  # noqa: F401  before any library looks
