"""The error report: safe to open, whatever a dialogue holds, and with every flag at its place."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from medsum.dialogue.record import Record
from medsum.faithfulness.marks import segments
from medsum.report.aggregate import by_length, by_section, categories, headline
from medsum.report.cases import example, letters, shown
from medsum.report.pages import render

HOSTILE = '<script>alert("x")</script><img src=http://example.org/pixel.png> & "quoted" \'it\''
VOID = {"meta", "br", "hr", "img", "link", "input"}
SCORES = {
    "dialogue_words": 9, "rouge1": 0.125, "bertscore": 0.5, "factual_f1": 0.25, "omission": 0.5, "hallucination": 0.0,
    "length_ratio": 1.0,
}  # fmt: skip


def flag(start: int, end: int, category: str = "medication", severity: str = "major", **values: Any) -> dict[str, Any]:
    reason = values.pop("reason", "it is not said")
    return {"category": category, "severity": severity, "start": start, "end": end, "reason": reason,
            "turns": [1], "of": "summary", **values}  # fmt: skip


def scored(section: str, length: int, *errors: dict[str, Any]) -> dict[str, Any]:
    sentences = [{"start": 0, "end": length, "turns": [0], "support": 1.0}] if length else []
    return {**SCORES, "id": "7", "section": section, "errors": list(errors), "sentences": sentences,
            "major_errors": len(errors), "minor_errors": 0}  # fmt: skip


RATES = {
    "edited": 4, "told": 2, "followed": 0.5, "followed_interval": [0.1, 0.9], "unchanged_elsewhere": 0.25,
    "unchanged_elsewhere_interval": [0.05, 0.7],
}  # fmt: skip


def report(kind: str, text: str = "No fever.") -> str:
    """One record: the baseline says nothing, the fine-tuned model an error in its first two characters."""
    record = Record(text, f"Doctor: {text}\nPatient: {text}", text, text, "test")
    rows = {
        "baseline": scored(text, 0, flag(0, 0, "degenerate", reason="the summary is empty")),
        "finetuned": scored(text, len(text), flag(0, 2), flag(0, 2, "omission", of="reference")),
    }
    texts = {"baseline": "", "finetuned": text}
    models = {name: [row] for name, row in rows.items()}
    view = {
        **headline(models),
        "categories": categories(models),
        "sections": by_section(models, 2),
        "lengths": by_length(models, 1),
        "worst": [shown(record, rows, texts)],
        "better": [],
        "worse": [shown(record, rows, texts)],
        "examples": {"medication": [{"model": "finetuned", **example("medication", record, rows["finetuned"], text)}]},
        "floors": {"copy_dialogue": {**SCORES, "factual_f1": 0.123}},
        "counterfactual": {"records": 9, "kinds": {"dose": {"baseline": RATES, "finetuned": RATES}}},
    }
    return render(kind, list(models), view)


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


def test_a_section_header_that_is_not_known_is_not_shown() -> None:
    page = report("md", "A|B")
    [row] = [line for line in page.splitlines() if line.startswith("| other")]
    assert len(re.findall(r"(?<!\\)\|", row)) == 9  # eight cells
    assert "| A" not in page


def test_every_table_of_the_markdown_has_rows_of_equal_cells_below_its_header() -> None:
    blocks = [block.strip().splitlines() for block in report("md").split("\n\n")]
    tables = [lines for lines in blocks if lines and lines[0].startswith("|")]
    assert len(tables) == 6
    for lines in tables:
        assert set(lines[1]) == {"|", "-"}
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in lines}) == 1
        assert len(lines) > 2


def test_a_dialogue_makes_no_link_picture_or_line_of_its_own_in_markdown() -> None:
    page = report("md", "![x](http://example.org/p.png) *a*\n- b")
    assert "](" not in page.replace("\\](", "")
    assert "*a*" not in page
    assert "\n- b" not in page


def test_apostrophes_stay_readable_in_markdown() -> None:
    assert "Doctor: It's 5 > 4 & I can't." in report("md", "It's 5 > 4 & I can't.")


def test_the_page_asks_for_nothing_from_outside_and_runs_nothing() -> None:
    page = report("html")
    assert re.findall(r"https?:|//[a-z]|src=|href=|url\(|@import|<script|onclick", page) == []


@pytest.mark.parametrize(("kind", "cell"), [("md", "| {} | {} |"), ("html", "<td>{}</td><td>{}</td>")])
def test_what_trivial_summaries_score_stands_beside_the_models(kind: str, cell: str) -> None:
    page = report(kind)
    assert cell.format("the dialogue itself, without speakers", "0.123") in page
    assert cell.format("Fine-tuned", f"{SCORES['factual_f1']:.3f}") in page


@pytest.mark.parametrize("kind", ["md", "html"])
def test_the_report_has_every_section_and_marks_what_is_small_or_empty(kind: str) -> None:
    page = report(kind)
    places = [
        page.index(title)
        for title in (
            "Headline", "Error categories", "Examples of each category", "What got better and what got worse",
            "Does it follow the patient?", "By section", "By length of the dialogue", "The worst records",
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert "(empty)" in page
    assert "the summary is empty" in page
    assert "other (too few to conclude)" in page
    assert "nobody mentioned" in page or kind == "md"


def test_a_flag_stands_at_its_place_with_its_label_its_reason_and_the_turn_that_shows_it() -> None:
    page = report("html")
    worst = page.partition("<h2>The worst records</h2>")[2]
    assert '<mark class="major">No</mark><sup> F1</sup> fever.<sup class="turns"> (1)</sup>' in worst
    assert '<h4>Reference</h4><p class="text"><mark class="major">No</mark><sup> F2</sup> fever.</p>' in worst
    assert "<strong>F1</strong> major, medication: “No”: it is not said (turn 2)" in worst
    assert "<li>major, in the reference but left out: <strong>F2</strong> “No”</li>" in worst
    assert '<li class="source">Doctor: No fever.<sup class="turns"> sentence 1</sup></li>' in worst
    assert '<li class=" against">Patient: No fever.<sup> B1 F1 F2</sup></li>' in worst
    assert "**No** \\[F1\\] fever. (1)" in report("md")


def test_flags_that_overlap_are_cut_where_one_of_them_ends() -> None:
    text = "Takes 5 mg daily."
    errors = [flag(6, 10, severity="minor", label="F1"), flag(8, 16, label="F2"), flag(0, 17, "length", label="F3")]
    parts = segments(text, errors, [{"start": 0, "end": 17, "turns": []}])
    assert "".join(part.text for part in parts) == text
    assert [(part.text, part.severity, part.labels) for part in parts] == [
        ("Takes ", "", ()),
        ("5 ", "minor", ()),
        ("mg", "major", ("F1",)),
        (" daily", "major", ("F2",)),
        (".", "", ()),
    ]
    assert [part.turns for part in parts] == [None, None, None, None, ()]


def test_an_example_shows_a_major_error_in_the_words_around_it() -> None:
    text = "She has had a dry cough and some fever for the last three weeks. Takes metoprolol for it every day."
    start = text.index("metoprolol")
    row = scored("ROS", len(text), flag(0, 3, severity="minor"), flag(start, start + 10))
    found = example("medication", Record("7", "Doctor: Hm.", "None.", "ROS", "test"), row, text)
    assert (found["before"], found["words"], found["after"]) == (
        "…a dry cough and some fever for the last three weeks. Takes ",
        "metoprolol",
        " for it every day.",
    )


def test_labels_of_two_models_differ() -> None:
    assert letters(["baseline", "finetuned"]) == {"baseline": "B", "finetuned": "F"}
    assert letters(["mine", "more"]) == {"mine": "A", "more": "B"}
    assert letters(["mine"]) == {"mine": "M"}
