"""Tools for reviewers and teams: compare, promote, reproduce and share runs, measure corrections, draw charts."""
