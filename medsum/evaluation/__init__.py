"""Score the summaries of several systems for the same records, and compare the scores."""
