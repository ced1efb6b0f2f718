"""The project whose pipeline has run, as the tests of the pipeline have it."""

from tests.pipeline.conftest import kept, reproduced

__all__ = ["kept", "reproduced"]
