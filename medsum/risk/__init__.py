"""The risk of a note: the probability that it states something wrong."""
