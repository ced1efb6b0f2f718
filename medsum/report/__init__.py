"""The error report: aggregates, worst records, pages."""
