"""Prompt, loading, training and generation. Models are read from local folders only."""

import os

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before a library could ask the hub about a local folder
