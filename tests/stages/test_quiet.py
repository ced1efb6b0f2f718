"""A run says nothing on stderr but its progress: no warning of a library that a user can do nothing about."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import run_stage, set_params

BAR = re.compile(r"\s*(Training|Summarizing): +\d+%\|.*|\s*")


def besides_progress(done: subprocess.CompletedProcess[str]) -> list[str]:
    """Lines of stderr that are no progress bar."""
    assert done.returncode == 0, done.stderr
    return [line for line in re.split(r"[\r\n]+", done.stderr) if not BAR.fullmatch(line)]


@pytest.mark.long
def test_a_model_of_flan_t5s_shape_is_trained_exported_and_run_without_a_warning(
    ready: Path, untied_base: Path
) -> None:
    shutil.copytree(untied_base, ready / "models/base/untied")
    set_params(ready, **{"model.base": "untied"})
    for words in (["train"], ["export"], ["predict", "baseline"], ["predict", "finetuned"]):
        assert besides_progress(run_stage(ready, words[0], *words[1:])) == [], words
