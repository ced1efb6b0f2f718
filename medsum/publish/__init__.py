"""Publish an adapter. huggingface_hub reads these two variables when it is first imported."""

import os

os.environ.setdefault("HF_HUB_DISABLE_XET", "1")  # plain HTTPS, which proxies allow
os.environ.setdefault("HF_HUB_VERBOSITY", "error")  # the progress bar and one sentence are enough
