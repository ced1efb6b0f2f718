import gzip
import zipfile
from pathlib import Path

import pytest

from pretraining import fetch

PAGE = "<Document><Answer>A <b>word</b>\n &lt; {}</Answer><Answer>Short.</Answer></Document>"


def fake_source(sha256: str) -> fetch.Source:
    return fetch.Source("https://example.invalid/x", Path.read_text, str, "x.txt", sha256)


def mirror(folder: Path, text: str) -> str:
    (folder / "x.txt.gz").write_bytes(gzip.compress(text.encode()))
    return folder.as_uri()


def test_answers_are_cut_out_of_an_archive(tmp_path: Path) -> None:
    long = "x" * 80
    with zipfile.ZipFile(tmp_path / "archive.zip", "w") as archive:
        archive.writestr("MedQuAD/1/1.xml", PAGE.format(long))
        archive.writestr("MedQuAD/readme.txt", PAGE.format(long))
    assert fetch.answers(tmp_path / "archive.zip") == f"A word < {long}"


def test_the_order_of_the_archive_does_not_matter() -> None:
    assert fetch.sorted_lines("b\na") == fetch.sorted_lines("a\nb\n") == "a\nb\n"


def test_rows_that_leak_are_left_out_and_line_ends_are_unix() -> None:
    table = 'ID,dialogue\r\n7,leaks\r\n8,"kept, ""so"""\r\nTR=EN-ES-EN 7,leaks\r\n'
    assert fetch.without_leaks(table) == 'ID,dialogue\n8,"kept, ""so"""\n'


def test_a_mirror_serves_what_the_checksum_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(fetch.MIRROR, mirror(tmp_path, "hello"))
    sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
    monkeypatch.setitem(fetch.SOURCES, "x", fake_source(sha256))
    fetch.main("x")
    assert (tmp_path / "data/pretraining/x.txt").read_text() == "hello"


def test_a_wrong_text_is_refused_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(fetch.MIRROR, mirror(tmp_path, "other"))
    monkeypatch.setitem(fetch.SOURCES, "x", fake_source("2cf2"))
    with pytest.raises(fetch.FetchError, match=r"sha256 .* instead of 2cf2"):
        fetch.main("x")
    assert not (tmp_path / "data").exists()


def test_an_unreachable_mirror_is_one_sentence_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(fetch.MIRROR, "file:///nowhere")
    with pytest.raises(fetch.FetchError, match="set PRETRAINING_MIRROR to the URL of a folder"):
        fetch.main("medquad")
