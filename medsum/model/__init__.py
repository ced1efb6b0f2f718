"""Load a base model or an adapter of any architecture, and make its prompts."""

import logging

import medsum.core.offline  # noqa: F401  before any library reads the settings of the hub

logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # it warns of a missing kernel that nothing here uses
