"""Params section `privacy`: what to do with records that may identify a person."""

from typing import Literal

from medsum.core.catalogue import entries
from medsum.core.params_section import ParamsSection
from medsum.core.paths import SOURCES

Chosen = Literal["report", "mask", "drop", "fail"]
Action = Literal["auto", "report", "mask", "drop", "fail"]


class PrivacyParams(ParamsSection):
    """`action` applies to records and rows with identifiers of people. With auto, the source decides."""

    action: Action

    def of_source(self, source: str) -> Chosen:
        """Return the action for a folder of data/raw.

        With auto, the action is report if the catalogue says `deidentified: true`, and fail for every other folder.
        """
        if self.action != "auto":
            return self.action
        return "report" if entries(SOURCES).get(source, {}).get("deidentified") is True else "fail"

    def of_batch(self) -> Chosen:
        """Return the action for a batch. With auto, the action is report, because the user already has the texts."""
        return "report" if self.action == "auto" else self.action


def load() -> PrivacyParams:
    """Read the params section from params.yaml."""
    return PrivacyParams.load("privacy")
