"""Score systems on the same records and compare them."""
