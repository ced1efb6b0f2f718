"""Metrics of summaries, and confidence intervals of the metrics."""

import medsum.core.offline  # noqa: F401  it must come first, because libraries read this setting when they start
