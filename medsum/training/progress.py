"""Show a training run on the terminal: loss, learning rate, tokens per second and remaining time."""

import time
from typing import Any

from tqdm import tqdm
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Progress(TrainerCallback):
    """Shows a progress bar of the optimizer steps, and a line for each validation."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Open the bar. The bar of a resumed run begins at the step of its checkpoint."""
        self.started, self.tokens_before = time.monotonic(), state.num_input_tokens_seen
        self.bar = tqdm(
            total=state.max_steps,
            initial=state.global_step,
            unit="step",
            desc="Training",
            disable=not state.is_world_process_zero,
        )

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Update the bar after each step, or print the scores of a validation.

        `tokens/s` is the mean number of input tokens per second since this process began to train, without padding.
        """
        logs: dict[str, float] = kwargs["logs"]
        if "loss" in logs:
            rate = (state.num_input_tokens_seen - self.tokens_before) / (time.monotonic() - self.started)
            shown = {"loss": f"{logs['loss']:.3f}", "rate": f"{logs['learning_rate']:.2e}", "tokens/s": f"{rate:.0f}"}
            self.bar.set_postfix(shown, refresh=False)
            self.bar.update(state.global_step - self.bar.n)
        elif "eval_loss" in logs:
            scores = [f"{name} {logs[f'eval_{name}']:.4f}" for name in ("loss", "rougeL") if f"eval_{name}" in logs]
            if state.is_world_process_zero:
                self.bar.write(f"step {state.global_step}: validation {', '.join(scores)}")

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Close the bar. The last state of the bar remains on the terminal."""
        self.close()

    def close(self) -> None:
        """Close the bar. After an error, this is also needed, because tqdm draws an open bar again at exit."""
        if hasattr(self, "bar"):
            self.bar.close()
