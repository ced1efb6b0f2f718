"""Write the curves of a training run with DVCLive, if `watch.report_to` names dvclive."""

import os
from pathlib import Path
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.integrations.integration_utils import rewrite_logs

NAME = "dvclive"


class DvcLiveLogs(TrainerCallback):
    """Writes every log into `folder`, with the optimizer step and with the names that TensorBoard shows.

    The callback of transformers is not used. It rewrites dvc.yaml, saves an experiment of its own, and counts the logs
    instead of the optimizer steps.
    """

    def __init__(self, folder: Path, log_steps: int) -> None:
        self.folder = folder
        self.log_steps = log_steps

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Begin the files of the run again. A resumed run first writes the logs that its checkpoint holds."""
        if not state.is_world_process_zero:
            return
        os.environ["DVC_STUDIO_OFFLINE"] = "true"  # without it, Live uses the network if DVC's settings name a Studio
        from dvclive import Live

        self.live = Live(dir=str(self.folder), dvcyaml=False, save_dvc_exp=False, report=None)
        for row in state.log_history:
            if "loss" not in row or row["step"] % self.log_steps == 0:
                self._write(int(row["step"]), row)
        self.live.make_summary()

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Write a log. `Live.next_step` is not used, because it reads all files of the run again at every step."""
        if state.is_world_process_zero:
            self._write(state.global_step, kwargs["logs"])
            self.live.make_summary()

    def _write(self, step: int, logs: dict[str, float]) -> None:
        self.live.step = step
        for name, value in rewrite_logs({key: value for key, value in logs.items() if key != "step"}).items():
            if isinstance(value, int | float):
                self.live.log_metric(name, value)
