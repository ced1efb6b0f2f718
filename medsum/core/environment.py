"""Set the environment variables that libraries read when they are imported."""

import os

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the parameter runtime.threads sets the number of threads
os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # spinning threads make two processes on one machine ten times slower
