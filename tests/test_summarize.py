"""The command line as a person uses it."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import run_script, sample_rows, set_params

DIALOGUE = "Doctor: What brings you in?\nPatient: I've had headaches for two weeks, mostly in the morning."
SECRET = "Zebulon"
ROWS = sample_rows()


def summarize(project: Path, *args: str, stdin: str | bytes = b"") -> str:
    """Output of a run that must succeed."""
    result = run_script(project, "summarize.py", *args, stdin=stdin)
    assert result.returncode == 0, result.stderr
    assert "--batch" in args or (result.stderr.startswith("Read as ") and result.stderr.count("\n") == 1)
    return result.stdout


def refused(project: Path, *args: str, stdin: str | bytes = b"", env: dict[str, str] | None = None) -> str:
    """The one sentence of a run that must fail."""
    result = run_script(project, "summarize.py", *args, stdin=stdin, env=env)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1
    assert SECRET not in result.stderr
    return result.stderr.removeprefix("Error: ").rstrip("\n")


def test_text_file_and_stdin_give_the_same_summary(served_project: Path) -> None:
    (served_project / "visit.txt").write_text(DIALOGUE, encoding="utf-8")
    first = summarize(served_project, "--input", DIALOGUE)
    assert first.strip()
    assert summarize(served_project, "--file", "visit.txt") == first
    assert summarize(served_project, stdin=DIALOGUE) == first
    assert summarize(served_project, "--input", DIALOGUE.replace("\n", " ")) == first


@pytest.mark.slow
def test_the_served_model_and_its_checkpoint_agree(served_project: Path) -> None:
    served = summarize(served_project, "--input", DIALOGUE, "--section", "HPI")
    assert summarize(served_project, "--input", DIALOGUE, "--section", "HPI", "--model", "baseline") == served
    assert summarize(served_project, "--input", DIALOGUE, "--section", "hpi", "--model", "models/base/tiny") == served


@pytest.mark.slow
def test_quantised_weights_need_a_gpu_and_the_served_model_needs_none(served_project: Path) -> None:
    served = summarize(served_project, "--input", DIALOGUE)
    set_params(served_project, **{"model.quantization": "4bit"})
    assert summarize(served_project, "--input", DIALOGUE) == served
    said = refused(served_project, "--input", DIALOGUE, "--model", "baseline", env={"CUDA_VISIBLE_DEVICES": ""})
    assert said.startswith("model.quantization is 4bit, which needs an NVIDIA GPU")


def test_a_first_summary_imports_nothing_that_is_slow(served_project: Path) -> None:
    timed = {"PYTHONPROFILEIMPORTTIME": "1"}
    result = run_script(served_project, "summarize.py", "--input", DIALOGUE, env=timed)
    assert result.returncode == 0
    imported = {line.rpartition("|")[2].strip() for line in result.stderr.splitlines()}
    assert "ctranslate2" in imported
    assert not imported & {"torch", "transformers", "peft", "gradio", "pandas", "datasets", "sentence_transformers"}


def test_json_names_the_section_that_was_guessed(served_project: Path) -> None:
    dialogue = "Doctor: Any allergies to medications?\nPatient: I am allergic to penicillin."
    note = json.loads(summarize(served_project, "--input", dialogue, "--json"))
    assert note["section"] == "ALLERGY"
    assert note["summary"]
    assert (
        json.loads(summarize(served_project, "--input", dialogue, "--json", "--section", "HPI"))["section"] == "GENHX"
    )
    assert json.loads(summarize(served_project, "--input", dialogue, "--json", "--section", "any"))["section"] is None


def test_json_and_marked_text_hold_the_evidence_and_the_flags(served_project: Path) -> None:
    note = json.loads(summarize(served_project, "--input", DIALOGUE, "--json"))
    assert list(note) == ["summary", "section", "dropped", "turn_count", "speakers", "evidence", "flags", "risk",
                          "dialogue"]  # fmt: skip
    assert (note["turn_count"], note["speakers"]) == (2, ["Doctor", "Patient"])
    assert note["dialogue"] == DIALOGUE.split("\n")
    assert note["evidence"]
    text = summarize(served_project, "--input", DIALOGUE, "--marked")
    assert "Turns:\n  1  Doctor: What brings you in?\n  2  Patient: I've had" in text
    write_jsonl(served_project / "in.jsonl", [{"id": 1, "dialogue": DIALOGUE}])
    summarize(served_project, "--batch", "in.jsonl", "--output", "out.jsonl", "--json")
    assert read(served_project / "out.jsonl") == [
        {
            "line": 1,
            "id": "1",
            **{k: note[k] for k in ("section", "summary", "dropped", "turn_count", "speakers")},
            "evidence": note["evidence"],
            "flags": note["flags"],
            "risk": note["risk"],
            "dialogue": note["dialogue"],
        }
    ]


def test_several_sections_make_one_note_in_the_order_of_params(served_project: Path) -> None:
    wish = ["--input", DIALOGUE, "--sections", "ALLERGY,hpi,meds"]
    note = json.loads(summarize(served_project, *wish, "--json"))
    assert [row["section"] for row in note["sections"]] == ["GENHX", "MEDICATIONS", "ALLERGY"]
    text = summarize(served_project, *wish)
    assert text == note["summary"] + "\n"
    filled = [row for row in note["sections"] if row["summary"]]
    assert [line for line in text.splitlines() if line.endswith(":")] == [f"{row['heading']}:" for row in filled]
    for row in filled:
        assert note["summary"][row["start"] : row["end"]] == row["summary"]
    for row in note["evidence"]:
        assert note["summary"][row["start"] : row["end"]].strip() == row["sentence"]
        assert set(row["turns"]) <= {1, 2}
    assert {row["section"] for row in note["evidence"]} <= {row["section"] for row in filled}
    write_jsonl(served_project / "in.jsonl", [{"id": 1, "dialogue": DIALOGUE, "sections": ["ALLERGY", "hpi", "meds"]}])
    summarize(served_project, "--batch", "in.jsonl", "--output", "out.jsonl", "--json", "--section", "CC")
    [row] = read(served_project / "out.jsonl")
    assert {key: row[key] for key in note} == note


def test_sections_are_guessed_or_refused_by_name(served_project: Path) -> None:
    rows = [row["dialogue"] for row in ROWS if row["section_header"] in ("ALLERGY", "MEDICATIONS")][:6]
    note = json.loads(summarize(served_project, "--input", "\n".join(rows), "--sections", "auto", "--json"))
    assert {"ALLERGY", "MEDICATIONS"} & {row["section"] for row in note["sections"]}
    assert "did you mean 'GENHX'" in refused(served_project, "--input", DIALOGUE, "--sections", "HPI,GENHXX")
    write_jsonl(served_project / "in.jsonl", [{"dialogue": DIALOGUE, "sections": 7}])
    result = run_script(served_project, "summarize.py", "--batch", "in.jsonl", "--output", "out.jsonl")
    assert result.returncode == 3
    assert "line 1: 'sections' is not text, or it is too long; write 'auto', or headers" in result.stderr


def test_an_own_section_is_asked_for_by_its_own_instruction(served_project: Path) -> None:
    own = {"name": "FOLLOW_UP", "heading": "Next visit", "instruction": "Say {when} to return."}
    order = ["ALLERGY", own, "GENHX"]
    set_params(served_project, **{"note.sections": order})
    note = json.loads(summarize(served_project, "--input", DIALOGUE, "--sections", "HPI,FOLLOW_UP,ALLERGY", "--json"))
    assert [row["heading"] for row in note["sections"]] == ["Allergies", "Next visit", "History of present illness"]
    alone = summarize(served_project, "--input", DIALOGUE, "--section", "FOLLOW_UP")
    set_params(
        served_project,
        **{"note.sections": ["ALLERGY", "FOLLOW_UP"], "prompt.template": "Say {{when}} to return.\n{dialogue}"},
    )
    assert summarize(served_project, "--input", DIALOGUE, "--section", "FOLLOW_UP") == alone
    set_params(served_project, **{"note.sections": ["ALLERGY", {"name": "FOLLOW_UP", "title": "x"}]})
    assert "note.sections is" in refused(served_project, "--input", DIALOGUE)


def test_what_the_default_base_cannot_do_with_a_long_visit_is_told(served_project: Path) -> None:
    set_params(served_project, **{"model.base": "smollm2-135m-notes"})
    long = "\n".join(["Doctor: And how was the week after that, can you tell me?", "Patient: Much the same."] * 30)
    for text, words in ((long, "420"), (DIALOGUE, "")):
        told = run_script(served_project, "summarize.py", "--input", text, "--section", "HPI").stderr
        assert ("more than 400, the default base model leaves out most of what was said" in told) == bool(words)
        assert f"The dialogue has {words} words" in told or not words


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "there is no dialogue yet"),
        (f"{SECRET} came in with a cough.", "no speaker is named; begin each turn with its speaker"),
        ("\x7fELF\x02\x01\x00\x00", "this is not readable text; give plain text in UTF-8"),
        (
            f"Patient: {SECRET}. " + "It hurts. " * 25_000,
            "the dialogue has 250,018 characters, but only 200,000 are allowed",
        ),
        (
            f"Doctor: Guten Tag, {SECRET}!\nPatient: Ich habe seit drei Wochen starke Kopfschmerzen und mir ist oft"
            " übel, besonders am Morgen nach dem Aufstehen.",
            "the dialogue does not look like English",
        ),
        ("Doctor: 你好，你哪里不舒服？\nPatient: 我头疼，已经三个星期了。", "the dialogue does not look like English"),
    ],
)
def test_input_that_is_no_dialogue_gets_a_kind_sentence(text: str, said: str, served_project: Path) -> None:
    assert said in refused(served_project, stdin=text)


def test_a_picture_a_missing_file_and_no_input_get_a_kind_sentence(served_project: Path) -> None:
    (served_project / "visit.png").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    assert refused(served_project, "--file", "visit.png").startswith("this is an image; give the text itself")
    assert "none.txt cannot be read: No such file" in refused(served_project, "--file", "none.txt")
    assert "there is no dialogue yet" in refused(served_project)


def test_what_is_no_section_or_no_model_is_told_with_a_hint(served_project: Path) -> None:
    assert "did you mean 'GENHX'" in refused(served_project, "--input", DIALOGUE, "--section", "GENHXX")
    assert "models/none is not a folder" in refused(served_project, "--input", DIALOGUE, "--model", "models/none")
    assert "models/finetuned is not there; run `dvc repro`" in refused(
        served_project, "--input", DIALOGUE, "--model", "finetuned"
    )
    (served_project / "models/serving/sections.json").unlink()
    assert "or name a section" in refused(served_project, "--input", DIALOGUE)


def test_help_shows_examples(served_project: Path) -> None:
    text = run_script(served_project, "summarize.py", "--help").stdout
    assert text.count("python summarize.py --") >= 4


@pytest.mark.parametrize(
    "args",
    [["--input", "a", "--file", "b"], ["--input", "a", "--json", "--marked"],
     ["--input", "a", "--section", "HPI", "--sections", "auto"],
     ["--batch", "a.csv"], ["--input", "a", "--processes", "2"],
     ["--batch", "a.csv", "--output", "b.csv"]],
)  # fmt: skip
def test_options_that_do_not_go_together_are_told(args: list[str], served_project: Path) -> None:
    result = run_script(served_project, "summarize.py", *args)
    assert result.returncode == 2
    assert "usage:" in result.stderr


def write_jsonl(path: Path, rows: list[Any]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def records(count: int) -> list[dict[str, str]]:
    return [{"id": str(n), "dialogue": ROWS[n % len(ROWS)]["dialogue"]} for n in range(count)]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_batch_of_json_lines_is_written_in_order_as_single_calls_write_it(served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", [*records(5), {"id": 5, "dialogue": DIALOGUE, "section": "HPI"}])
    summarize(served_project, "--batch", "in.jsonl", "--output", "out.jsonl")
    rows = read(served_project / "out.jsonl")
    assert [(row["line"], row["id"]) for row in rows] == [(n + 1, str(n)) for n in range(6)]
    assert rows[5]["section"] == "GENHX"
    assert rows[5]["summary"] == summarize(served_project, "--input", DIALOGUE, "--section", "HPI").strip()
    assert not list(served_project.glob(".out*"))


def test_a_batch_gives_no_text_of_a_note_that_is_held_back(served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", records(4))
    summarize(served_project, "--batch", "in.jsonl", "--output", "free.jsonl")
    assert not any("risk" in row for row in read(served_project / "free.jsonl"))
    set_params(served_project, **{"note.hold_back": 1.0})
    done = run_script(served_project, "summarize.py", "--batch", "in.jsonl", "--output", "held.jsonl", "--json")
    assert done.returncode == 0
    assert "held.jsonl: 4 rows are held back and have no summary; write these notes by hand" in done.stderr
    for row, free in zip(read(served_project / "held.jsonl"), read(served_project / "free.jsonl"), strict=True):
        assert (row["held_back"], row["summary"], row["section"]) == (True, None, free["section"])
        assert row.keys().isdisjoint({"evidence", "flags"})
        assert free["summary"]


def test_a_batch_of_csv_takes_the_columns_of_mts_dialog(served_project: Path) -> None:
    with (served_project / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(ROWS[0]))
        writer.writeheader()
        writer.writerows(ROWS[:5])
    summarize(served_project, "--batch", "in.csv", "--output", "out.jsonl")
    rows = read(served_project / "out.jsonl")
    assert [(row["id"], row["section"]) for row in rows] == [(row["ID"], row["section_header"]) for row in ROWS[:5]]


def test_a_bad_line_is_named_and_the_rest_goes_on(served_project: Path) -> None:
    good = json.dumps(records(1)[0])
    lines = [
        good, "{", "[]", '{"id": "x"}', json.dumps({"dialogue": f"{SECRET} came."}), "",
        json.dumps({"dialogue": DIALOGUE, "section": SECRET}), good,
    ]  # fmt: skip
    (served_project / "in.jsonl").write_bytes("\n".join(lines).encode() + b'\n{"dialogue": "\xff"}\n')
    result = run_script(served_project, "summarize.py", "--batch", "in.jsonl", "--output", "out.jsonl")
    assert result.returncode == 3
    rows = read(served_project / "out.jsonl")
    assert [row["line"] for row in rows] == [1, 2, 3, 4, 5, 7, 8, 9]
    assert [row["line"] for row in rows if "summary" in row] == [1, 8]
    for row in rows:
        assert ("error" in row) != ("summary" in row)
        if "error" in row:
            assert f"in.jsonl, line {row['line']}: {row['error']}\n" in result.stderr
    assert "out.jsonl: 6 lines could not be summarised; the output has the other lines" in result.stderr
    assert SECRET not in result.stderr
    assert SECRET not in (served_project / "out.jsonl").read_text(encoding="utf-8")


def test_a_broken_row_of_a_csv_is_named_and_the_rest_goes_on(served_project: Path) -> None:
    text = 'id,dialogue\n1,"Doctor: Any pain?"\n2,Doctor: Yes, no?\n3,"Doctor: \udc81"\n4,"Patient: No."\n'
    (served_project / "in.csv").write_bytes(text.encode("utf-8", "surrogateescape"))
    result = run_script(served_project, "summarize.py", "--batch", "in.csv", "--output", "out.jsonl")
    assert result.returncode == 3
    rows = read(served_project / "out.jsonl")
    assert ["summary" in row for row in rows] == [True, False, False, True]
    assert "3 cells, but the header has 2" in rows[1]["error"]


def test_a_file_without_dialogues_or_of_another_kind_or_that_is_not_there_is_refused(served_project: Path) -> None:
    (served_project / "in.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (served_project / "in.txt").write_text(DIALOGUE, encoding="utf-8")
    said_of = {
        "in.csv": "has no column 'dialogue'",
        "in.txt": "has none of the suffixes .csv",
        "no.csv": "cannot be read",
    }
    for name, said in said_of.items():
        result = run_script(served_project, "summarize.py", "--batch", name, "--output", "out.jsonl")
        assert result.returncode == 1
        assert said in result.stderr
        assert "Traceback" not in result.stderr
        assert not (served_project / "out.jsonl").exists()


def test_two_visits_in_a_file_never_become_one_note(served_project: Path) -> None:
    rows = [{"id": n, "dialogue": DIALOGUE} for n in range(2)]
    (served_project / "two.json").write_text(json.dumps(rows), encoding="utf-8")
    write_jsonl(served_project / "two.jsonl", rows)
    with (served_project / "two.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("id", "dialogue"), *((row["id"], row["dialogue"]) for row in rows)])
    for name in ("two.csv", "two.json", "two.jsonl"):
        said = refused(served_project, "--file", name)
        assert said.startswith("this holds 2 records, and a note describes one visit; summarise them with")
        assert "--batch" in said


def test_a_batch_is_read_from_a_workbook_json_parquet_and_a_folder(served_project: Path) -> None:
    import pandas
    from openpyxl import Workbook

    header, visit = ["encounter_id", "dialogue"], ["v-1", "[doctor] any pain ?\n[patient] no , none ."]
    book = Workbook()
    for row in (header, visit):
        book.active.append(row)
    book.save(served_project / "in.xlsx")
    (served_project / "in.json").write_text(json.dumps({"data": [dict(zip(header, visit, strict=True))]}), "utf-8")
    pandas.DataFrame([visit], columns=header).to_parquet(served_project / "in.parquet")
    (served_project / "in.csv").write_text(f'sep=;\nencounter_id;dialogue\nv-1;"{visit[1]}"\n', encoding="utf-16")
    (served_project / "visits").mkdir()
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Doctor>any pain ?\n\n00:03.000 --> 00:04.000\n<v Patient>no , none ."
    (served_project / "visits/v-1.vtt").write_text(vtt, encoding="utf-8")
    for number, name in enumerate(("in.xlsx", "in.json", "in.parquet", "in.csv", "visits")):
        summarize(served_project, "--batch", name, "--output", f"out{number}.jsonl", "--json")
        [found] = read(served_project / f"out{number}.jsonl")
        assert (found["id"], found["turn_count"], found["speakers"]) == ("v-1", 2, ["Doctor", "Patient"])
        assert found["dialogue"] == ["Doctor: any pain ?", "Patient: no , none ."]


def test_rows_without_an_id_are_told(served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", [{"number": 7, "dialogue": DIALOGUE}])
    result = run_script(served_project, "summarize.py", "--batch", "in.jsonl", "--output", "out.jsonl")
    assert "out.jsonl: 1 rows have no id; call the column of ids id, ID or encounter_id" in result.stderr


def test_a_start_that_fails_leaves_nothing(served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", records(1))
    (served_project / "empty.csv").write_bytes(b"")
    (served_project / "binary.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    before = sorted(served_project.iterdir())
    out = ["--output", "out.jsonl"]
    assert "no such section" in refused(served_project, "--batch", "in.jsonl", *out, "--section", "GENHXX")
    assert "models/none is not a folder" in refused(
        served_project, "--batch", "in.jsonl", *out, "--model", "models/none"
    )
    assert "names BertModel" in refused(served_project, "--batch", "in.jsonl", *out, "--model", "models/scorer/tiny")
    for name in ("empty.csv", "binary.csv"):
        assert f"{name} has no column 'dialogue'" in refused(served_project, "--batch", name, *out)
    assert "in.jsonl is the batch itself" in refused(served_project, "--batch", "in.jsonl", "--output", "in.jsonl")
    assert sorted(served_project.iterdir()) == before


def test_a_csv_without_a_quote_never_gives_one_patient_the_words_of_another(served_project: Path) -> None:
    (served_project / "in.csv").write_text(
        'id,dialogue\n1,"Doctor: Any pain? Patient: No pain at all.\n2,"Doctor: Fever? Patient: Yes since Monday."\n'
        '3,"Doctor: Do you smoke? Patient: No."\n',
        encoding="utf-8",
    )
    result = run_script(served_project, "summarize.py", "--batch", "in.csv", "--output", "out.jsonl", "--json")
    assert result.returncode == 3
    assert "in.csv, line 2: not valid CSV" in result.stderr
    rows = read(served_project / "out.jsonl")
    assert [(row["line"], row["id"], row.get("dialogue")) for row in rows] == [
        (2, None, None),
        (3, "2", ["Doctor: Fever?", "Patient: Yes since Monday."]),
        (4, "3", ["Doctor: Do you smoke?", "Patient: No."]),
    ]


def test_ids_of_any_letters_and_sections_of_a_line_are_taken(served_project: Path) -> None:
    ids = ["a\u2028b", "c\u0085d", "e\nf", "\ud800"]
    sections = ["any", "AUTO", "hpi", "any"]
    write_jsonl(
        served_project / "in.jsonl",
        [{"id": id_, "dialogue": DIALOGUE, "section": section} for id_, section in zip(ids, sections, strict=True)],
    )
    result = run_script(served_project, "summarize.py", "--batch", "in.jsonl", "--output", "out.jsonl")
    assert result.returncode == 3, result.stderr
    rows = [json.loads(line) for line in (served_project / "out.jsonl").open(encoding="utf-8")]
    assert [row["id"] for row in rows] == [*ids[:3], None]
    assert rows[0]["section"] is None
    assert rows[1]["section"]
    assert rows[2]["section"] == "GENHX"
    assert "lone surrogate" in rows[3]["error"]


def shell(project: Path, command: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """What a line of bash gives in which $summarize is the program."""
    program = f"{sys.executable} summarize.py"
    env = {**os.environ, "summarize": program, **env}
    return subprocess.run(["bash", "-c", command], cwd=project, env=env, capture_output=True, check=False)


def test_closed_and_narrow_streams_end_without_a_traceback(served_project: Path) -> None:
    closed = shell(served_project, "$summarize <&-")
    assert (closed.returncode, closed.stderr.count(b"\n")) == (1, 1)
    assert closed.stderr.startswith(b"Error: there is no input")
    gone = shell(served_project, '$summarize --input "$text" --marked | true', text=DIALOGUE * 500)
    assert (gone.returncode, gone.stderr) == (0, b"Read as 1000 turns of Doctor and Patient.\n")
    assert shell(served_project, "$summarize --help | true").stderr == b""
    ascii_only = shell(
        served_project, '$summarize --input "$text" --marked', text="Patient: né", PYTHONIOENCODING="ascii"
    )
    assert ascii_only.returncode == 0, ascii_only.stderr
    assert "Patient: né" in ascii_only.stdout.decode("utf-8")


def test_no_single_dialogue_is_read_without_end(served_project: Path) -> None:
    said = "the input has more than 800,000 bytes, too many for one dialogue"
    assert said in refused(served_project, "--file", "/dev/zero")
    assert said in refused(served_project, stdin=b"Doctor: a\n" * 100_000)


def test_another_folder_than_the_projects_is_told(served_project: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    command = [sys.executable, str(served_project / "summarize.py"), "--input", DIALOGUE]
    result = subprocess.run(command, cwd=elsewhere, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 1
    said = f"Error: this command must run in the project's folder; go there first: cd {served_project}\n"
    assert result.stderr == said


def test_a_rank_without_a_launcher_is_no_reason_to_wait(served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", records(1))
    words = ["--batch", "in.jsonl", "--output", "out.jsonl"]
    result = run_script(served_project, "summarize.py", *words, env={"RANK": "1"})
    assert result.returncode == 0, result.stderr
    (served_project / "out.jsonl").unlink()
    assert "not whole numbers" in refused(served_project, *words, env={"RANK": "one", "WORLD_SIZE": "2"})


def alive(marker: str) -> list[int]:
    """Processes whose command line holds `marker`."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if marker.encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_leaves_no_process_behind(sent: signal.Signals, served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", records(3000))
    name = f"{served_project}/out.jsonl"
    command = [sys.executable, "summarize.py", "--batch", "in.jsonl", "--output", name, "--processes", "2"]
    process = subprocess.Popen(command, cwd=served_project, stderr=subprocess.PIPE)
    deadline = time.monotonic() + 100
    while not list(served_project.glob(".out.jsonl.parts/0*.jsonl")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert len(alive(name)) == 2
    process.send_signal(sent)
    _, said = process.communicate()
    assert process.returncode == (1 if sent == signal.SIGTERM else -signal.SIGKILL)
    assert b"Traceback" not in said
    while alive(name):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_an_output_that_is_there_is_not_overwritten(served_project: Path) -> None:
    write_jsonl(served_project / "in.jsonl", records(1))
    (served_project / "out.jsonl").write_text("mine", encoding="utf-8")
    assert "out.jsonl exists already" in refused(served_project, "--batch", "in.jsonl", "--output", "out.jsonl")
    assert (served_project / "out.jsonl").read_text(encoding="utf-8") == "mine"


@pytest.mark.slow
def test_a_batch_killed_and_started_again_gives_the_same_bytes_as_one_left_alone_or_shared_out(
    served_project: Path,
) -> None:
    write_jsonl(served_project / "in.jsonl", [*records(1500), {"id": "bad"}])
    words = ["--batch", "in.jsonl", "--output"]
    whole = run_script(served_project, "summarize.py", *words, "whole.jsonl")
    assert whole.returncode == 3
    expected = (served_project / "whole.jsonl").read_bytes()
    assert expected.count(b"\n") == 1501

    command = [sys.executable, "summarize.py", *words, "killed.jsonl"]
    process = subprocess.Popen(command, cwd=served_project, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 100
    while not list(served_project.glob(".killed.jsonl.parts/0*.jsonl")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    parts = {part: part.stat().st_mtime_ns for part in served_project.glob(".killed.jsonl.parts/0*.jsonl")}
    assert 1 <= len(parts) < 6
    assert not (served_project / "killed.jsonl").exists()

    again = run_script(served_project, "summarize.py", *words, "killed.jsonl")
    assert "continuing where an earlier run stopped" in again.stderr
    assert (served_project / "killed.jsonl").read_bytes() == expected

    shared = run_script(served_project, "summarize.py", *words, "shared.jsonl", "--processes", "3")
    assert shared.returncode == 3, shared.stderr
    assert (served_project / "shared.jsonl").read_bytes() == expected
    assert not list(served_project.glob(".*.parts"))


@pytest.mark.slow
def test_accelerate_shares_a_batch_out(served_project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")  # of which there may be fewer than processes
    write_jsonl(served_project / "in.jsonl", records(600))
    summarize(served_project, "--batch", "in.jsonl", "--output", "alone.jsonl", "--model", "baseline")
    launch = [
        sys.executable, "-m", "accelerate.commands.launch", "--cpu", "--num_processes", "2", "--num_machines", "1",
        "--mixed_precision", "no", "--dynamo_backend", "no", "summarize.py",
        "--batch", "in.jsonl", "--output", "shared.jsonl", "--model", "baseline",
    ]  # fmt: skip
    done = subprocess.run(
        launch, cwd=served_project, capture_output=True, encoding="utf-8", timeout=300, check=False, env={**os.environ}
    )
    assert done.returncode == 0, done.stderr
    assert (served_project / "shared.jsonl").read_bytes() == (served_project / "alone.jsonl").read_bytes()
