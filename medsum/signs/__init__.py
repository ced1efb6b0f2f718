"""Signs that a tokenizer cannot give back: found, and written in words that it can."""
