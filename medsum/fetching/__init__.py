"""Fetch the entries of the catalogues: data sets, base models and encoders.

Each entry is pinned: its catalogue.yaml holds the sha256 of its files or a revision of its repository.
"""
