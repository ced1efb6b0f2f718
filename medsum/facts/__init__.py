"""Find clinical facts, such as medications, doses and findings, in dialogues and notes. See fact.py for their form."""
