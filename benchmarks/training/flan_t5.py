"""Print the memory table of docs/flan-t5.md: `python -m benchmarks.training.flan_t5`.

The command reads the parameters of each `dvc exp run` on the page. It computes the memory from the real shape of the
base model, for the longest prompts and notes that the parameters allow. It makes no weights.
"""

from pathlib import Path

from benchmarks.training.memory import config_of
from benchmarks.training.page_commands import EXPERIMENT, commands, parameters
from medsum.core.errors import run_script
from medsum.params import generation, one_off, prompt, train
from medsum.params.generation import GenerationParams
from medsum.params.prompt import PromptParams
from medsum.params.train import TrainParams
from medsum.training.memory_needs import Batch, Formats, serving, training
from medsum.training.shape import shape_of

PAGE = Path("docs/flan-t5.md")
HEAD = (
    "| command | base | parameters, million | download, GB | training, GB: GPU, bf16 | CPU, bf16 | CPU, fp32 |"
    " serving, GB |\n|---|---|---|---|---|---|---|---|"
)
DEVICES = (("cuda", "bf16"), ("cpu", "bf16"), ("cpu", "fp32"))
SECTIONS = {"train": train, "generation": generation, "prompt": prompt}


def device_batch(params: TrainParams, prompt_tokens: int) -> Batch:
    """Return the largest batch that the model reads at once: a whole batch, or a piece of a batch."""
    records, tokens = params.batch_size, prompt_tokens + params.max_target_tokens
    if params.batch_tokens is not None:
        records = min(records, max(1, params.batch_tokens // tokens))
    return Batch(records, prompt_tokens, params.max_target_tokens)


def row(section: str, values: dict[str, str]) -> str:
    """Return the line of one experiment."""
    base = values["model.base"]
    given: dict[str, dict[str, str]] = {name: {} for name in SECTIONS}
    for key, value in values.items():
        name, _, leaf = key.partition(".")
        if name in given:
            given[name][leaf] = value
    trained, written, read = (one_off.override(name, module.load(), given[name]) for name, module in SECTIONS.items())
    assert isinstance(trained, TrainParams)
    assert isinstance(written, GenerationParams)
    assert isinstance(read, PromptParams)
    shape = shape_of(config_of(f"google/{base}"), trained)
    batch = device_batch(trained, read.max_input_tokens)
    amounts = [
        training(
            shape, batch, Formats("fp32", compute, device),
            dropout=trained.lora_dropout > 0, checkpointing=trained.gradient_checkpointing,
        ).total
        for device, compute in DEVICES
    ]  # fmt: skip
    amounts.append(
        serving(shape, Batch(1, read.max_input_tokens, written.max_new_tokens), "int8", written.num_beams).total
    )
    cells = " | ".join(f"{amount / 1e9:.1f}" for amount in amounts)
    return f"| {section} | {base} | {shape.parameters / 1e6:.0f} | {shape.parameters * 4 / 1e9:.1f} | {cells} |"


def table() -> str:
    """Return the Markdown table, with one line for each experiment of the page."""
    rows = [
        row(heading.partition(".")[0], parameters(one))
        for heading, typed in commands(PAGE).items()
        for one in typed
        if one.startswith(EXPERIMENT)
    ]
    return "\n".join([HEAD, *rows])


def main() -> None:
    """Print the table."""
    print(table())


if __name__ == "__main__":
    run_script(main)
