"""How faithful a summary is: facts and words of summary, reference and dialogue held against each other."""
