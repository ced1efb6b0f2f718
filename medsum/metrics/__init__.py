"""Compute metrics of summaries, and the confidence intervals of these metrics."""

import medsum.core.offline  # noqa: F401  imported first, because other libraries read its settings at import
