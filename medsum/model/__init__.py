"""Load a base model or an adapter of any architecture, and make its prompts."""

import logging

import medsum.core.offline  # noqa: F401  it must come first, because libraries read this setting when they start

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it warns about a missing kernel that is never used here
