"""Clinical facts of dialogues and notes, in a form in which the spoken and the written compare equal."""
