"""From raw files to clean records and splits."""
