"""Projects to run the real scripts in: a copy of this one, and one small enough for every stage to take seconds.

Fixtures: `project`, `tiny_base`, `tiny_causal`, `tiny_encoder`, `tiny_project`. Functions, for
`from tests.conftest import run_stage, set_params`: `follow_the_dialogue`, `run_module`, `run_stage`, `set_params`.
"""

import csv
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
PARTS = (  # what a run needs; the models themselves are left to the tests
    "summarize.py", "app.py",
    "stages/", "medsum/", "presets/", "dvc.yaml", "params.yaml", ".dvc/.gitignore", ".dvc/config", ".dvc/plots/",
    ".dvcignore", ".gitignore", ".gitattributes", "data/.gitignore", "data/raw/", "data/processed/", "data/splits/",
    "data/audited/", "data/predictions/", "data/scores/", "models/.gitignore", "models/base/",
    "models/scorer/", "plots/.gitignore", "reports/.gitignore", "benchmarks/results/",
)  # fmt: skip
NOT_COPIED = ("models/base/compact/",)
FEW = 30  # records of the tiny project
TINY_PARAMS = {
    "data.source": "few",
    "privacy.action": "report",
    "model.base": "tiny",
    "prompt.max_input_tokens": 48,
    "train.learning_rate": 0.1,
    "train.num_epochs": 1,
    "train.precision": "fp32",  # with bf16, batches of another shape round otherwise
    "train.max_target_tokens": 16,
    "train.lora_rank": 2,
    "train.lora_alpha": 4,
    "generation.num_beams": 1,
    "generation.max_new_tokens": 8,
    "evaluate.scorer": "tiny",
    "evaluate.scorer_layer": 2,
    "error_analysis.worst_records": 2,
    "runtime.threads": 1,
}
CHAT_TEMPLATE = """{%- for message in messages -%}
<|im_start|>{{ message['role'] }}
{{ message['content'] }}<|im_end|>
{% endfor -%}
{% if add_generation_prompt %}<|im_start|>assistant
{% endif %}"""
NO_GIT = {"core": {"no_scm": True}}
settings.register_profile("medsum", deadline=None)  # a busy machine is no mistake
settings.load_profile("medsum")


