"""The foundation: files, errors, processes, paths."""
