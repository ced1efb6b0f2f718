"""Load a base model or an adapter of any architecture, and make its prompts."""

import logging

import medsum.core.offline  # noqa: F401  first, because libraries read the setting when they are imported

# bitsandbytes warns that a kernel is missing, but this project does not use the kernel.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
