"""Facts and words of a summary held against its dialogue and its reference."""

import medsum.core.offline  # noqa: F401  before any library looks
