"""What a reviewer and a team read: changes, experiments, charts, measured tables."""
