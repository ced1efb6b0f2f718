"""Load a base model or an adapter of any architecture, and make its prompts."""

import logging

import medsum.core.offline  # noqa: F401  imported first, because it sets a variable that libraries read

# bitsandbytes warns about a missing kernel, but this project does not need that kernel.
logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
