"""CTranslate2 writes what transformers writes, whether the output layer is the embedding (compact) or not (FLAN-T5)."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer

from medsum.core.errors import UserError
from medsum.generation.conversion import convert
from medsum.generation.ctranslate2_backend import CTranslate2Backend
from medsum.generation.torch_backend import TorchBackend
from medsum.model import determinism
from medsum.model.loading import load_base, load_tokenizer
from tests.conftest import ROOT, follow_the_dialogue, sample_rows
from tests.generation.test_summarizer import END, FRAME, generation_params, summarizer

DIALOGUES = [row["dialogue"] for row in sample_rows()[:24]]


@pytest.fixture(scope="module", params=["tied", "untied"])
def checkpoint(request: pytest.FixtureRequest, tiny_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose summaries depend on what it reads and end by themselves."""
    folder: Path = tmp_path_factory.mktemp("checkpoint") / request.param
    determinism.fix(threads=1, seed=3)
    shutil.copytree(tiny_base, folder)
    model = load_base(tiny_base)
    with torch.no_grad():
        if request.param == "untied":
            model.get_output_embeddings().weight = torch.nn.Parameter(torch.randn(400, 16) * 0.5)
    follow_the_dialogue(model)
    model.save_pretrained(folder)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["tie_word_embeddings"] = request.param == "tied"  # as the hub's config.json of FLAN-T5 says
    del config["scale_decoder_outputs"]
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def texts(checkpoint: Path, converted: Path, num_beams: int) -> tuple[list[str], list[str]]:
    """What transformers and CTranslate2 make of the dialogues."""
    params = generation_params(num_beams=num_beams, max_new_tokens=24, batch_tokens=2000, no_repeat_ngram_size=3)
    tokenizer = load_tokenizer(checkpoint).backend_tokenizer
    backends = (
        TorchBackend(load_base(checkpoint), params, END),
        CTranslate2Backend(converted, Tokenizer.from_file(str(converted / "tokenizer.json")), FRAME, params, threads=1),
    )
    first, second = (
        summarizer(backend, tokenizer, num_beams=num_beams, batch_tokens=2000).summarize(DIALOGUES, [None] * 24)
        for backend in backends
    )
    return first, second


@pytest.mark.parametrize("num_beams", [1, 4])
def test_float32_output_is_the_same_text_for_text(num_beams: int, checkpoint: Path, tmp_path: Path) -> None:
    convert(checkpoint, tmp_path / "converted", "float32", FRAME)
    expected, got = texts(checkpoint, tmp_path / "converted", num_beams)
    assert len(set(expected)) > 12  # else any model would do
    assert got == expected


@pytest.mark.slow
def test_all_beams_and_their_scores_are_the_same(checkpoint: Path, tmp_path: Path) -> None:
    convert(checkpoint, tmp_path / "converted", "float32", FRAME)
    params = generation_params(num_beams=4, max_new_tokens=24, length_penalty=2.0)
    tokenizer = load_tokenizer(checkpoint).backend_tokenizer
    theirs = TorchBackend(load_base(checkpoint), params, END)
    ours = CTranslate2Backend(tmp_path / "converted", tokenizer, FRAME, params, threads=1)
    prompts = [tokenizer.encode(dialogue).ids for dialogue in DIALOGUES]
    (expected,), (found,) = theirs.candidates([prompts]), ours.candidates([prompts])
    for first, second in zip(expected, found, strict=True):
        assert len(second) == 4
        texts = [[tokenizer.decode(one.ids, skip_special_tokens=True) for one in beams] for beams in (first, second)]
        assert texts[0] == texts[1]
        assert [one.score for one in second] == pytest.approx([one.score for one in first], rel=1e-3)


def test_the_compact_models_greedy_output_in_float32_is_the_same_text_for_text(tmp_path: Path) -> None:
    compact = ROOT / "models/base/compact"
    convert(compact, tmp_path / "converted", "float32", FRAME)
    expected, got = texts(compact, tmp_path / "converted", num_beams=1)
    assert len(set(expected)) > 12
    assert got == expected


def test_the_converter_left_alone_would_get_beam_search_of_an_untied_model_wrong(
    checkpoint: Path, tmp_path: Path
) -> None:
    """The reason for `Converter`; when this fails, CTranslate2 has mended it and our class can go."""
    from ctranslate2.converters import TransformersConverter

    if checkpoint.name == "tied":
        pytest.skip("right without us")
    converted = tmp_path / "converted"
    TransformersConverter(str(checkpoint)).convert(str(converted), quantization="float32")
    shutil.copyfile(checkpoint / "tokenizer.json", converted / "tokenizer.json")
    expected, got = texts(checkpoint, converted, num_beams=4)
    assert got != expected


def test_int8_is_about_a_quarter_of_the_size(checkpoint: Path, tmp_path: Path) -> None:
    sizes = {}
    for precision in ("float32", "int8"):
        convert(checkpoint, tmp_path / precision, precision, FRAME)
        sizes[precision] = (tmp_path / precision / "model.bin").stat().st_size
    assert sizes["int8"] < 0.5 * sizes["float32"]  # norms and names weigh in a model as small as this


def test_two_conversions_give_the_same_bytes(checkpoint: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        convert(checkpoint, tmp_path / name, "int8", FRAME)
    for file in sorted((tmp_path / "one").iterdir()):
        assert file.read_bytes() == (tmp_path / "two" / file.name).read_bytes(), file.name


def test_a_folder_without_a_converted_model_is_told_in_a_sentence(tiny_base: Path, tmp_path: Path) -> None:
    tokenizer = load_tokenizer(tiny_base).backend_tokenizer
    with pytest.raises(UserError, match="holds no CTranslate2 model"):
        CTranslate2Backend(tmp_path, tokenizer, FRAME, generation_params(), threads=1)


def test_serving_imports_no_torch() -> None:
    program = (
        "import sys; import medsum.generation.model_choice, medsum.generation.ctranslate2_backend;"
        " sys.exit(bool({'torch', 'transformers', 'gradio'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
