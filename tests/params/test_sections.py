"""Claims on params.yaml: typed, in range, closed, and each mistake told in one sentence."""

import math
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from dvc.utils.hydra import apply_overrides
from hypothesis import given
from hypothesis import strategies as st

from medsum.core.catalogue import check_name
from medsum.core.errors import UserError
from medsum.core.params_section import ParamsSection, read_params
from medsum.params.data import DataParams
from medsum.params.error_analysis import ErrorAnalysisParams
from medsum.params.evaluate import EvaluateParams
from medsum.params.export import ExportParams
from medsum.params.generation import GenerationParams
from medsum.params.model import ModelParams
from medsum.params.note import NoteParams
from medsum.params.predict import PredictParams
from medsum.params.privacy import PrivacyParams
from medsum.params.prompt import PromptParams
from medsum.params.runtime import RuntimeParams
from medsum.params.second_pass import SecondPassParams
from medsum.params.split import SplitParams
from medsum.params.train import TrainParams
from medsum.params.watch import WatchParams
from stages.check import SECTIONS, check_sections
from tests.conftest import ROOT

TYPES: dict[str, type[ParamsSection]] = {
    "data": DataParams,
    "privacy": PrivacyParams,
    "split": SplitParams,
    "model": ModelParams,
    "prompt": PromptParams,
    "train": TrainParams,
    "second_pass": SecondPassParams,
    "generation": GenerationParams,
    "note": NoteParams,
    "predict": PredictParams,
    "export": ExportParams,
    "evaluate": EvaluateParams,
    "error_analysis": ErrorAnalysisParams,
    "runtime": RuntimeParams,
    "watch": WatchParams,
}
COMMITTED: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "params.yaml").read_text(encoding="utf-8"))
NUMBERS = [
    (name, key) for name, values in COMMITTED.items() for key, value in values.items() if type(value) in (int, float)
]
TEXTS = [
    (name, key)
    for name, values in COMMITTED.items()
    for key, value in values.items()
    if isinstance(value, str) and value != "all-linear"  # which may be a list too
]


def parse(name: str, **values: Any) -> ParamsSection:
    """The committed section with some values replaced."""
    return TYPES[name].parse(name, {**COMMITTED[name], **values})


def sentence(name: str, **values: Any) -> str:
    """What is said about a wrong value."""
    with pytest.raises(UserError) as raised:
        parse(name, **values)
    assert "\n" not in str(raised.value)
    return str(raised.value)


