"""Dialogues and records: reading, turns, speakers, sentences and section headers."""
