"""Every bad input ends a real stage script in one sentence with the remedy, and changes nothing that was there."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_stage, set_params

SECRET = "xylophone"  # stands in every dialogue and note, and in no message
HEADER = ["ID", "section_header", "section_text", "dialogue"]
PREVIOUS = (
    "data/processed/records.jsonl", "reports/data.json", "metrics/splits.json", "data/splits/train.jsonl",
    "data/splits/validation.jsonl", "data/splits/test.jsonl", "data/checked.txt",
)  # fmt: skip


def row(record_id: object, section: str = "GENHX") -> list[str]:
    return [str(record_id), section, f"Plays the {SECRET}.", f"Doctor: Which {SECRET}?\nPatient: Number {record_id}."]


def as_csv(rows: list[list[str]], header: list[str] | None = None) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([header or HEADER, *rows])
    return text.getvalue()


def source(project: Path, **files: str | bytes) -> None:
    """Make data/raw/mine of files (`visits_csv` is visits.csv) the source of a project that ran before."""
    set_params(project, **{"data.source": "mine"})
    (project / "data/raw/mine").mkdir()
    for name, content in files.items():
        path = project / "data/raw/mine" / name.replace("_", ".")
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for name in PREVIOUS:
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text("of the run before\n", encoding="utf-8")


def records(project: Path, values: list[dict[str, Any]]) -> None:
    """Put records of the project's own where the split stage reads them."""
    source(project, visits_csv="")
    defaults = {"dialogue": f"Doctor: {SECRET}", "summary": SECRET, "section": "GENHX", "source": "mine"}
    lines = [json.dumps({"id": str(n), **defaults, "split": None, "group": None, **v}) for n, v in enumerate(values)]
    (project / "data/processed/records.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")


def files(project: Path) -> dict[str, bytes]:
    """Everything in a project but compiled modules."""
    paths = (path for path in project.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(project).as_posix(): path.read_bytes() for path in paths}


