"""Params section `privacy`: what is done with what may identify a person."""

from typing import Literal

from medsum.core.paths import SOURCES
from medsum.params.catalogue import entries
from medsum.params.params_section import ParamsSection

Chosen = Literal["report", "mask", "drop", "fail"]
Action = Literal["auto", "report", "mask", "drop", "fail"]


class PrivacyParams(ParamsSection):
    """`action` is what is done with records and rows that hold identifiers; auto: by their source."""

    action: Action

    def of_source(self, source: str) -> Chosen:
        """Return the action for a folder of data/raw: auto is report where the catalogue says `deidentified: true`.

        For every other folder auto is fail.
        """
        if self.action != "auto":
            return self.action
        return "report" if entries(SOURCES).get(source, {}).get("deidentified") is True else "fail"

    def of_batch(self) -> Chosen:
        """Return the action for a batch, whose notes go back to whoever gave the dialogues: auto is report."""
        return "report" if self.action == "auto" else self.action


def load() -> PrivacyParams:
    """Read the params section from params.yaml."""
    return PrivacyParams.load("privacy")