@pytest.fixture
def params_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of params.yaml in a current folder of its own."""
    shutil.copyfile(ROOT / "params.yaml", tmp_path / "params.yaml")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "params.yaml"


def test_params_yaml_as_committed_is_valid(params_file: Path) -> None:
    assert params_file.exists()
    check_sections()


def test_every_section_is_checked() -> None:
    checked = [section.__name__.rpartition(".")[2] for section in SECTIONS]
    assert sorted(checked) == sorted(COMMITTED) == sorted(TYPES)


@pytest.mark.parametrize("value", [5e-05, "5e-05", "5e-5", "0.00005"])
def test_a_learning_rate_works_however_it_is_written(value: object) -> None:
    params = parse("train", learning_rate=value)
    assert isinstance(params, TrainParams)
    assert params.learning_rate == 5e-05


def test_a_learning_rate_works_as_dvc_writes_it(params_file: Path) -> None:
    apply_overrides(params_file, ["train.learning_rate=5e-5"])
    assert "learning_rate: 5e-05" in params_file.read_text(encoding="utf-8")  # which YAML 1.1 reads as text
    assert TrainParams.load("train").learning_rate == 5e-05


@given(st.floats(min_value=1e-9, max_value=1))
def test_every_spelling_of_a_number_is_that_number(rate: float) -> None:
    for value in yaml.safe_load(f"[{rate!r}, {rate:.17e}, '{rate!r}']"):
        params = parse("train", learning_rate=value)
        assert isinstance(params, TrainParams)
        assert params.learning_rate == rate


def test_a_mistyped_key_names_the_near_one() -> None:
    assert (
        sentence("train", lora_rnak=8) == "params.yaml: train.lora_rnak is not a parameter; did you mean 'lora_rank'?"
    )
    columns = {**COMMITTED["data"]["columns"], "dialoge": "text"}
    assert "data.columns.dialoge is not a parameter; did you mean 'dialogue'?" in sentence("data", columns=columns)


def test_a_key_near_to_none_lists_them_all() -> None:
    assert sentence("runtime", xyz=1) == "params.yaml: runtime.xyz is not a parameter; known here: threads"


@pytest.mark.parametrize(("name", "key"), [(name, key) for name, values in COMMITTED.items() for key in values])
def test_every_parameter_is_required_and_named_when_missing(name: str, key: str) -> None:
    values = {other: value for other, value in COMMITTED[name].items() if other != key}
    with pytest.raises(UserError, match=rf"^params\.yaml: {name}\.{key} is missing; add it$"):
        TYPES[name].parse(name, values)


@pytest.mark.parametrize(
    ("name", "key", "value", "range_"),
    [
        ("train", "learning_rate", 0, "a number greater than 0 and at most 1"),
        ("train", "learning_rate", 1.5, "a number greater than 0 and at most 1"),
        ("train", "learning_rate", "fast", "a number greater than 0 and at most 1"),
        ("train", "lora_rank", 0, "a whole number at least 1"),
        ("train", "lora_rank", 8.5, "a whole number at least 1"),
        ("train", "lora_dropout", 1.0, "a number at least 0 and less than 1"),
        ("train", "num_epochs", None, "a whole number at least 1 and at most 1000"),
        ("split", "train", 1, "a number greater than 0 and less than 1"),
        ("split", "near_duplicate_similarity", -0.1, "a number greater than 0 and at most 1"),
        ("generation", "num_beams", 33, "a whole number at least 1 and at most 32"),
        ("prompt", "max_input_tokens", 8, "a whole number at least 16 and at most 16384"),
        ("evaluate", "scorer_layer", [6], "a whole number at least 1 and at most 100"),
        ("error_analysis", "worst_records", 0, "a whole number at least 1 and at most 1000"),
        ("runtime", "threads", -1, "a whole number at least 1 and at most 256"),
    ],
)
def test_a_value_out_of_range_names_key_value_and_range(name: str, key: str, value: Any, range_: str) -> None:
    assert sentence(name, **{key: value}) == f"params.yaml: {name}.{key} is {value!r}, but must be {range_}"


@pytest.mark.parametrize("value", ["adam", 5, None, "loss "])
def test_a_value_that_is_none_of_the_choices_lists_them(value: Any) -> None:
    assert f"train.select_best_by is {value!r}, but must be 'rougeL' or 'loss'" in sentence(
        "train", select_best_by=value
    )


@pytest.mark.parametrize(("name", "key"), NUMBERS)
@pytest.mark.parametrize("value", [True, False, math.nan, math.inf, "", "ten"])
def test_what_is_no_number_is_named(name: str, key: str, value: Any) -> None:
    assert f"{name}.{key} is {value!r}, but must be" in sentence(name, **{key: value})


@pytest.mark.parametrize(("name", "key"), TEXTS)
@pytest.mark.parametrize("value", [True, 7, None, ["a"]])
def test_what_is_no_text_is_named(name: str, key: str, value: Any) -> None:
    assert f"{name}.{key} is {value!r}, but must be" in sentence(name, **{key: value})


@pytest.mark.parametrize("value", [2, "maybe", None, 0.5])
def test_a_switch_is_true_or_false(value: Any) -> None:
    assert f"evaluate.rouge_stemmer is {value!r}, but must be" in sentence("evaluate", rouge_stemmer=value)


def test_ratios_that_do_not_sum_to_one_are_named() -> None:
    assert sentence("split", train=0.8, validation=0.1, test=0.2) == (
        "params.yaml: split: train, validation and test are 0.8, 0.1 and 0.2, which sum to 1.1; they must sum to 1"
    )


@pytest.mark.parametrize(
    ("sections", "said"),
    [
        ("CC", "must be a list whose entries are names, or mappings with name, heading and instruction"),
        (["CC", "cc"], "must be a list that names CC once"),
        (["CC", {"name": "A", "headng": "B"}], "must be without the key headng; did you mean 'heading'?"),
        (["auto"], "must be a name of letters"),
        ([{"name": "A", "heading": "a: b"}], "must be one line of at most 60 characters, without a colon"),
        ([{"name": "A", "instruction": " "}], "must be a sentence that says what to write"),
        ([7], "note.sections.0 is 7, but must be"),
        ([{"heading": "A"}], "note.sections.0.name is missing; add it"),
    ],
)
def test_a_list_of_sections_that_is_none_is_told(sections: Any, said: str) -> None:
    assert said in sentence("note", sections=sections)


def test_reranking_wants_several_beams() -> None:
    assert sentence("generation", num_beams=1, rerank="faithfulness") == (
        "params.yaml: generation: rerank chooses among num_beams summaries, but num_beams is 1; set num_beams higher"
    )


def test_ratios_may_be_thirds() -> None:
    params = parse("split", train=0.3333334, validation=0.3333333, test=0.3333333)
    assert isinstance(params, SplitParams)
    assert params.train == 0.3333334


@pytest.mark.parametrize(
    "template", ["Summarize:", "{section}", "{dialogue} {patient}", "{dialogue", "{dialogue} {}", "{{dialogue}}", "{0}"]
)
def test_a_template_needs_the_dialogue_and_knows_two_fields(template: str) -> None:
    assert "prompt.template is" in sentence("prompt", template=template)
    assert "text with the field {dialogue}" in sentence("prompt", template=template)


@pytest.mark.parametrize("template", ["{dialogue}", "Note on {section}:\n{dialogue}", "{{}} {dialogue}"])
def test_a_template_with_the_dialogue_is_taken(template: str) -> None:
    params = parse("prompt", template=template)
    assert isinstance(params, PromptParams)
    assert params.template == template


@pytest.mark.parametrize("value", ["../elsewhere", "a/b", "", ".hidden", "two words", "C:\\data"])
def test_a_catalogue_name_is_no_path(value: str) -> None:
    assert f"data.source is {value!r}, but must be the name of a folder" in sentence("data", source=value)


@pytest.mark.parametrize("value", ["all-linear", ["q"], ["q", "v"]])
def test_layers_are_all_or_a_list_of_names(value: Any) -> None:
    params = parse("train", lora_target_modules=value)
    assert isinstance(params, TrainParams)
    assert params.lora_target_modules == value


@pytest.mark.parametrize("value", [[], "q", [1], None, {"q": 1}])
def test_other_layers_are_named(value: Any) -> None:
    assert f"train.lora_target_modules is {value!r}, but must be" in sentence("train", lora_target_modules=value)


@pytest.mark.parametrize("values", [None, [], 5])
def test_a_section_that_is_not_there_is_named(values: Any) -> None:
    with pytest.raises(UserError, match=r"params\.yaml has no section 'train'"):
        TrainParams.parse("train", values)


def test_an_unknown_section_names_the_near_one(params_file: Path) -> None:
    text = params_file.read_text(encoding="utf-8")
    params_file.write_text(text.replace("\ngeneration:", "\ngeneratoin:"), encoding="utf-8")
    with pytest.raises(UserError, match=r"generatoin is not a section; did you mean 'generation'\?"):
        check_sections()


def test_broken_yaml_names_the_line(params_file: Path) -> None:
    params_file.write_text("data:\n  source: sample\n  columns: [\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"^params\.yaml, line 4: not valid YAML \(.*\); correct that line$"):
        read_params()


@pytest.mark.parametrize("content", ["", "- data\n", "data\n"])
def test_a_file_without_sections_is_named(params_file: Path, content: str) -> None:
    params_file.write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"^params\.yaml has no sections"):
        read_params()


def test_a_missing_file_says_where_to_run(params_file: Path) -> None:
    params_file.unlink()
    with pytest.raises(UserError, match="run from the project's root"):
        read_params()


def test_an_unknown_name_lists_what_is_there_and_what_can_be_fetched(tmp_path: Path) -> None:
    for name in ("sample", "mine", ".cache", "far", "empty"):
        (tmp_path / name).mkdir()
        (tmp_path / name / ".gitignore").write_text("*", encoding="utf-8")
    for name in ("sample", "mine", ".cache"):
        (tmp_path / name / "some.file").write_text("", encoding="utf-8")
    (tmp_path / "catalogue.yaml").write_text("far: {kind: hub, repository: them/far}", encoding="utf-8")
    for name in ("sample", "mine", "far"):
        check_name("data.source", name, tmp_path)
    with pytest.raises(
        UserError, match=r"data\.source is 'else', but .* has only far, mine, sample; choose one of them"
    ):
        check_name("data.source", "else", tmp_path)
    with pytest.raises(UserError, match=r"is 'Them/far', which is called far here; choose model\.base=far"):
        check_name("model.base", "Them/far", tmp_path)


@pytest.mark.parametrize("name", ["max_records", "batch_tokens", "lora_layers"])
def test_a_bound_of_a_value_that_may_be_null_is_told_with_null(name: str) -> None:
    assert f"train.{name} is 'x', but must be a whole number at least 1 or null" in sentence("train", **{name: "x"})
