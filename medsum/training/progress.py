"""What the terminal shows of a training: loss, learning rate, tokens a second and time left."""

import time
from typing import Any

from tqdm import tqdm
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class Progress(TrainerCallback):
    """A bar by optimizer step, and a line for each validation."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """A resumed run's bar begins where the run was interrupted."""
        self.started, self.tokens_before = time.monotonic(), state.num_input_tokens_seen
        self.bar = tqdm(
            total=state.max_steps,
            initial=state.global_step,
            unit="step",
            desc="Training",
            disable=not state.is_world_process_zero,
        )

    def on_log(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """After each step; tokens are those of the prompts, without padding, since this process began."""
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
        """The bar stays as it was."""
        self.close()

    def close(self) -> None:
        """Also where training ends in an error: an open bar would write once more, after its sentence."""
        if hasattr(self, "bar"):
            self.bar.close()
