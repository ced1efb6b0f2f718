"""Turn doctor-patient dialogues into note-ready summaries."""

import medsum.core.environment  # noqa: F401  it must come first, because libraries read these variables when they start
