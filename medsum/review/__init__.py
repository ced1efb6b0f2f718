"""Texts and pictures for reviewers and teams: changes, experiments, charts, measured tables."""
