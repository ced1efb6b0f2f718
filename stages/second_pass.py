"""Train the fine-tuned adapter further, on the notes that the stage candidates collected.

    python -m stages.second_pass

- `second_pass.method: none`: no training; models/second_pass/ has only a text that says so
- `method: chosen`: train on the training records and on the chosen notes
- `method: preferences`: train on pairs of notes (DPO)

The stage reads data/preferences/, the files that the stage train reads, and models/finetuned/. It writes
models/second_pass/ and metrics/second_pass.json. The parameters come from the sections second_pass and train. One
process does the work. If a run with `chosen` is killed, the next run resumes from its last checkpoint. A killed run
with `preferences` starts again.
"""

import tempfile
from pathlib import Path
from typing import Any

from medsum.core.atomic import replacing_folder, write_json, write_text
from medsum.core.errors import run_script
from medsum.core.killed import TRAINING, telling_if_killed
from medsum.core.paths import ADAPTER, BASES, CHOSEN, PAIRS, SECOND_PASS, SECOND_PASS_METRICS, VALIDATION_SPLIT
from medsum.dialogue.record import read_jsonl, read_records
from medsum.params import model, prompt, runtime, second_pass, train, watch
from medsum.params.second_pass import SecondPassParams

NOTHING = "second_pass.method is none: models/finetuned is the adapter that is served.\n"


def learn_chosen(params: SecondPassParams, folder: Path) -> dict[str, Any]:
    """Train on the training records and the chosen notes, and write the adapter into `folder`. Return the metrics."""
    from medsum.model.chat import prompt_builder
    from medsum.model.loading import load_tokenizer
    from medsum.training import checkpoints
    from medsum.training.adapter import save_adapter
    from medsum.training.continuing import load_to_continue
    from medsum.training.dataset import tokenize
    from medsum.training.fine_tuning import fine_tune

    base, first = BASES / model.load().base, train.load()
    settings = first.model_copy(update={"learning_rate": params.learning_rate, "num_epochs": params.num_epochs})
    values = {s.__name__: s.load().model_dump() for s in (model, prompt, runtime, second_pass, train)}
    key = checkpoints.fingerprint(values, [base, ADAPTER, first.target_file, CHOSEN, VALIDATION_SPLIT])
    builder = prompt_builder(base, prompt.load())
    rows = [*read_records(first.target_file), *read_records(CHOSEN)]
    splits = [tokenize(some, builder, first.max_target_tokens) for some in (rows, read_records(VALIDATION_SPLIT))]
    with checkpoints.claimed(key) as place:
        adapted = load_to_continue(base, settings, model.load().quantization)
        rest = (settings, watch.load(), place)
        curves = fine_tune(adapted, load_tokenizer(base), builder, splits[0].dataset, splits[1].dataset, *rest)
        save_adapter(adapted, base, folder)
    return {"records": len(rows), "validation_loss": curves.best()["loss"]}


def learn_pairs(params: SecondPassParams, folder: Path) -> dict[str, Any]:
    """Train on the pairs, and write the adapter into `folder`. Return the metrics."""
    from medsum.model.chat import prompt_builder
    from medsum.model.loading import load_tokenizer
    from medsum.training.adapter import save_adapter
    from medsum.training.continuing import load_to_continue
    from medsum.training.preferences import learn_preferences, pair_rows

    base, settings = BASES / model.load().base, train.load()
    rows = pair_rows(list(read_jsonl(PAIRS)), prompt_builder(base, prompt.load()), settings.max_target_tokens)
    adapted = load_to_continue(base, settings, model.load().quantization)
    with tempfile.TemporaryDirectory(prefix="medsum-") as place:
        share = learn_preferences(adapted, load_tokenizer(base), rows, settings, params, Path(place))
    save_adapter(adapted, base, folder)
    return {"pairs": len(rows), "better_note_gained_more": round(share, 4)}


def main() -> None:
    """Do the second pass that params.yaml asks for."""
    params = second_pass.load()
    metrics: dict[str, Any] = {}
    with replacing_folder(SECOND_PASS) as folder:
        if params.method == "none":
            write_text(folder / "none.txt", NOTHING)
        else:
            from medsum.model import determinism

            determinism.fix(runtime.load().threads, train.load().seed)
            metrics = (learn_chosen if params.method == "chosen" else learn_pairs)(params, folder)
    write_json(SECOND_PASS_METRICS, metrics)
    told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in metrics.items())
    print(f"{SECOND_PASS}: {params.method}" + (f", {told}" if told else ""))


if __name__ == "__main__":
    with telling_if_killed(TRAINING):
        run_script(main)
