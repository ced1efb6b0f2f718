"""Publish an adapter, and write documents about a run.

This module sets two environment variables, because huggingface_hub reads them when it is imported for the first time.
"""

import os

os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # the hub is then used with plain HTTPS, which proxies allow
os.environ.setdefault("HF_HUB_VERBOSITY", "error")  # this command prints its own progress bar and message

# medsum.core.offline forbids the network for a huggingface_hub that is imported after it. Publishing needs the network.
import huggingface_hub.constants  # noqa: F401
