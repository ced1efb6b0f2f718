"""Compare the facts and words of a summary with its dialogue and its reference."""

import medsum.core.offline  # noqa: F401  first, because libraries read the setting when they are imported
