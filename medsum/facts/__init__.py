"""Clinical facts of dialogues and notes. A fact has the same form whether it is spoken or written."""
