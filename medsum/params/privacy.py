"""Params section `privacy`: what to do with records that contain identifiers of people, such as names."""

from typing import Literal

from medsum.core.catalogue import entries
from medsum.core.params_section import ParamsSection
from medsum.core.paths import SOURCES

Chosen = Literal["report", "mask", "drop", "fail"]
Action = Literal["auto", "report", "mask", "drop", "fail"]


class PrivacyParams(ParamsSection):
    """`action` says what happens to records with identifiers. For auto, this depends on the source of the records."""

    action: Action

    def of_source(self, source: str) -> Chosen:
        """Return the action for the records of a folder of data/raw.

        For auto, return report if catalogue.yaml has `deidentified: true` for the folder, and otherwise fail.
        """
        if self.action != "auto":
            return self.action
        return "report" if entries(SOURCES).get(source, {}).get("deidentified") is True else "fail"

    def of_batch(self) -> Chosen:
        """Return the action for a user's file of dialogues. For auto, return report, because the user has the texts."""
        return "report" if self.action == "auto" else self.action


def load() -> PrivacyParams:
    """Read the params section from params.yaml."""
    return PrivacyParams.load("privacy")
