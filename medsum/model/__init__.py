"""Prompt, loading, training and generation. Models are read from local folders only."""

import logging
import os

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it misses a kernel that nothing here needs
os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before a library could ask the hub about a local folder
