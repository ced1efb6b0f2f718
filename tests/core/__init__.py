"""Tests of medsum/core."""
