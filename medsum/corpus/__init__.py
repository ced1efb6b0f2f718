"""Turn raw files into clean records and splits."""
