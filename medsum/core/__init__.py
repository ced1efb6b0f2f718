"""What all other packages use: files, errors, processes, paths."""
