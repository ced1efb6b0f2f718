"""Metrics and their intervals."""

import medsum.core.offline  # noqa: F401  before any library looks
