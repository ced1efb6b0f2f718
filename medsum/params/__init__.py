"""The sections of params.yaml, one module each."""
