"""What is published, and what is refused before any hub is asked to write."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from dvc.repo import Repo
from huggingface_hub import ModelCard

from medsum.core.errors import UserError
from medsum.publish.__main__ import arguments
from medsum.publish.origin import OPEN, data_of
from tests.conftest import NO_GIT, ROOT, record, sample_rows, set_params
from tests.hub.server import Hub
from tests.publish.conftest import BASE, REPOSITORY, STRAY, Publish
from tests.publish.test_hub import FILES, told


def test_the_card_tells_the_hub_base_data_licence_and_scores(published: Path, dry_run: Path) -> None:
    card = ModelCard.load(dry_run / "README.md")
    data = card.data
    assert (data.base_model, data.license, data.language) == ("google/flan-t5-small", "apache-2.0", "en")
    assert (data.library_name, data.pipeline_tag) == ("peft", "summarization")
    assert data.datasets == ["medical-text-summarization-sample"]
    evaluation = json.loads((published / "reports/evaluation.json").read_text(encoding="utf-8"))
    found = {result.metric_name: result.metric_value for result in data.eval_results}
    assert found["ROUGE-1"] == evaluation["finetuned"]["rouge1"]
    assert found["BERTScore"] == evaluation["finetuned"]["bertscore"]
    difference = evaluation["against_baseline"]["rouge1"]
    assert f"{difference['difference']:+.4f} [{difference['low']:+.4f}, {difference['high']:+.4f}]" in card.text
    sections = json.loads((published / "reports/errors.json").read_text(encoding="utf-8"))["sections"]
    assert f"| GENHX | {sections['GENHX']['records']} |" in card.text
    trained = yaml.safe_load((published / "params.yaml").read_text(encoding="utf-8"))["train"]
    for words in (
        "0fc9ddf78a1e988dac52e2dac162b0ede4fd74ab",
        f"| learning_rate | {trained['learning_rate']} |",
        "This is not a diagnostic tool",
        "## Intended use",
        "## Limits",
        "**Memorisation.**",
    ):
        assert words in card.text


def test_a_checkpoint_chosen_by_loss_has_a_card_too(project: Path, publish: Publish, tmp_path: Path) -> None:
    file = project / "reports/train.json"
    trained = json.loads(file.read_text(encoding="utf-8"))
    trained["validation"].pop("rougeL", None)
    file.write_text(json.dumps(trained), encoding="utf-8")
    set_params(project, **{"train.select_best_by": "loss", "model.quantization": "4bit"})
    record(project)
    done = publish(project, "--repo-id", REPOSITORY, "--dry-run", "--output", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    card = (tmp_path / "out/README.md").read_text(encoding="utf-8")
    assert f"was kept (validation loss {trained['validation']['loss']})" in card
    assert "| quantization | 4bit |" in card


def test_the_adapter_names_its_base_as_the_hub_does(published: Path, dry_run: Path) -> None:
    config = json.loads((dry_run / "adapter_config.json").read_text(encoding="utf-8"))
    assert config["base_model_name_or_path"] == "google/flan-t5-small"
    assert config["revision"] == "0fc9ddf78a1e988dac52e2dac162b0ede4fd74ab"
    assert str(published).encode() not in b"".join(path.read_bytes() for path in dry_run.iterdir())


def test_the_code_in_the_card_loads_the_adapter_and_writes_with_it(published: Path, dry_run: Path) -> None:
    from medsum.model.loading import load_adapted

    code = re.search(r"```python\n(.+?)```", (dry_run / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert code
    base = published / "models/base" / BASE
    local = code[1].replace(f'"{REPOSITORY}"', repr(str(dry_run)))
    local = re.sub(r'"google/flan-t5-small", revision="[0-9a-f]{40}"', repr(str(base)), local)
    local = re.sub(r"num_beams=\d+, max_new_tokens=\d+", "num_beams=2, max_new_tokens=8", local)
    found: dict[str, Any] = {}
    exec(local, found)  # what a reader of the card would do
    inputs, ids, model = (found[name] for name in ("inputs", "ids", "model"))
    end = model.generation_config.eos_token_id  # ours takes it from the prompt's frame, not from the checkpoint
    settings = {"num_beams": 2, "max_new_tokens": 8, "length_penalty": 1.0, "no_repeat_ngram_size": 8}
    ours: Any = load_adapted(base, published / "models/finetuned").cpu()
    assert ids.tolist() == ours.generate(**inputs, **settings, eos_token_id=end).tolist()
    adapted = model(**inputs, decoder_input_ids=ids).logits
    with model.disable_adapter():
        assert not model(**inputs, decoder_input_ids=ids).logits.equal(adapted)


@pytest.mark.slow
def test_neither_words_of_a_patient_nor_names_of_the_house_nor_stray_files_are_published(
    own_data: Path, publish: Publish, hub: Hub, tmp_path: Path
) -> None:
    sentence = told(publish(own_data, "--repo-id", REPOSITORY))
    assert "data/raw/ward-7 is not known to be open data, and a model may repeat what it was trained on" in sentence
    assert "--data-license TEXT" in sentence
    assert not hub.repositories

    words = ("--dry-run", "--output", str(tmp_path / "out"), "--data-license", "research agreement 12/2026")
    done = publish(own_data, "--repo-id", REPOSITORY, *words)
    assert done.returncode == 0, done.stderr
    assert f"left out:  {STRAY}" in done.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES
    card = ModelCard.load(tmp_path / "out/README.md")
    assert (card.data.license, card.data.base_model, card.data.datasets) == ("other", None, None)
    assert "Terms: research agreement 12/2026." in card.text
    assert "nobody has shown that they cannot be extracted from this adapter" in card.text
    assert "ward-7" not in card.content
    assert "WARD ROUND" not in card.content
    assert "This table leaves out 1 section that only these data use." in card.text
    assert "| negation | 0.2500 [0.1250, 0.3750] | 0.2500 [0.1250, 0.3750] |" in card.text
    texts = [row["dialogue"] + "\n" + row["section_text"] for row in sample_rows()]
    said = {part.partition(": ")[2] or part for text in texts for part in re.split(r"[\n.?!]", text)}
    long = [part.strip() for part in said if len(part.split()) >= 4]
    assert len(long) > 1000
    assert not [part for part in long if part in card.content]


def test_the_name_of_open_data_opens_nothing_else(project: Path, publish: Publish) -> None:
    """Dialogues of one's own beside the sample's, the pipeline run on both."""
    (project / "data/raw/sample/ours.csv").write_text("ID,dialogue\n", encoding="utf-8")
    record(project)
    assert "data/raw/sample is not known to be open data" in told(publish(project, "--repo-id", REPOSITORY))


def test_terms_for_data_that_have_theirs_are_refused(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(published)
    with pytest.raises(UserError, match=r"data.source=sample has the licence Apache-2.0; leave out --data-license"):
        data_of("sample", "mine")


def test_the_sample_is_known_by_what_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with Repo(config=NO_GIT) as repo:
        [sample] = [dep for stage in repo.index.stages for dep in stage.deps if dep.def_path == "data/raw/sample"]
        assert sample.get_hash().value in OPEN, "the sample has changed: put its new hash into medsum/publish/origin.py"


def test_metrics_that_were_edited_are_not_published(project: Path, publish: Publish, hub: Hub) -> None:
    metrics = project / "reports/evaluation.json"
    metrics.write_text(metrics.read_text(encoding="utf-8").replace("0.", "0.9", 1), encoding="utf-8")
    sentence = told(publish(project, "--repo-id", REPOSITORY))
    named = "evaluate, error-analysis: not up to date (reports/evaluation.json changed), so the adapter and the metrics"
    assert named in sentence
    assert sentence.endswith("run `dvc repro` first")
    assert not hub.repositories


def test_an_adapter_of_other_parameters_or_of_another_run_is_not_published(project: Path, publish: Publish) -> None:
    set_params(project, **{"train.lora_rank": 5})
    weights = project / "models/finetuned/adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-4] + b"\0\0\0\1")
    sentence = told(publish(project, "--repo-id", REPOSITORY))
    assert "check, train, " in sentence
    assert "(params.yaml, models/finetuned changed)" in sentence


def test_no_adapter_is_told(project: Path, publish: Publish) -> None:
    shutil.rmtree(project / "models/finetuned")
    assert "models/finetuned has no adapter; run `dvc repro`" in told(publish(project, "--repo-id", REPOSITORY))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--dry-run",), "--dry-run and --output FOLDER belong together"),
        (("--output", "x"), "--dry-run and --output FOLDER belong together"),
        (("--dry-run", "--output", "/"), "is there already; choose a new folder"),
        (("--dry-run", "--output", "models/hub"), "belongs to the pipeline; choose a folder outside"),
    ],
)
def test_a_dry_run_needs_a_new_folder_outside_the_pipeline(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.setattr(sys, "argv", ["publish", "--repo-id", REPOSITORY, *words])
    with pytest.raises(UserError, match=said):
        arguments()
