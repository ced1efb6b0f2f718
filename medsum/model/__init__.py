"""Load a base model or an adapter, whatever its architecture, and make its prompts."""

import logging

import medsum.core.offline  # noqa: F401  before any library looks

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it misses a kernel that nothing here needs
