"""Find the signs that a tokenizer loses, and replace them by words that the tokenizer keeps.

A sign is a character such as `≥` or `µ`. A tokenizer loses a sign if the sign is missing or different after encoding
and decoding.
"""
