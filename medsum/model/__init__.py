"""Load a base model or an adapter of any architecture, and make its prompts."""

import logging

import medsum.core.offline  # noqa: F401  imported first, because libraries read its setting during import

# bitsandbytes warns about a missing kernel, but this project does not need that kernel.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
