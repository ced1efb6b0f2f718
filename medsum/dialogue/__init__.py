"""Read dialogues and records, with their turns, speakers, sentences and section headers."""
