"""Doctor-patient dialogues to note-ready summaries."""

import os

# Before any library reads them. Nothing is reported anywhere, and threads are what `runtime.threads` says.
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # threads that wait longer by spinning slow two runs at once tenfold
