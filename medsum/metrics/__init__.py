"""Compute metrics of summaries, and the confidence intervals of these metrics."""

import medsum.core.offline  # noqa: F401  first, because libraries read the setting when they are imported
