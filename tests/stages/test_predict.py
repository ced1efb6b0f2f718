"""Predictions outside the pipeline: any checkpoint, any records, and nothing of the pipeline is touched."""

import json
from pathlib import Path
from typing import Any

import pytest

from medsum.generation.conversion import convert
from tests.conftest import run_script, run_stage, sample_rows, set_params
from tests.generation.test_summarizer import FRAME

RECORDS = [
    {"id": row["ID"], "dialogue": row["dialogue"], "section": row["section_header"]} for row in sample_rows()[:9]
]


def write(path: Path, rows: list[Any]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def arguments(folder: Path, model: Path | str) -> list[str]:
    write(folder / "records.jsonl", RECORDS)
    output = str(folder / "out.jsonl")
    return ["--model-path", str(model), "--records", str(folder / "records.jsonl"), "--output", output]


def files(project: Path) -> dict[Path, bytes]:
    return {
        p: p.read_bytes() for p in project.rglob("*") if p.is_file() and not {"__pycache__", ".medsum"} & set(p.parts)
    }


@pytest.mark.slow
def test_a_checkpoint_and_its_conversion_summarise_any_records_in_their_order(
    tiny_project: Path, tmp_path: Path
) -> None:
    before = files(tiny_project)
    convert(tiny_project / "models/base/tiny", tmp_path / "converted", "float32", FRAME)
    written = []
    for model in (Path("models/base/tiny"), tmp_path / "converted"):
        result = run_stage(tiny_project, "predict", *arguments(tmp_path, model))
        assert result.returncode == 0, result.stderr
        written.append((tmp_path / "out.jsonl").read_text(encoding="utf-8"))
        # At most 48 tokens.
        assert f"out.jsonl: 9 summaries, {len(RECORDS)} of them written in several windows" in result.stdout
    assert [json.loads(line)["id"] for line in written[0].splitlines()] == [row["id"] for row in RECORDS]
    assert len({json.loads(line)["text"] for line in written[0].splitlines()}) > 1
    assert written[0] == written[1]
    assert files(tiny_project) == before


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (
            "models/none",
            "models/none is not a folder with a model; give such a folder, or finetuned, baseline, serving",
        ),
        ("finetuned", "models/finetuned is not there; run `dvc repro` to make it"),
        ("data/raw/few", "data/raw/few holds no config.json; put config.json, model.safetensors and"),
    ],
)
def test_what_is_no_model_is_told_in_a_sentence(model: str, said: str, tiny_project: Path, tmp_path: Path) -> None:
    result = run_stage(tiny_project, "predict", *arguments(tmp_path, model))
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {said}")
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out.jsonl").exists()


@pytest.mark.slow
def test_an_adapter_that_was_pulled_says_how_to_get_its_base(tiny_project: Path, tmp_path: Path) -> None:
    adapter = tiny_project / "models/finetuned"
    adapter.mkdir()
    for base, said in {
        "models/base/flan-t5-small": "models/base/flan-t5-small is not fetched yet; run `python -m stages.fetch_base",
        "models/base/ours": "models/base/ours is not there, and models/base/catalogue.yaml has no such entry; put your",
        "google/flan-t5-small": "models/finetuned was trained on google/flan-t5-small, which is not there; put",
    }.items():
        config = json.dumps({"base_model_name_or_path": base})
        (adapter / "adapter_config.json").write_text(config, encoding="utf-8")
        result = run_stage(tiny_project, "predict", *arguments(tmp_path, "finetuned"))
        assert (result.returncode, result.stderr[: len(said) + 7]) == (1, f"Error: {said}")
        assert result.stderr.count("\n") == 1


@pytest.mark.slow
def test_a_baseline_that_is_not_fetched_says_how_to_get_it(tiny_project: Path, tmp_path: Path) -> None:
    set_params(tiny_project, **{"model.base": "flan-t5-small"})
    result = run_stage(tiny_project, "predict", *arguments(tmp_path, "baseline"))
    said = "Error: models/base/flan-t5-small is not fetched yet; run `python -m stages.fetch_base flan-t5-small`\n"
    assert (result.returncode, result.stderr) == (1, said)


def test_the_folder_that_the_export_stage_leaves_is_a_model_too(served_project: Path, tmp_path: Path) -> None:
    texts = []
    for model in ("models/serving", "serving"):
        result = run_stage(served_project, "predict", *arguments(tmp_path, model))
        assert result.returncode == 0, result.stderr
        texts.append((tmp_path / "out.jsonl").read_bytes())
    assert texts[0] == texts[1]


def test_an_output_of_the_pipeline_is_never_overwritten(tiny_project: Path, tmp_path: Path) -> None:
    words = arguments(tmp_path, "models/base/tiny")
    words[-1] = "data/predictions/finetuned.jsonl"
    result = run_stage(tiny_project, "predict", *words)
    assert result.returncode == 1
    assert "data/predictions/finetuned.jsonl belongs to the pipeline" in result.stderr


def test_a_line_that_is_no_record_is_named_and_not_quoted(tiny_project: Path, tmp_path: Path) -> None:
    words = arguments(tmp_path, "models/base/tiny")
    write(tmp_path / "records.jsonl", [RECORDS[0], {"text": "secret"}])
    result = run_stage(tiny_project, "predict", *words)
    assert result.returncode == 1
    assert "records.jsonl, line 2: not a record; write a JSON object with id and dialogue" in result.stderr
    assert "secret" not in result.stderr


@pytest.mark.slow
def test_reranked_summaries_are_the_same_by_stage_and_command_line_and_run_after_run(
    tiny_project: Path, tmp_path: Path
) -> None:
    words = arguments(tmp_path, "models/base/tiny")
    written = []
    for rerank in ("none", "faithfulness", "faithfulness"):
        set_params(tiny_project, **{"generation.num_beams": 6, "generation.rerank": rerank})
        result = run_stage(tiny_project, "predict", *words)
        assert result.returncode == 0, result.stderr
        written.append((tmp_path / "out.jsonl").read_bytes())
    assert written[0] != written[1] == written[2]
    batch = ["--batch", words[3], "--output", str(tmp_path / "notes.jsonl"), "--model", "models/base/tiny"]
    batch += ["--section", "any"]  # where a record has none
    result = run_script(tiny_project, "summarize.py", *batch)
    assert result.returncode == 0, result.stderr
    notes = [json.loads(line) for line in (tmp_path / "notes.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [note["summary"] for note in notes] == [json.loads(line)["text"] for line in written[1].splitlines()]
