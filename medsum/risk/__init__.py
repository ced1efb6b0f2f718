"""The risk of a note is the probability that the note states something wrong."""
