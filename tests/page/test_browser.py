"""The page in a real browser, as the person who signs the note uses it."""

import csv
import io
import json
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as TooLate

from tests.conftest import set_params
from tests.page.conftest import BUSY_MILLISECONDS, DIALOGUE, SECRET, serving, summarise, write_dialogue

pytestmark = pytest.mark.slow


def test_a_dialogue_is_pasted_summarised_highlighted_edited_checked_and_downloaded(page: Page) -> None:
    assert "Not for diagnosis." in page.inner_text(".banner")
    assert summarise(page, DIALOGUE)
    assert "<script>window.hacked = 1</script>" in page.inner_text("#turn-2")

    page.fill("#summary textarea", "Headaches for 3 weeks. No fever.")
    page.locator("#summary textarea").blur()
    page.wait_for_selector("#evidence .flag :text('3 weeks')")
    sentence = page.locator("#evidence .sentence").last
    sentence.hover()
    assert page.locator(".lit").count() >= 1
    page.keyboard.press("Escape")
    assert page.locator(".lit").count() == 0
    sentence.focus()
    page.keyboard.press("Enter")
    assert page.locator(".sentence.pinned").count() == 1

    with page.expect_download() as text:
        page.click("#save-text")
    assert Path(text.value.path()).read_text(encoding="utf-8") == "Headaches for 3 weeks. No fever."
    with page.expect_download() as saved:
        page.click("#save-json")
    note = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert note["summary"] == "Headaches for 3 weeks. No fever."
    assert note["flags"]
    assert note["dialogue"] == page.locator("#turns li").all_inner_texts()


