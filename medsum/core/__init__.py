"""Code that all other packages use: files, errors, processes and paths."""
