"""Code that the command line, the page and the API share: from a person's input to a note with its evidence."""