def test_the_dialogue_is_shown_once_and_beside_the_note(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    summarise(page, DIALOGUE)
    assert not page.is_visible("#dialogue textarea")
    turns, note = page.locator("#turns ol").bounding_box(), page.locator("#summary textarea").bounding_box()
    assert turns is not None
    assert note is not None
    assert turns["x"] + turns["width"] < note["x"]
    assert max(turns["y"], note["y"]) < 600
    page.click("#edit-dialogue")
    assert page.is_visible("#dialogue textarea")
    assert not page.is_visible("#turns ol")


def test_flags_are_passed_dismissed_and_corrected_by_keys(page: Page) -> None:
    summarise(page, DIALOGUE)
    page.fill("#summary textarea", "\U0001f915 Headaches for 3 weeks. Takes aspirin. No fever.")
    page.locator("#summary textarea").blur()
    page.wait_for_selector("#evidence .flag :text('aspirin')")
    flags = page.locator("li.flag")
    assert flags.count() == 2
    page.keyboard.press("Alt+n")
    assert page.evaluate("document.activeElement.textContent").count("3 weeks")
    page.keyboard.press("Alt+a")
    assert flags.first.evaluate("flag => flag.classList.contains('dismissed')")
    page.keyboard.press("Alt+n")
    page.keyboard.press("Alt+e")
    box = page.locator("#summary textarea")
    assert box.evaluate("box => box.value.slice(box.selectionStart, box.selectionEnd)") == "aspirin"
    page.keyboard.insert_text("nothing")
    box.blur()
    page.wait_for_function("document.querySelectorAll('li.flag').length === 1")
    assert flags.first.get_by_role("button", name="Dismiss").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Accept sentence 3").click()
    assert page.locator("li.accepted").count() == 1


def test_the_turns_of_each_flag_are_in_the_window_with_it_also_after_a_correction(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    write_dialogue(page, DIALOGUE + "\nDoctor: I see.\nPatient: Yes." * 40)
    page.fill(
        "#summary textarea", "Headaches for 3 weeks. " + "She is well today. " * 20 + "The headaches began 5 weeks ago."
    )
    page.locator("#summary textarea").blur()
    page.wait_for_selector("#evidence .flag :text('5 weeks')")
    count = page.locator("li.flag").count()
    for _ in range(count):
        page.keyboard.press("Alt+n")
    assert "5 weeks" in page.evaluate("document.activeElement.textContent")
    for part in (".lit >> nth=0", "li.flag .sentence:focus"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert -1 < box["y"] < box["y"] + box["height"] < 801
    page.keyboard.press("Alt+e")
    page.keyboard.insert_text("4 weeks")
    page.keyboard.press("Alt+n")
    page.wait_for_selector("#evidence .flag :text('4 weeks')")
    page.wait_for_selector(".lit")


EARLIER = "#earlier :text('belongs to an earlier version of the dialogue')"


def is_saved(page: Page, button: str, seconds: float = 1.5) -> bool:
    """Whether a download begins within some seconds. A download that should begin needs longer on a busy machine."""
    try:
        with page.expect_download(timeout=seconds * 1000):
            page.click(button)
    except TooLate:
        return False
    return True


def test_a_correction_of_the_dialogue_marks_the_summary_and_stops_its_download(page: Page) -> None:
    summarise(page, DIALOGUE)
    page.fill("#summary textarea", "Headaches for 3 weeks.")
    write_dialogue(page, DIALOGUE.replace("two weeks", "four weeks"))
    page.wait_for_selector(EARLIER)
    assert page.input_value("#summary textarea") == "Headaches for 3 weeks."  # not lost without a word
    assert not is_saved(page, "#save-text")
    assert not is_saved(page, "#save-json")
    assert "two weeks" in (page.text_content("#turn-2") or "")

    page.fill("#dialogue textarea", DIALOGUE)  # as it was
    page.wait_for_selector(EARLIER, state="detached")
    assert is_saved(page, "#save-text", seconds=30)
    assert is_saved(page, "#save-json", seconds=30)


@pytest.mark.parametrize("way", ["file", "example", "paste"])
def test_another_dialogue_leaves_nothing_of_the_last_one(way: str, page: Page, tmp_path: Path) -> None:
    summarise(page, DIALOGUE)
    page.click("#compare")
    page.wait_for_selector("#other textarea")
    if way == "file":
        (tmp_path / "other.txt").write_text("Doctor: Any pain?\nPatient: In my knee.", encoding="utf-8")
        page.set_input_files("#pick-one", tmp_path / "other.txt")
    elif way == "example":
        page.get_by_text("Allergy and medication").click()
    else:
        page.click("#edit-dialogue")
        page.keyboard.press("Control+a")
        page.evaluate(PASTE, "Doctor: Any pain?\nPatient: In my knee.")
    page.wait_for_function("!document.querySelector('#dialogue textarea').value.includes('two weeks')")
    page.wait_for_selector("#evidence .sentence", state="detached")
    page.wait_for_function("document.querySelector('#summary textarea').value === ''")
    assert page.inner_text("#flags").strip() == ""
    assert page.locator("#other textarea").count() == 0
    assert page.inner_text("#earlier").strip() == ""
    assert not is_saved(page, "#save-json")


PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text", text);
  const box = document.activeElement;
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
  document.execCommand("insertText", false, text);
}"""


def choose(page: Page, picker: str, file: Path) -> None:
    """Choose a file as a person does, who may choose the same one again."""
    with page.expect_file_chooser() as chooser:
        page.click(picker)
    chooser.value.set_files(file)


def test_the_table_of_a_batch_goes_with_its_file(page: Page, tmp_path: Path) -> None:
    visits = tmp_path / "visits.csv"
    visits.write_text("id,dialogue\n1,Patient: No.\n", encoding="utf-8")
    page.get_by_role("tab", name="Many dialogues").click()
    page.click("#write-all")
    page.wait_for_selector("#batch-status [role=alert]:text('choose a file first')")
    choose(page, "#pick-many", visits)
    page.wait_for_selector("#pick-many-note:text('was read')")
    page.click("#write-all")
    page.wait_for_selector("#batch-status :text('Summaries: 1.')")
    visits.write_text("id,dialogue\n2,Patient: Yes.\n", encoding="utf-8")
    choose(page, "#pick-many", visits)
    page.wait_for_selector("#table table", state="detached")
    assert page.inner_text("#batch-status").strip() == ""
    assert not is_saved(page, "#save-csv")
    page.click("#write-all")
    page.wait_for_selector("#table td:text-is('2')")


def test_a_list_is_refused_and_an_edited_file_is_read_again(page: Page, tmp_path: Path) -> None:
    visits = tmp_path / "visits.csv"
    visits.write_text("id,dialogue\n1,Patient: No.\n2,Patient: Yes.\n", encoding="utf-8")
    choose(page, "#pick-one", visits)
    page.wait_for_selector("#status :text('this holds 2 records')")
    visits.write_text("id,dialogue\n1,Patient: No.\n", encoding="utf-8")
    for text in ("Patient: My own words.", ""):
        page.fill("#dialogue textarea", text)
        choose(page, "#pick-one", visits)
        page.wait_for_function("document.querySelector('#dialogue textarea').value === 'Patient: No.'")


def test_a_long_dialogue_tells_how_far_it_is_and_stops(served_project: Path, browser: Browser) -> None:
    set_params(served_project, **{"generation.max_new_tokens": 200, "generation.batch_tokens": 300})
    turn = "Patient: " + "It hurts here every day, and there it aches. " * 20
    with serving(served_project) as (address, _):
        page = browser.new_page()
        page.set_default_timeout(BUSY_MILLISECONDS)
        page.goto(address)
        page.wait_for_selector("#write")
        page.fill("#dialogue textarea", "\n".join([turn] * 60))  # more work than a busy browser takes to click
        page.click("#write")
        page.wait_for_selector("#summary :text-matches('[1-9][0-9.k]*/[0-9.k]+ parts of the dialogue')")
        page.click("#stop")
        page.wait_for_selector("#status :text('Stopped.')")
        assert page.input_value("#summary textarea") == ""
        assert summarise(page, DIALOGUE)
        page.close()


def test_the_baseline_stands_beside_on_request(page: Page) -> None:
    written = summarise(page, DIALOGUE)
    page.click("#compare")
    page.wait_for_selector("#other textarea")
    assert page.input_value("#other textarea") == written  # here the served model is the baseline, converted


def test_an_example_is_one_click_away_and_a_file_too(page: Page, tmp_path: Path) -> None:
    page.get_by_text("Allergy and medication").click()
    page.wait_for_function("document.querySelector('#dialogue textarea').value.includes('Penicillin')")
    for name, content in {
        "visit.txt": DIALOGUE,
        "visit.json": json.dumps({"dialogue": DIALOGUE}),
        "visit.csv": f'id,dialogue\n1,"{DIALOGUE}"\n',
    }.items():
        page.fill("#dialogue textarea", "")
        (tmp_path / name).write_text(content, encoding="utf-8")
        page.set_input_files("#pick-one", tmp_path / name)
        page.wait_for_function("document.querySelector('#dialogue textarea').value.includes('two weeks')")
    (tmp_path / "visit.png").write_bytes(b"\x89PNG\xff\xfe")
    page.set_input_files("#pick-one", tmp_path / "visit.png")
    page.wait_for_selector("#status [role=alert]:text('this is an image')")
    document = Document()
    for line in DIALOGUE.split("\n"):
        document.add_paragraph(line)
    document.save(str(tmp_path / "visit.docx"))
    page.fill("#dialogue textarea", "")
    page.set_input_files("#pick-one", tmp_path / "visit.docx")
    page.wait_for_function("document.querySelector('#dialogue textarea').value.includes('two weeks')")
    for name in ("visit.txt", "visit.json", "visit.csv", "visit.docx", "visit.png"):
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "there is no dialogue yet"), (f"{SECRET} came in.", "no speaker is named")],
)
def test_what_is_no_dialogue_gets_a_kind_sentence(text: str, said: str, page: Page) -> None:
    page.fill("#dialogue textarea", text)
    page.click("#write")
    page.wait_for_selector(f"#status [role=alert]:text('{said}')")


def test_a_batch_goes_in_as_csv_and_comes_out_as_csv_with_its_errors(page: Page, tmp_path: Path) -> None:
    rows = io.StringIO()
    writer = csv.writer(rows)
    writer.writerows([["id", "dialogue"], ["=1+1", DIALOGUE], ["b", "Nobody speaks."], *[["c", DIALOGUE]] * 9])
    (tmp_path / "visits.csv").write_text(rows.getvalue(), encoding="utf-8")
    page.get_by_role("tab", name="Many dialogues").click()
    page.set_input_files("#pick-many", tmp_path / "visits.csv")
    page.wait_for_selector("#pick-many-note:text('was read')")
    page.click("#write-all")
    page.wait_for_selector("#batch-status :text('Summaries: 10. Rows that could not be summarised: 1.')")
    assert page.locator("#table tr.error").count() == 1
    with page.expect_download() as saved:
        page.click("#save-csv")
    with Path(saved.value.path()).open(encoding="utf-8", newline="") as file:
        out = list(csv.DictReader(file))
    assert [row["id"] for row in out] == ["'=1+1", "b", *["c"] * 9]
    assert [bool(row["error"]) for row in out] == [False, True, *[False] * 9]
    (tmp_path / "visits.csv").unlink()


def test_a_wrong_password_stays_outside_and_the_right_one_gets_in(served_project: Path, browser: Browser) -> None:
    (served_project / "login").write_text("nurse:correct horse\n", encoding="utf-8")
    (served_project / "login").chmod(0o600)
    with serving(served_project, "--host", "0.0.0.0", "--login", "login") as (address, _):
        page = browser.new_page()
        page.goto(address)
        for password, inside in {"wrong": False, "correct horse": True}.items():
            page.get_by_label("username").fill("nurse")
            page.get_by_label("password").fill(password)
            page.get_by_role("button", name="Login").click()
            if inside:
                page.wait_for_selector("#write")
            else:
                page.wait_for_selector("text=Incorrect Credentials")
                assert page.locator("#write").count() == 0
        page.close()
