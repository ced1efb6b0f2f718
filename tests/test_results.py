"""The README's figures of the embedded default are those of the last run."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROWS = {"ROUGE-1": "rouge1", "ROUGE-2": "rouge2", "ROUGE-L": "rougeL", "BERTScore": "bertscore"}


def test_the_result_table_of_the_sample_is_what_the_pipeline_measured() -> None:
    measured = json.loads((ROOT / "metrics/evaluation.json").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    table = readme.partition("**Sample corpus**")[2].partition("\n\n|")[2].partition("\n\n")[0]
    for name, key in ROWS.items():
        row = re.search(rf"^\| {name} \| (.+) \|$", table, flags=re.MULTILINE)
        assert row, name
        columns = ("copy_dialogue", "baseline", "finetuned", "difference")
        assert [float(cell) for cell in row[1].split(" | ")] == [measured[column][key] for column in columns]
    assert f"n = {measured['records']}" in readme
