"""Set the environment variables that libraries read when they are imported."""

import os

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # the parameter runtime.threads sets the number of threads
# With GOMP's default, waiting threads keep the CPU busy, and two processes are ten times slower.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
