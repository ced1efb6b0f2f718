"""Find clinical facts, such as medications, doses and findings, in dialogues and notes. fact.py defines a fact."""
