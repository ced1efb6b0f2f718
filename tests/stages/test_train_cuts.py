"""A training that cuts notes or dialogues says so on the terminal, with the parameter to raise."""

from pathlib import Path

import pytest

from medsum.dialogue.record import Record
from medsum.model.chat import prompt_builder
from medsum.params import model, prompt, runtime, train, watch
from medsum.training.dataset import TokenizedSplit, tokenize
from stages.train import Settings, told_of_cuts
from tests.conftest import run_stage, set_params


def splits_of(base: Path, settings: Settings) -> dict[str, TokenizedSplit]:
    """Eight training records, whose notes have about thirty words, and two for validation."""
    builder = prompt_builder(base, settings.prompt)
    note = "Left knee pain since May. " * 6
    records = [Record(str(number), "Doctor: Hello there.\nPatient: My knee.", note, "GENHX", "") for number in range(8)]
    return {
        name: tokenize(rows, builder, settings.train.max_target_tokens)
        for name, rows in {"training": records, "validation": records[:2]}.items()
    }


def settings_with(**values: int) -> Settings:
    found = Settings(*(section.load() for section in (model, prompt, runtime, train, watch)))
    changed = {
        name: section.model_copy(
            update={key: value for key, value in values.items() if key in type(section).model_fields}
        )
        for name, section in vars(found).items()
    }
    return Settings(**changed)


def test_cut_notes_and_dialogues_are_told_with_counts_and_what_to_raise(tiny_base: Path) -> None:
    settings = settings_with(max_target_tokens=8, max_input_tokens=16)
    notes, dialogues = told_of_cuts(settings, splits_of(tiny_base, settings))
    assert notes.startswith("8 of 8 training notes and 2 of 2 validation notes are longer than 8 tokens and are cut")
    assert notes.endswith("raise train.max_target_tokens")
    assert dialogues.endswith("raise prompt.max_input_tokens")


def test_nothing_is_told_where_nothing_is_cut(tiny_base: Path) -> None:
    settings = settings_with(max_target_tokens=400, max_input_tokens=400)
    assert list(told_of_cuts(settings, splits_of(tiny_base, settings))) == []


@pytest.mark.slow
def test_the_warning_stands_on_the_terminal_of_a_training(ready: Path) -> None:
    set_params(ready, **{"train.max_target_tokens": 4, "train.num_epochs": 1})
    done = run_stage(ready, "train")
    assert done.returncode == 0, done.stderr
    assert "Warning: 24 of 24 training notes and 3 of 3 validation notes are longer than 4 tokens" in done.stdout
