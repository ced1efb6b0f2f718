"""Make the error report: compute its numbers, select the records that it shows, and write its pages."""
