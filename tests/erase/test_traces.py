"""A record is recognised in every form in which the project writes or packs it, and nothing else is taken for it."""

import bz2
import gzip
import html
import io
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from docx import Document

from medsum.erase.content import PIECE_BYTES, texts_in, texts_of
from medsum.erase.traces import Traces, is_distinct, windows_of
from tests.erase.conftest import DIALOGUE, SUMMARY

TRACES = Traces({"V004"}, windows_of(DIALOGUE) | windows_of(SUMMARY))


def zipped(text: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inner.gz", gzip.compress(text.encode()))
    return content.getvalue()


def npz(text: str) -> bytes:
    content = io.BytesIO()
    np.savez_compressed(content, texts=np.array([text.encode()]))
    return content.getvalue()


def parquet(text: str) -> bytes:
    content = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([{"text": text}]), content, compression="zstd")
    return content.getvalue()


def docx(text: str) -> bytes:
    content = io.BytesIO()
    document = Document()
    document.add_paragraph(text)
    document.save(content)
    return content.getvalue()


FORMS: dict[str, Callable[[str], bytes]] = {
    "text": str.encode,
    "upper case": lambda text: text.upper().encode(),
    "JSON": lambda text: json.dumps({"dialogue": text}).encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps({"dialogue": text})).encode(),
    "HTML": lambda text: html.escape(text).replace("\n", "<br>").encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "binary": lambda text: b"\0\1\2" + text.encode() + b"\0\xff",
    "gzip": lambda text: gzip.compress(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "zlib": lambda text: zlib.compress(b"blob 12\0" + text.encode()),
    "zip": zipped,
    "npz": npz,
    "parquet": parquet,
    "docx": docx,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("text", [DIALOGUE, SUMMARY])
def test_the_text_is_found_in_every_form(form: str, text: str, tmp_path: Path) -> None:
    content = FORMS[form](text)
    assert TRACES.in_any(texts_in(content))
    (tmp_path / "file").write_bytes(content)
    assert TRACES.in_any(texts_of(tmp_path / "file"))


@pytest.mark.parametrize("form", FORMS)
def test_other_text_is_not_taken_for_it(form: str) -> None:
    assert not TRACES.in_any(texts_in(FORMS[form]("Doctor: Good morning, what brings you here? Patient: My knee.")))


def test_marks_between_the_words_hide_nothing() -> None:
    assert TRACES.in_text("<p>Zebulon <mark class='x'>fell</mark> off a ladder in the barn [supported: 2]</p>")


def test_a_text_across_two_pieces_of_a_large_file_is_found(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x " * (PIECE_BYTES // 2 - 20) + SUMMARY.encode() + b" y" * 1000)
    assert TRACES.in_any(texts_of(file))


def test_a_damaged_archive_is_searched_as_it_is() -> None:
    assert TRACES.in_any(texts_in(b"PK\x03\x04 " + SUMMARY.encode()))


@pytest.mark.parametrize("record_id", ["V004", "D2N001", "train-12", "19500503", "Maria Lopez"])
def test_an_id_that_is_no_ordinary_word_is_searched_in_any_text(record_id: str) -> None:
    assert is_distinct(record_id)
    traces = Traces({record_id})
    assert traces.names(f"see {record_id}, below")
    assert not traces.names(f"see {record_id}7 and x{record_id}")


@pytest.mark.parametrize("record_id", ["7", "2024", "Anna"])
def test_an_id_like_a_number_counts_only_where_an_id_stands(record_id: str) -> None:
    traces = Traces({record_id})
    assert not is_distinct(record_id)
    assert not traces.names(f"{record_id} of 30 records")
    assert not traces.names(json.dumps({"added_tokens": [{"id": record_id, "content": "</s>"}], "merges": [record_id]}))
    for value in (
        {"id": record_id, "text": "Well."},
        {"identifiers": {"action": "report", "ids": [record_id]}},
        {"identifiers": {record_id: {"name": 1}}},
        {"leaks": [{"train": [record_id], "test": ["9"]}]},
        [{"md5": "0" * 32, "relpath": f"notes/{record_id}.txt"}],
    ):
        assert traces.names(json.dumps(value)), value
        assert traces.names(json.dumps(value, indent=2)), value
        assert not traces.names(json.dumps(value).replace(record_id, record_id * 2)), value
