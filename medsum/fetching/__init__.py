"""Fetch the entries of the catalogues: data sets, base models and encoders.

Each entry is pinned: catalogue.yaml holds the sha256 of each file of the entry, or one revision of the entry's
repository. So everybody gets the same files.
"""
