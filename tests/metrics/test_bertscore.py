"""BERTScore with an encoder from a folder."""

import shutil
from pathlib import Path

import pytest

from medsum.core.errors import UserError
from medsum.metrics.bertscore import EncoderScorer
from medsum.model import determinism

TEXTS = ["Patient denies fever.", "She has had a cough for two weeks.", "No known drug allergies."]


@pytest.fixture(scope="module")
def scorer(tiny_encoder: Path) -> EncoderScorer:
    determinism.fix(threads=1)
    return EncoderScorer(tiny_encoder, layer=2, batch_size=2)


def test_identical_texts_score_one(scorer: EncoderScorer) -> None:
    assert scorer.scores(TEXTS, TEXTS) == pytest.approx([1, 1, 1], abs=1e-4)


def test_other_texts_score_less_and_in_the_order_of_the_input(scorer: EncoderScorer) -> None:
    values = scorer.scores(TEXTS, [TEXTS[0], TEXTS[2], TEXTS[2]])
    assert [value > 0.9999 for value in values] == [True, False, True]
    assert 0 < values[1] < 0.99


def test_an_empty_prediction_scores_zero_and_leaves_the_others_alone(scorer: EncoderScorer) -> None:
    assert scorer.scores(["", TEXTS[1], " \n"], TEXTS) == pytest.approx([0, 1, 0], abs=1e-4)


def test_nothing_but_empty_predictions_scores_zero(scorer: EncoderScorer) -> None:
    assert scorer.scores(["", ""], TEXTS[:2]) == [0, 0]


def test_a_text_longer_than_the_encoder_reads_is_scored(scorer: EncoderScorer) -> None:
    (value,) = scorer.scores(["Patient has a cough. " * 600], [TEXTS[1]])
    assert 0 < value < 1


def test_no_part_of_a_long_text_is_passed_over(scorer: EncoderScorer) -> None:
    long = " ".join(TEXTS * 40)
    half = len(long) // 2
    rubbish = long[:half] + " zebra quartz" * (half // 13)
    equal, spoilt, missing = scorer.scores([long, rubbish, long[:half]], [long] * 3)
    assert equal == pytest.approx(1, abs=1e-4)
    assert spoilt < 0.999
    assert missing < 1
    assert [scorer.is_long(text) for text in (long, TEXTS[0])] == [True, False]


def test_pieces_score_a_short_text_as_bert_score_does(scorer: EncoderScorer) -> None:
    references = TEXTS[::-1]
    pieces = [scorer.pieces.f1(*pair) for pair in zip(TEXTS, references, strict=True)]
    assert pieces == pytest.approx(scorer.scores(TEXTS, references), abs=1e-5)


def test_batches_do_not_change_a_score(tiny_encoder: Path, scorer: EncoderScorer) -> None:
    references = TEXTS[::-1]
    alone = EncoderScorer(tiny_encoder, layer=2, batch_size=1).scores(TEXTS, references)
    assert scorer.scores(TEXTS, references) == pytest.approx(alone, abs=1e-5)


def test_another_layer_is_another_score(tiny_encoder: Path, scorer: EncoderScorer) -> None:
    references = TEXTS[::-1]
    assert EncoderScorer(tiny_encoder, layer=1, batch_size=2).scores(TEXTS, references) != pytest.approx(
        scorer.scores(TEXTS, references), abs=1e-5
    )


def message(folder: Path, layer: int = 2) -> str:
    with pytest.raises(UserError) as caught:
        EncoderScorer(folder, layer, batch_size=2)
    text = str(caught.value)
    assert "\n" not in text
    assert str(folder) in text
    return text


def test_a_layer_that_is_too_deep_is_named(tiny_encoder: Path) -> None:
    assert "evaluate.scorer_layer is 3" in message(tiny_encoder, layer=3)


def test_a_folder_without_safetensors_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").write_bytes(b"pickle")
    assert "no model.safetensors" in message(tmp_path)


def test_half_a_file_of_weights_is_told_in_a_sentence(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_encoder, tmp_path / "encoder")
    (folder / "model.safetensors").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    message(folder)


def test_a_folder_without_config_is_told_in_a_sentence(tiny_encoder: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny_encoder, tmp_path / "encoder")
    (folder / "config.json").unlink()
    message(folder)
