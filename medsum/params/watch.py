"""Params section `watch`: logs and checkpoints of a training. No stage tracks it, so a change reruns nothing."""

from typing import Annotated

from pydantic import Field

from medsum.params.params_section import ParamsSection


class WatchParams(ParamsSection):
    """`checkpoint_seconds`: time between two checkpoints within an epoch; 0 saves one after every step.

    `report_to` names integrations of transformers; they log the values of every `log_steps`th step.
    """

    report_to: list[str]
    log_steps: Annotated[int, Field(ge=1)]
    checkpoint_seconds: Annotated[int, Field(ge=0)]


def load() -> WatchParams:
    """Read the params section from params.yaml."""
    return WatchParams.load("watch")
