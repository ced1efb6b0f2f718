"""Fetch what a catalogue names: data sets, base models, encoders."""