def error(result: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on stderr, without its `Error: `."""
    assert result.returncode == 1, result
    assert result.stderr.startswith("Error: "), result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    assert SECRET not in result.stdout + result.stderr
    return result.stderr.removeprefix("Error: ").rstrip("\n")


def refused(project: Path, stage: str) -> str:
    """The sentence with which a stage refuses its input; nothing is changed."""
    before = files(project)
    said = error(run_stage(project, stage))
    assert files(project) == before
    return said


def test_a_missing_column_names_line_and_columns(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1), row(2)], ["ID", "section_header", "letter", "dialogue"]))
    assert refused(project, "prepare") == (
        "data/raw/mine/visits.csv, line 2: no column 'section_text'; it has ID, section_header, letter, dialogue:"
        " rename it or set data.columns.summary in params.yaml"
    )


def test_a_renamed_column_is_read_as_the_error_says(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1)], ["ID", "section_header", "letter", "dialogue"]))
    set_params(project, **{"data.columns.summary": "letter"})
    assert run_stage(project, "prepare").returncode == 0


def test_a_missing_key_of_a_json_line_names_it(project: Path) -> None:
    lines = [dict(zip(HEADER, row(n), strict=True)) for n in range(2)]
    del lines[1]["dialogue"]
    source(project, visits_jsonl="\n".join(map(json.dumps, lines)))
    assert "visits.jsonl, line 2: no column 'dialogue'; it has ID, section_header" in refused(project, "prepare")


def test_a_file_without_a_header_is_not_quoted(project: Path) -> None:
    source(project, visits_csv=as_csv([row(2)], header=row(1)))
    assert "no column 'ID'; line 1 does not look like a header" in refused(project, "prepare")


@pytest.mark.parametrize("content", ["", "\n \n", "\ufeff", as_csv([])])
def test_an_empty_file_is_named(project: Path, content: str) -> None:
    source(project, good_csv=as_csv([row(1)]), visits_csv=content)
    said = refused(project, "prepare")
    assert said.startswith("data/raw/mine/visits.csv ")
    assert said.endswith("; fill it or take it out of the folder")


def test_a_folder_with_no_data_is_named(project: Path) -> None:
    source(project, notes_txt="Doctor: Hello.")
    assert refused(project, "prepare") == (
        "data/raw/mine holds no data; put at least one .csv, .jsonl, .json or .xlsx file there;"
        " notes.txt is a text without a note; put the note into notes.note.txt"
    )


def test_a_repeated_id_names_both_places(project: Path) -> None:
    source(project, first_csv=as_csv([row(1), row(2)]), second_csv=as_csv([row(3), row(1)]))
    assert refused(project, "prepare") == (
        "data/raw/mine/second.csv, line 4: id '1' already exists in data/raw/mine/first.csv, line 2;"
        " make the values of column 'ID' unique"
    )


def test_empty_dialogues_and_notes_are_dropped_and_counted(project: Path) -> None:
    rows = [row(1), ["2", "GENHX", " ", "Doctor: Hello."], ["3", "GENHX", "A note.", "\n"], ["", "", "", ""]]
    source(project, visits_csv=as_csv(rows))
    result = run_stage(project, "prepare")
    assert result.returncode == 0
    assert result.stdout == "data/processed/records.jsonl: 1 records, 3 dropped as empty\n"
    counts = json.loads((project / "reports/data.json").read_text(encoding="utf-8"))
    assert (counts["read"], counts["kept"], counts["dropped"]) == (4, 1, {"empty_dialogue_or_summary": 3})


def test_it_is_an_error_when_everything_is_dropped(project: Path) -> None:
    source(project, visits_csv=as_csv([["1", "GENHX", "", f"Doctor: {SECRET}"]]))
    assert refused(project, "prepare") == (
        "data/raw/mine: every row has an empty dialogue or summary;"
        " fill columns ID, dialogue, section_text, section_header"
    )


def test_a_dialogue_without_speakers_names_line_and_id(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1), ["v-2", "GENHX", SECRET, f"They talked\nabout a {SECRET}."]]))
    assert refused(project, "prepare") == (
        "data/raw/mine/visits.csv, line 4, record 'v-2': in the dialogue, no speaker is named;"
        " begin each turn with its speaker, as in 'Doctor: ...' and 'Patient: ...'"
    )


def test_a_missing_id_names_the_line(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1), row("")]))
    assert refused(project, "prepare") == (
        "data/raw/mine/visits.csv, line 4: column 'ID' is empty; give every record an id"
    )  # fmt: skip


def test_a_nul_byte_is_named(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1)]).encode() + b"2,GENHX,\0,\0\r\n")
    assert "data/raw/mine/visits.csv, line 4: NUL byte at byte" in refused(project, "prepare")


def test_windows_1252_and_utf_16_are_read_and_the_first_is_told(project: Path) -> None:
    rows = [row(1), ["2", "café", "Sleeps well.", "Doctor: Do you sleep?\nPatient: I can\u2019t complain."]]
    source(project, a_csv=as_csv(rows).encode("cp1252"), b_csv=as_csv([row(3)]).encode("utf-16"))
    result = run_stage(project, "prepare")
    assert result.returncode == 0, result.stderr
    told = (
        "data/raw/mine/a.csv is not UTF-8 and is read as Windows-1252; check its special characters,"
        " or save it as UTF-8"
    )
    assert result.stdout.count("is read as") == 1
    assert told in result.stdout
    lines = (project / "data/processed/records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["1", "2", "3"]
    assert "can't complain" in lines[1]


def test_all_faults_are_told_at_once_up_to_twenty(project: Path) -> None:
    bad = [["", "GENHX", SECRET, f"Doctor: {SECRET}"] for _ in range(30)]
    source(
        project, a_csv=as_csv([row(1), *bad]), b_jsonl="{\n[1]\n" + json.dumps(dict(zip(HEADER, row(2), strict=True)))
    )
    result = run_stage(project, "prepare")
    assert result.returncode == 1
    said = result.stderr.splitlines()
    assert said[0] == "Error: 32 faults:"
    assert said[1] == "  data/raw/mine/a.csv, line 4: column 'ID' is empty; give every record an id"
    assert len(said) == 22
    assert said[-1] == "  and 12 more"
    assert SECRET not in result.stderr


def test_faults_of_several_files_are_told_together(project: Path) -> None:
    source(project, a_csv=as_csv([row("")]), b_jsonl="{}\n", c_csv=as_csv([row(1)]) + "2,GENHX\n")
    said = run_stage(project, "prepare").stderr
    assert "3 faults:" in said
    assert all(f"data/raw/mine/{name}, line" in said for name in ("a.csv", "b.jsonl", "c.csv"))


def test_broken_quotes_name_the_line_where_the_row_starts(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1)]) + f'2,GENHX,"{SECRET},"Doctor: {SECRET}\n')
    said = refused(project, "prepare")
    assert said.startswith("data/raw/mine/visits.csv, line 4: not valid CSV (")
    assert said.endswith("; correct the quotes of that row")


def test_an_unquoted_comma_names_the_line(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1)]) + f"2,GENHX,{SECRET},Doctor: {SECRET}, please?\n")
    assert "line 4: 5 cells, but the header has 4; quote cells that hold commas" in refused(project, "prepare")


def test_an_invalid_json_line_is_named(project: Path) -> None:
    good = json.dumps(dict(zip(HEADER, row(1), strict=True)))
    source(project, visits_jsonl=f"{good}\n{good.replace('}', ',}')}\n")
    said = refused(project, "prepare")
    assert said.startswith("data/raw/mine/visits.jsonl, line 2: not valid JSON (")
    assert said.endswith("; correct that line")


def test_half_a_character_in_json_is_named(project: Path) -> None:
    good = json.dumps(dict(zip(HEADER, row(1), strict=True)))
    source(project, visits_jsonl=good.replace("Plays", "\\ud83d Plays"))
    assert "visits.jsonl, line 1: 'section_text' holds half a character" in refused(project, "prepare")


def test_an_unknown_section_is_kept_and_warned_about_once(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1, "Sleep log"), row(2, "sleep  log"), row(3)]))
    result = run_stage(project, "prepare")
    assert result.returncode == 0
    assert "2 records have section headers that MTS-Dialog does not have" in result.stdout
    assert "SLEEP LOG" not in result.stdout  # which may be a name, in a column taken for another
    lines = (project / "data/processed/records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["section"] for line in lines] == ["SLEEP LOG", "SLEEP LOG", "GENHX"]


def test_an_unknown_split_names_the_line(project: Path) -> None:
    source(project, visits_csv=as_csv([[*row(1), "train"], [*row(2), "later"]], [*HEADER, "split"]))
    assert refused(project, "prepare") == (
        "data/raw/mine/visits.csv, line 4: 'later' in column 'split' is not a split; write train, validation or test"
    )


@pytest.mark.parametrize(
    ("key", "given", "name"),
    [
        ("model.base", "google/flan-t5-base", "flan-t5-base"),
        ("evaluate.scorer", "FacebookAI/roberta-large", "roberta-large"),
    ],
)
def test_a_repository_of_the_hub_is_told_what_it_is_called_here(project: Path, key: str, given: str, name: str) -> None:
    set_params(project, **{key: given})
    said = refused(project, "check")
    assert said == f"params.yaml: {key} is '{given}', which is called {name} here; choose {key}={name}"


@pytest.mark.parametrize(
    ("key", "catalogue", "there"),
    [
        ("data.source", "data/raw", "mts-dialog, sample"),
        ("model.base", "models/base", "mine"),
        ("evaluate.scorer", "models/scorer", "minilm"),
    ],
)
def test_an_unknown_name_lists_what_there_is(project: Path, key: str, catalogue: str, there: str) -> None:
    (project / "models/base/mine").mkdir()
    (project / "models/base/mine/config.json").write_text("{}", encoding="utf-8")
    set_params(project, **{"model.base": "mine", key: "none-such"})
    said = refused(project, "check")
    assert said.startswith(f"params.yaml: {key} is 'none-such', but {catalogue} has only ")
    assert set(there.split(", ")) <= set(said.partition(" has only ")[2].partition(";")[0].split(", "))
    assert said.endswith(f"; choose one of them or put your own folder at {catalogue}/none-such")


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("train.lora_rnak", 8, "train.lora_rnak is not a parameter; did you mean 'lora_rank'?"),
        ("train.lora_rank", 0, "train.lora_rank is 0, but must be a whole number at least 1"),
        ("generation.length_penalty", "long", "generation.length_penalty is 'long', but must be a number at least -10"),
        ("split.test", 0.2, "split: train, validation and test are 0.8, 0.1 and 0.2, which sum to 1.1; they must sum"),
        ("tarin", {}, "tarin is not a section; did you mean 'train'?"),
    ],
)
def test_a_wrong_parameter_is_told_before_any_work(project: Path, key: str, value: Any, said: str) -> None:
    set_params(project, **{key: value})
    assert f"params.yaml: {said}" in refused(project, "check")


def test_a_learning_rate_as_dvc_writes_it_passes_the_check(project: Path) -> None:
    (project / "models/base/compact").mkdir()
    params = (project / "params.yaml").read_text(encoding="utf-8")
    (project / "params.yaml").write_text(params.replace("1.0e-3", "5e-05"), encoding="utf-8")
    assert run_stage(project, "check").stderr == ""
    assert (project / "data/checked.txt").is_file()


@pytest.mark.parametrize("stage", ["prepare", "split"])
def test_a_stage_names_a_wrong_parameter_of_its_own(project: Path, stage: str) -> None:
    source(project, visits_csv=as_csv([row(1)]))
    section = {"prepare": "data", "split": "split"}[stage]
    (project / "data/processed/records.jsonl").write_text("", encoding="utf-8")
    set_params(project, **{f"{section}.xyz": 1})
    assert f"params.yaml: {section}.xyz is not a parameter; known here: " in refused(project, stage)


def test_a_split_without_records_is_named(project: Path) -> None:
    records(project, [{"dialogue": f"Doctor: {SECRET} {word}"} for word in ("one", "two", "three")])
    assert refused(project, "split") == (
        "split 'validation' has no records (3 in all); add data or change the shares in params.yaml"
    )


def test_copies_of_a_few_visits_are_told_as_copies(project: Path) -> None:
    dialogues = [
        f"Doctor: {asked}\nPatient: {told}"
        for asked, told in (
            ("Any chest pain today?", "No, but my left knee has hurt since the third of May, when I fell."),
            ("What brings you in?", "A terrible headache on the right side, for a week, worse when I bend down."),
            ("How is the cough?", "It is worse at night, and I bring up green phlegm every single day."),
        )
    ]
    records(
        project, [{"dialogue": dialogue, "summary": f"{n} {dialogue}"} for n in range(30) for dialogue in dialogues]
    )
    said = refused(project, "split")
    assert said.startswith("split 'validation' has no records (90 in all); near-duplicates stay in one split")
    assert "copies of only 3 dialogues: add other dialogues" in said


def test_texts_in_rtf_and_notes_that_are_none_are_named(project: Path) -> None:
    rtf = "{\\rtf1 Doctor: Any pain?}"
    source(project, visits_csv=as_csv([row(1), ["2", "GENHX", "A note.", rtf], ["3", "GENHX", rtf, "Doctor: Hi."]]))
    said = run_stage(project, "prepare").stderr
    assert "line 4: 'dialogue' holds RTF; export it as plain text" in said
    assert "line 5: 'section_text' holds RTF" in said


def test_a_pipe_or_a_broken_link_among_the_data_stops_nothing(project: Path) -> None:
    source(project, visits_csv=as_csv([row(1)]))
    folder = project / "data/raw/mine"
    os.mkfifo(folder / "pipe.csv")
    (folder / "link.csv").symlink_to("nowhere.csv")
    (folder / "folder.csv").mkdir()
    done = run_stage(project, "prepare", timeout=60)
    assert done.returncode == 0, done.stderr
    for name, reason in {"pipe": "not a regular file", "link": "a broken link", "folder": "a folder"}.items():
        assert f"{name}.csv is not read: {reason}" in done.stdout


def test_no_records_at_all_are_an_error(project: Path) -> None:
    records(project, [])
    (project / "data/processed/records.jsonl").write_text("", encoding="utf-8")
    assert "split 'train' has no records (0 in all)" in refused(project, "split")


def test_official_splits_of_some_records_only_name_the_first_without(project: Path) -> None:
    records(project, [{"split": "train"}, {"split": "train"}, {}, {"split": "test"}, {}])
    assert refused(project, "split") == (
        "2 of 5 records name no official split (the first is '2'); give a split to every record or to none"
    )  # fmt: skip


def test_missing_records_say_what_makes_them(project: Path) -> None:
    assert "data/processed/records.jsonl is not there; run `dvc repro`" in refused(project, "split")


def test_damaged_records_name_the_line(project: Path) -> None:
    records(project, [{}, {}])
    with (project / "data/processed/records.jsonl").open("a", encoding="utf-8") as file:
        file.write(f'{{"dialogue": "{SECRET}\n')
    assert "data/processed/records.jsonl, line 3: not a JSON object; run `dvc repro`" in refused(project, "split")


@pytest.mark.slow
@pytest.mark.parametrize("blocked", ["data/processed", "reports"])
def test_a_folder_that_cannot_be_written_is_named(project: Path, blocked: str) -> None:
    set_params(project, **{"data.source": "sample"})
    shutil.rmtree(project / blocked, ignore_errors=True)
    (project / blocked).write_text("in the way\n", encoding="utf-8")
    said = error(run_stage(project, "prepare"))
    assert said.startswith(f"{blocked}/")
    assert " cannot be written: " in said
    assert (project / blocked).read_text(encoding="utf-8") == "in the way\n"


@pytest.mark.skipif(sys.platform == "win32", reason="limits the size of files as POSIX does")
def test_a_full_disk_leaves_the_run_before_as_it_was(project: Path) -> None:
    source(project, visits_csv=as_csv([row(n) for n in range(100)]))
    before = files(project)
    limited = ["sh", "-c", 'ulimit -f 8; exec "$0" -B -m stages.prepare', sys.executable]
    result = subprocess.run(limited, cwd=project, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert error(result) == (
        "data/processed/records.jsonl cannot be written: File too large; free space or choose another folder"
    )
    assert files(project) == before


@pytest.mark.parametrize(("key", "catalogue"), [("data.source", "data/raw"), ("model.base", "models/base")])
def test_a_copy_for_an_experiment_knows_the_folders_of_its_project(
    project: Path, tmp_path: Path, key: str, catalogue: str
) -> None:
    own = tmp_path / "origin" / catalogue / "own"
    own.mkdir(parents=True)
    (own / "config.json").write_text("{}", encoding="utf-8")
    base = project / "models/base/mine"
    base.mkdir()
    (base / "config.json").write_text("{}", encoding="utf-8")
    set_params(project, **{"model.base": "mine", key: "own"})
    assert f"{key} is 'own', but {catalogue} has only" in error(run_stage(project, "check"))
    result = run_stage(project, "check", env={"DVC_ROOT": str(tmp_path / "origin")})
    assert (result.returncode, result.stderr) == (0, "")


def test_parameters_in_another_encoding_are_told(project: Path) -> None:
    path = project / "params.yaml"
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    assert refused(project, "check") == "params.yaml, line 1: not UTF-8; save it as UTF-8, or restore it from Git"


def test_what_is_not_english_is_refused_unless_any_language_is_asked_for(project: Path) -> None:
    spanish = "Doctor: ¿Qué le duele?\nPatient: Me duele mucho la rodilla desde hace tres días y no puedo caminar."
    source(project, visits_csv=as_csv([["1", "GENHX", "Dolor de rodilla.", spanish]]))
    said = refused(project, "prepare")
    assert "record '1': the dialogue does not look like English (0% of its 16 words" in said
    assert "set data.language in params.yaml to 'any'" in said
    # Screening knows English words only, so it may take another word, such as `Dolor`, for a name.
    set_params(project, **{"data.language": "any", "privacy.action": "report"})
    assert run_stage(project, "prepare").returncode == 0


def test_visits_with_an_interpreter_are_taken_and_told(project: Path) -> None:
    spoken = (
        "Doctor: Any chest pain?\nInterpreter: ¿Tiene dolor en el pecho?\nPatient: No, no me duele el pecho, pero sí la"
        " rodilla desde hace tres días.\nInterpreter: No chest pain, but the knee has hurt for three days."
    )
    source(project, visits_csv=as_csv([row(1), ["2", "GENHX", "Knee pain.", spoken]]))
    result = run_stage(project, "prepare")
    assert result.returncode == 0, result.stderr
    assert "Warning: 1 records are visits with an interpreter" in result.stdout


def test_unusual_shares_are_counted_and_warned_about(project: Path) -> None:
    one_line = ["2", "GENHX", "A note.", "Doctor: Any pain? Patient: No."]
    named = ["3", "GENHX", "A note.", "Smith: Any pain?\nJones: No.\nSmith: Good.\nJones: Yes."]
    source(project, visits_csv=as_csv([row(1), one_line, named, ["4", "GENHX", "A note.", "Patient: It hurts."]]))
    set_params(project, **{"privacy.action": "report"})  # the tags are names
    result = run_stage(project, "prepare")
    assert result.stdout.count("Warning: 25% of the records") == 3
    shares = json.loads((project / "metrics/data.json").read_text(encoding="utf-8"))["share_of_records"]
    assert shares == {"one_speaker": 0.25, "tags_within_turns": 0.25, "unknown_tags": 0.25}