def run_module(
    project: Path, module: str, *args: str, env: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run a module as a script in `project`; `env` is added to this process's environment."""
    return subprocess.run(
        [sys.executable, "-m", module, *args],
        cwd=project,
        env={**os.environ, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=timeout,
        check=False,
    )


def run_stage(
    project: Path, stage: str, *args: str, env: Mapping[str, str] | None = None, timeout: float = 300
) -> subprocess.CompletedProcess[str]:
    """Run the real script of a stage in `project`, as `run_module` does."""
    return run_module(project, f"stages.{stage}", *args, env=env, timeout=timeout)


def run_script(
    project: Path, script: str, *args: str, stdin: str | bytes = b"", env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a script of the root, such as summarize.py, in `project`; gives text, though `stdin` may be bytes."""
    done = subprocess.run(
        [sys.executable, script, *args],
        cwd=project,
        env={**os.environ, **(env or {})},
        input=stdin.encode() if isinstance(stdin, str) else stdin,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def set_params(project: Path, **values: Any) -> None:
    """Set leaves of params.yaml: `set_params(project, **{"train.lora_rank": 4})`; comments are lost."""
    path = project / "params.yaml"
    params = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, value in values.items():
        *sections, leaf = key.split(".")
        section = params
        for name in sections:
            section = section[name]
        section[leaf] = value
    path.write_text(yaml.safe_dump(params, sort_keys=False, allow_unicode=True), encoding="utf-8")


def record(folder: Path) -> None:
    """Record the project's pipeline in dvc.lock as if it had run, with a placeholder for each file that is missing."""
    from dvc.dependency.param import ParamsDependency
    from dvc.repo import Repo

    with chdir(folder), Repo(config=NO_GIT) as repo:
        files = [
            Path(file.fs_path)
            for stage in repo.index.stages
            for file in [*stage.deps, *stage.outs]
            if not isinstance(file, ParamsDependency)
        ]
        for path in sorted(files, reverse=True):  # what lies in a folder before the folder
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(path.name, encoding="utf-8")
        repo.commit(force=True)


def follow_the_dialogue(model: Any) -> None:
    """Let an untrained model's summaries depend on what it reads, by a stronger attention to it."""
    for name, weights in model.named_parameters():
        if "EncDecAttention" in name:
            weights.data.mul_(4)


def sample_rows() -> list[dict[str, str]]:
    """The rows of data/raw/sample."""
    with (ROOT / "data/raw/sample/dialogues.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def byte_level_tokenizer(template: str | None) -> Any:
    """Return a tokenizer of 400 pieces; `template` says what it puts around a text, as in "$A </s>"."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    special = ["<pad>", "</s>", "<unk>", "<s>", "<|im_start|>", "<|im_end|>"]
    pieces = Tokenizer(models.BPE())
    pieces.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    pieces.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=400,
        special_tokens=special,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    pieces.train_from_iterator([row["dialogue"] for row in sample_rows()], trainer)
    if template:
        around = [(token, special.index(token)) for token in special if token in template]
        pieces.post_processor = processors.TemplateProcessing(single=template, special_tokens=around)
    return PreTrainedTokenizerFast(
        tokenizer_object=pieces, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", bos_token="<s>"
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree's files that a run needs, copied once a session; `project` copies it again."""
    folder = tmp_path_factory.mktemp("template") / "project"
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    names = subprocess.run(listed, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout.split("\0")
    for name in names:
        if name.startswith(PARTS) and not name.startswith(NOT_COPIED) and (ROOT / name).is_file():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
    return folder


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    """A fresh copy of the project, without results and without a base model."""
    return shutil.copytree(template, tmp_path / "project")


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random T5 v1.1 of one layer a side and a byte-level tokenizer of 400 pieces."""
    import torch
    from transformers import T5Config, T5ForConditionalGeneration

    folder = tmp_path_factory.mktemp("base") / "tiny"
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=400, d_model=16, d_kv=8, d_ff=32, num_layers=1, num_decoder_layers=1, num_heads=2,
        feed_forward_proj="gated-gelu", dropout_rate=0.0, pad_token_id=0, eos_token_id=1,
    )  # fmt: skip
    config.decoder_start_token_id = 0
    T5ForConditionalGeneration(config).save_pretrained(folder)
    byte_level_tokenizer("$A </s>").save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_causal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random Llama of two layers, tied, and the tokenizer of `tiny_base` with a chat template."""
    import torch
    from transformers import LlamaConfig, LlamaForCausalLM

    folder = tmp_path_factory.mktemp("causal") / "tiny"
    torch.manual_seed(0)
    config = LlamaConfig(
        vocab_size=400, hidden_size=16, intermediate_size=32, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=1, max_position_embeddings=1024, tie_word_embeddings=True, pad_token_id=0, eos_token_id=1,
        bos_token_id=3, initializer_range=0.3,
    )  # fmt: skip
    LlamaForCausalLM(config).save_pretrained(folder)
    tokenizer = byte_level_tokenizer(None)
    tokenizer.chat_template = CHAT_TEMPLATE
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def untied_base(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny base as FLAN-T5 is: its output layer has weights of its own, and its config.json says so."""
    import torch
    from safetensors.torch import load_file, save_file

    folder = shutil.copytree(tiny_base, tmp_path_factory.mktemp("untied") / "untied")
    weights = load_file(folder / "model.safetensors")
    generator = torch.Generator().manual_seed(3)
    weights["lm_head.weight"] = torch.randn(weights["shared.weight"].shape, generator=generator) * 0.5
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["tie_word_embeddings"] = False
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a random BERT of two layers and a WordPiece vocabulary of at most 400 pieces."""
    import torch
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("encoder") / "tiny"
    pieces = BertWordPieceTokenizer()
    pieces.train_from_iterator(
        [row["section_text"] for row in sample_rows()], vocab_size=400, min_frequency=1, show_progress=False
    )
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=400, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=512,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    BertTokenizer(vocab=pieces.get_vocab(), model_max_length=512).save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def tiny_serving(tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as the export stage leaves it, of the untrained tiny model; sections are guessed from the sample."""
    from medsum.generation.conversion import convert
    from medsum.generation.section_learning import learn
    from medsum.model.prompt import Frame

    frame = Frame("encoder-decoder", "", "", adds_special=True, end="</s>")
    folder = tmp_path_factory.mktemp("serving")
    convert(tiny_base, folder / "ctranslate2", "float32", frame)
    rows = sample_rows()
    learn([row["dialogue"] for row in rows], [row["section_header"] for row in rows]).save(folder / "sections.json")
    return folder


@pytest.fixture(scope="session")
def measured(template: Path, tiny_base: Path, tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with metrics/, reports/ and plots/ as the stages write them for the sample and a tiny model.

    The baseline's summaries are the dialogues' first turns, the fine-tuned model's the references' first halves.
    """
    folder = shutil.copytree(template, tmp_path_factory.mktemp("measured") / "project")
    make_tiny(folder, tiny_base, tiny_encoder)
    set_params(folder, **{"data.source": "sample"})
    run_stages(folder, "prepare", "split", "train")
    records = [json.loads(line) for line in (folder / "data/splits/test.jsonl").read_text("utf-8").splitlines()]
    texts = {
        "baseline": [record["dialogue"].partition("\n")[0] for record in records],
        "finetuned": [record["summary"][: len(record["summary"]) // 2 + 1] for record in records],
    }
    (folder / "data/predictions").mkdir(exist_ok=True)
    for name, found in texts.items():
        rows = [{"id": record["id"], "text": text} for record, text in zip(records, found, strict=True)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"data/predictions/{name}.jsonl").write_text(lines, encoding="utf-8")
    run_stages(folder, "evaluate", "error_analysis")
    return folder


def run_stages(project: Path, *stages: str) -> None:
    """Run the scripts of several stages, which must succeed."""
    for stage in stages:
        done = run_stage(project, stage)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def served_project(tiny_project: Path, tiny_serving: Path) -> Path:
    """A tiny project with a model to serve."""
    shutil.copytree(tiny_serving, tiny_project / "models/serving")
    return tiny_project


@pytest.fixture(autouse=True)
def _params_of_this_test() -> None:
    """Forget the params.yaml of the test before. A process reads the file once, but each test has its own folder."""
    from medsum.core.params_section import read_params

    read_params.cache_clear()


@pytest.fixture
def tiny_project(project: Path, tiny_base: Path, tiny_encoder: Path) -> Path:
    """A project whose source, models and limits are so small that every stage runs in seconds."""
    return make_tiny(project, tiny_base, tiny_encoder)


def add_few(project: Path) -> None:
    """Add data/raw/few: the first FEW rows of the sample."""
    rows = sample_rows()[:FEW]
    few = project / "data/raw/few"
    few.mkdir()
    with (few / "dialogues.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def make_tiny(project: Path, tiny_base: Path, tiny_encoder: Path) -> Path:
    """Make a fresh copy of the project tiny."""
    shutil.copytree(tiny_base, project / "models/base/tiny")
    shutil.copytree(tiny_encoder, project / "models/scorer/tiny")
    add_few(project)
    set_params(project, **TINY_PARAMS)
    weights = project / "medsum/faithfulness/weights.json"
    fitted = json.loads(weights.read_text(encoding="utf-8"))
    fitted["fitted_on"] |= {"encoder": "tiny", "layer": 2}
    weights.write_text(json.dumps(fitted), encoding="utf-8")
    return project
