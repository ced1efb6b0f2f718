"""The error report: safe to open, whatever a dialogue holds."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from medsum.quality.report import render

HOSTILE = '<script>alert("x")</script><img src=http://example.org/pixel.png> & "quoted" \'it\''
SCORES = {"rouge1": 0.125, "bertscore": 0.5}
SUMMARY = {"records": 2, "better_by_rouge1": 1, "worse_by_rouge1": 0, "empty": {"baseline": 1, "finetuned": 0}}
VOID = {"meta", "br", "hr", "img", "link", "input"}


def report(kind: str, text: str = "No fever.") -> str:
    sections = {text: {"records": 2, "small": True, "baseline": SCORES, "finetuned": SCORES}}
    record = {
        "scores": {"id": text, "section": text, **SCORES},
        "turns": [f"Doctor: {text}", f"Patient: {text}"],
        "reference": text,
        "baseline": "",
        "finetuned": text,
    }
    return render(kind, SUMMARY, sections, [record])


class Reader(HTMLParser):
    """Tags in the order of the page, with a check that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    reader.close()
    return reader


@pytest.mark.parametrize("text", ["No fever.", HOSTILE, "</p></article>", "{{ 7 * 7 }} {% raw %}"])
def test_the_page_is_well_formed_and_shows_the_text_as_it_is(text: str) -> None:
    reader = read(report("html", text))
    assert reader.open == []
    assert f"Doctor: {text}" in "".join(reader.words)


def test_no_tag_of_a_dialogue_becomes_a_tag_of_the_page() -> None:
    assert read(report("html", HOSTILE)).tags == read(report("html")).tags
    assert not {"script", "img", "iframe", "link"} & set(read(report("html", HOSTILE)).tags)


def test_no_tag_of_a_dialogue_stays_a_tag_in_markdown() -> None:
    assert re.findall(r"(?<!\\)<", report("md", HOSTILE)) == []


def test_a_bar_in_a_section_does_not_break_the_markdown_table() -> None:
    row = next(line for line in report("md", "A|B").splitlines() if line.startswith("| A"))
    assert len(re.findall(r"(?<!\\)\|", row)) == 7  # six cells


def test_apostrophes_stay_readable_in_markdown() -> None:
    assert "It's 5 > 4 & I can't." in report("md", "It's 5 > 4 & I can't.")


def test_the_page_asks_for_nothing_from_outside() -> None:
    page = report("html")
    assert re.findall(r"https?:|//[a-z]|src=|href=|url\(|@import", page) == []


@pytest.mark.parametrize("kind", ["md", "html"])
def test_empty_summaries_and_small_groups_are_marked(kind: str) -> None:
    page = report(kind)
    assert "(empty)" in page
    assert "No fever. (too few to conclude)" in page
    assert "0.125" in page
