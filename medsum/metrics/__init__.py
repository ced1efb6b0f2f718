"""Metrics of summaries, and confidence intervals of the metrics."""

import medsum.core.offline  # noqa: F401  before any library reads the settings of the hub
