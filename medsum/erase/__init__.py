"""Remove the records of a patient from the project, and search the remaining files for copies."""
