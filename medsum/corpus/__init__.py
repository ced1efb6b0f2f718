"""Read raw files, and turn them into clean records and into splits (train, validation and test)."""
