"""Remove the records of a patient from the project, and search what is left for them."""
