"""What command line and page share: from what a person gives to a note with its evidence."""
