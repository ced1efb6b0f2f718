"""Publish an adapter, and write documents about a run.

huggingface_hub reads these two environment variables when it is first imported, so this package sets them.
"""

import os

os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # plain HTTPS, which proxies allow
os.environ.setdefault("HF_HUB_VERBOSITY", "error")  # the command itself prints a progress bar and one sentence
