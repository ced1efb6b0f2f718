"""The pack of pairs in a browser: it works offline, its form is accessible, and it saves a CSV that is read back."""

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from medsum.review.reader_answers import read_answers, read_key
from tests.review.test_reader_pack import pack

pytestmark = pytest.mark.slow


def test_a_reader_answers_offline_and_the_csv_is_read_back(tmp_path: Path, browser: Browser) -> None:
    assert pack(tmp_path).returncode == 0
    page = browser.new_context(offline=True).new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto((tmp_path / "out/reader_pack.html").as_uri())
    assert page.inner_text("#status") == "0 of 7 pairs answered"
    page.get_by_role("article", name="Pair 1").get_by_label("Note 1").first.check()
    for question, answer in (("invents", "both"), ("omits", "second")):
        page.check(f"input[name={question}-1][value={answer}]")
    page.fill("textarea[name=comment-1]", '=1+1, "quoted"\nline')
    assert page.inner_text("#status") == "1 of 7 pairs answered"
    page.click("#save")
    assert page.evaluate("document.activeElement.name") == "reader"  # the browser asks for the name first
    page.fill("input[name=reader]", "Zoë O'Neil")
    with page.expect_download() as saving:
        page.click("#save")
    assert saving.value.suggested_filename == "answers-Zoë-O-Neil.csv"
    saving.value.save_as(tmp_path / "saved.csv")
    key = read_key(tmp_path / "out/reader_pack_key.json")
    second = next(model for model in key.models if model != key.first[1])
    assert read_answers(tmp_path / "saved.csv", key) == (
        "Zoë O'Neil",
        {"sign": {1: key.first[1]}, "invents": {1: "both"}, "omits": {1: second}},
    )
    with (tmp_path / "saved.csv").open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["comment"] == '\'=1+1, "quoted"\nline'
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("localStorage.length") == 0
    assert faults == []
