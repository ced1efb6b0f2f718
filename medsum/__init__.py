"""Doctor-patient dialogues to note-ready summaries."""

import medsum.core.environment  # noqa: F401  before any library reads its environment variables
