"""Find clinical facts in dialogues and notes. Spoken and written facts have the same form."""
