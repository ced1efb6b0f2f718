"""What everything rests on: files, errors, processes, paths."""
