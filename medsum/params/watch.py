"""Params section `watch`: the logs and checkpoints of a training run.

No stage depends on this section, so a change does not rerun a stage.
"""

from typing import Annotated

from pydantic import Field

from medsum.core.params_section import ParamsSection


class WatchParams(ParamsSection):
    """`checkpoint_seconds` is the time between two checkpoints within an epoch. 0 means a checkpoint after every step.

    `report_to` names logging integrations of transformers, such as tensorboard. They log each `log_steps`-th step.
    """

    report_to: list[str]
    log_steps: Annotated[int, Field(ge=1)]
    checkpoint_seconds: Annotated[int, Field(ge=0)]


def load() -> WatchParams:
    """Read the params section from params.yaml."""
    return WatchParams.load("watch")
