"""The stages before the model start without what the model needs."""

from pathlib import Path

import pytest

from tests.conftest import run_stage, set_params

HEAVY = {"torch", "transformers", "datasets", "gradio", "peft", "bert_score", "pandas"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stage", "needs"),
    [
        ("check", {"medsum.params.train"}),
        ("prepare", {"medsum.corpus.cleaning"}),
        ("split", {"medsum.corpus.splitting", "datasketch"}),
        ("audit", {"medsum.faithfulness.error_flags"}),
    ],
)
def test_a_stage_without_a_model_imports_no_model_library(project: Path, stage: str, needs: set[str]) -> None:
    (project / "models/base/mine").mkdir()
    (project / "models/base/mine/config.json").write_text("{}", encoding="utf-8")
    set_params(project, **{"model.base": "mine"})
    for before in {"split": ["prepare"], "audit": ["prepare", "split"]}.get(stage, []):
        assert run_stage(project, before).returncode == 0
    result = run_stage(project, stage, env={"PYTHONPROFILEIMPORTTIME": "1"})
    assert result.returncode == 0
    imported = {
        line.rpartition("|")[2].strip() for line in result.stderr.splitlines() if line.startswith("import time:")
    }
    assert needs <= imported
    assert not HEAVY & imported
