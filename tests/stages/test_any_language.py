"""Dialogues in other languages, with `data.language: any`: scores hold there, and what reads English alone is off."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from medsum.metrics.names import CHECKERS_OFF, NOT_CHECKED
from medsum.review.chart_definitions import charts_of_stages
from medsum.review.charts import draw
from tests.conftest import run_module, run_script, run_stage, set_params

PLACES = ["膝", "肩", "腰", "首", "足首", "手首", "肘", "背中", "胸", "頭"]
TIMES = ["一月", "三月", "五月"]


@pytest.fixture
def scored(tiny_project: Path) -> Path:
    """A project of 30 Japanese visits whose fine-tuned model writes the references, and whose baseline nothing."""
    set_params(tiny_project, **{"data.source": "mine", "data.language": "any"})
    folder = tiny_project / "data/raw/mine"
    folder.mkdir()
    with (folder / "visits.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["ID", "section_header", "section_text", "dialogue"])
        for number, (place, time) in enumerate((place, time) for place in PLACES for time in TIMES):
            said = f"医師: どこが痛みますか\n患者: {place}です\n医師: いつからですか\n患者: {time}からです"
            rows.writerow([f"v-{number}", "GENHX", f"{time}から{place}が痛い。", said])
    for stage in ("check", "prepare", "split"):
        done = run_stage(tiny_project, stage)
        assert done.returncode == 0, done.stderr
    lines = (tiny_project / "data/splits/test.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    (tiny_project / "data/predictions").mkdir(exist_ok=True)
    for model, key in {"baseline": None, "finetuned": "summary"}.items():
        texts = [json.dumps({"id": row["id"], "text": row[key] if key else ""}) for row in records]
        (tiny_project / f"data/predictions/{model}.jsonl").write_text("\n".join(texts), encoding="utf-8")
    for stage in ("evaluate", "error_analysis"):
        done = run_stage(tiny_project, stage)
        assert done.returncode == 0, done.stderr
    return tiny_project


def test_metrics_and_report_say_that_errors_were_not_looked_for(scored: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    metrics = json.loads((scored / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert metrics["checkers"] == CHECKERS_OFF
    assert set(metrics["finetuned"]) == {"rouge1", "rougeL", "bertscore"}
    assert (metrics["finetuned"]["rouge1"], metrics["finetuned"]["rougeL"]) == (1, 1)
    assert list(metrics["against_baseline"]) == ["rouge1"]
    details = json.loads((scored / "reports/evaluation.json").read_text(encoding="utf-8"))
    assert details["settings"]["faithfulness"] == CHECKERS_OFF
    assert "any script" in details["settings"]["rouge"]
    assert (details["finetuned"]["length_ratio"], details["finetuned"]["empty"]) == (1, 0)
    assert 0 < details["floors"]["copy_dialogue"]["rouge1"] < 1
    assert json.loads((scored / "reports/errors.json").read_text(encoding="utf-8"))["checkers"] == CHECKERS_OFF
    for kind in ("md", "html"):
        report = (scored / f"reports/error_analysis.{kind}").read_text(encoding="utf-8")
        assert "The summaries were not checked for errors" in report
        assert "医師: どこが痛みますか" in report
    monkeypatch.chdir(scored)
    for chart in charts_of_stages():
        if chart.csv.is_file():  # those of training are of another test
            draw(chart)


def test_a_note_is_written_unchecked_and_says_so(served_project: Path, tmp_path: Path) -> None:
    set_params(served_project, **{"data.language": "any"})
    text = "Doctor: Any chest pain?\nPatient: No."
    plain = run_script(served_project, "summarize.py", "--section", "HPI", stdin=text)
    assert (plain.returncode, plain.stderr) == (0, f"Read as 2 turns of Doctor and Patient. {NOT_CHECKED}\n")
    note = json.loads(run_script(served_project, "summarize.py", "--json", "--section", "HPI", stdin=text).stdout)
    assert (note["evidence"], note["flags"], note["unchecked"]) == ([], [], NOT_CHECKED)
    marked = run_script(served_project, "summarize.py", "--marked", "--section", "HPI", stdin=text).stdout
    assert NOT_CHECKED in marked
    assert note["summary"] in marked
    batch = tmp_path / "visits.jsonl"
    batch.write_text(json.dumps({"id": "1", "dialogue": text}), encoding="utf-8")
    options = ("--batch", str(batch), "--output", str(tmp_path / "notes.jsonl"), "--section", "HPI")
    done = run_script(served_project, "summarize.py", *options)
    assert done.returncode == 0
    assert NOT_CHECKED in done.stderr
    (tmp_path / "note.txt").write_text("Reports chest pain.", encoding="utf-8")
    refused = run_script(served_project, "summarize.py", "--check", str(tmp_path / "note.txt"), stdin=text)
    assert refused.returncode == 1
    assert "the checkers read only English; set data.language to 'en'" in refused.stderr


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"evaluate.rouge_stemmer": True}, "evaluate.rouge_stemmer is only for English"),
        ({"generation.rerank": "faithfulness", "generation.num_beams": 4}, "generation.rerank uses checks"),
    ],
)
def test_a_parameter_that_needs_english_is_refused(values: dict[str, object], said: str, project: Path) -> None:
    set_params(project, **{"data.language": "any", **values})
    done = run_stage(project, "check")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: params.yaml: {said}")
    set_params(project, **{"data.language": "en"})
    assert run_stage(project, "check").returncode == 0


@pytest.mark.slow
def test_scores_in_english_do_not_change_where_any_language_is_allowed(tiny_project: Path) -> None:
    found = {}
    for language in ("en", "any"):
        set_params(tiny_project, **{"data.language": language})
        for stage in ("check", "prepare", "split"):
            assert run_stage(tiny_project, stage).returncode == 0
        records = tiny_project / "data/splits/test.jsonl"
        rows = [json.loads(line) for line in records.read_text(encoding="utf-8").splitlines()]
        texts = [json.dumps({"id": row["id"], "text": row["dialogue"][:80]}) for row in rows]
        (tiny_project / "texts.jsonl").write_text("\n".join(texts), encoding="utf-8")
        output = tiny_project / f"scored-{language}"
        options = ("--predictions", "texts.jsonl", "--records", str(records), "--output", str(output))
        assert run_module(tiny_project, "stages.evaluate", *options).returncode == 0
        found[language] = json.loads((output / "evaluation.json").read_text(encoding="utf-8"))["predictions"]
        shutil.rmtree(output)
    assert 0 < found["en"]["rouge1"] < 1
    assert found["any"] == {name: found["en"][name] for name in found["any"]}
    assert set(found["en"]) - set(found["any"]) == {"omission", "factual_f1", "hallucination", "major_errors"}
