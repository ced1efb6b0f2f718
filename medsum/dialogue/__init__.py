"""The record, its turns, sentences and section headers."""
