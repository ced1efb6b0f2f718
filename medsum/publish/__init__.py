"""Publish an adapter, and write documents about a run.

This module sets two environment variables, because huggingface_hub reads them when it is imported for the first time.
"""

import os

os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # the hub is then used with plain HTTPS, which proxies allow
os.environ.setdefault("HF_HUB_VERBOSITY", "error")  # this command prints its own progress bar and message

# Publishing needs the network. medsum.core.offline forbids the network if huggingface_hub is imported later than it, so
# huggingface_hub is imported here.
import huggingface_hub.constants  # noqa: F401
