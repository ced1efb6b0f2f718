"""Set the environment variables that libraries read at import. Import this module before the libraries."""

import os

os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# Tokenizers must not start more threads, because only the parameter runtime.threads sets the number of threads.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# GOMP is GNU's OpenMP, which runs torch's CPU threads. By default, threads of GOMP keep the CPU busy while they wait.
# Two processes that run at the same time then take ten times as long.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")
