"""The page can be read and used by all: contrast AA in light and dark, without a mouse, on a tablet."""

import shutil
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.page.conftest import DIALOGUE, serving, summarise

pytestmark = pytest.mark.slow
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
OUTLINE = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
}"""
FOCUSED = "document.activeElement.innerText || document.activeElement.closest('[id]').id"


def assert_readable(page: Page, texts: int) -> None:
    """At least so many texts are there, and each stands out."""
    page.wait_for_function("document.getAnimations().every((one) => one.playState !== 'running')")
    measured = page.evaluate(CONTRAST)
    assert len(measured) >= texts
    assert [one for one in measured if one["ratio"] < one["least"]] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_and_field_has_contrast_aa(
    scheme: Literal["light", "dark"], page: Page, served_project: Path, measured: Path, tmp_path: Path
) -> None:
    for results in ("metrics", "plots", "reports"):
        shutil.copytree(measured / results, served_project / results, dirs_exist_ok=True)
    page.emulate_media(color_scheme=scheme)
    page.reload()
    page.wait_for_selector("#write")
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    page.click("#section input")
    page.wait_for_selector("[role=option]")
    assert_readable(page, 30)
    page.keyboard.press("Escape")
    page.click("#write")
    page.wait_for_selector("#status [role=alert]")
    assert_readable(page, 15)

    summarise(page, DIALOGUE)
    page.fill("#summary textarea", "Headaches for 3 weeks. Takes aspirin. No fever.")
    page.locator("#summary textarea").blur()
    page.wait_for_selector("mark.minor")
    page.wait_for_selector("mark.major")
    page.locator("#evidence .sentence").first.click()
    page.wait_for_selector(".lit")
    assert_readable(page, 30)

    page.get_by_role("tab", name="Many dialogues").click()
    (tmp_path / "visits.csv").write_text("id,dialogue\n1,Nobody speaks.\n2,Patient: No.\n", encoding="utf-8")
    page.set_input_files("#pick-many", tmp_path / "visits.csv")
    page.wait_for_selector("#pick-many-note:text('was read')")
    page.click("#write-all")
    page.wait_for_selector("#batch-status :text('Summaries: 1.')")
    assert_readable(page, 20)
    page.get_by_role("tab", name="How good is it?").click()
    page.wait_for_selector("text=ROUGE-1")
    assert_readable(page, 20)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_has_contrast_aa(scheme: Literal["light", "dark"], served_project: Path, browser: Browser) -> None:
    with serving(served_project, env={"MEDSUM_USER": "nurse", "MEDSUM_PASSWORD": "horse"}) as (address, _):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address)
        page.get_by_role("button", name="Login").wait_for()
        assert_readable(page, 4)
        page.close()


def test_everything_is_done_without_a_mouse_and_the_focus_is_seen(page: Page) -> None:
    page.keyboard.press("Tab")
    seen: list[str] = []
    for _ in range(30):
        if page.evaluate("document.activeElement !== document.body"):
            assert page.evaluate(OUTLINE) >= 2, seen
            seen.append(page.evaluate(FOCUSED))
        if seen[-1] == "dialogue" and "dialogue" not in seen[:-1]:
            page.keyboard.insert_text(DIALOGUE)
        if seen[-1] == "Summarise":
            break
        page.keyboard.press("Tab")
    assert seen[:4] == ["One dialogue", "Many dialogues", "How good is it?", "dialogue"]
    assert {"pick-one", "Headaches", "section", "Summarise"} <= set(seen)
    page.keyboard.press("Enter")
    page.wait_for_selector("#evidence .sentence")
    while page.evaluate(FOCUSED) != "summary" or page.evaluate("document.activeElement.tagName") != "TEXTAREA":
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("Headaches for 3 weeks. No fever.")
    for name in ("Download text", "Download JSON", "Compare with baseline"):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED) == name
    page.wait_for_selector("#evidence .flag :text('3 weeks')")
    lit, passed = [], []
    for _ in range(9):  # two sentences and a flag, each with two buttons
        page.keyboard.press("Tab")
        assert page.evaluate(OUTLINE) >= 2
        passed.append(page.evaluate("document.activeElement.className.split(' ')[0]"))
        if passed[-1] == "sentence":
            lit.append(page.locator(".lit").count())
            page.keyboard.press("Enter")
            assert page.locator(".sentence.pinned").count() == 1
    assert passed == ["sentence", "mark", "mark"] * 3
    assert all(lit)


@pytest.mark.parametrize("width", [768, 600])
def test_nothing_is_cut_off_on_a_tablet(width: int, page: Page, served_project: Path, measured: Path) -> None:
    for results in ("metrics", "plots", "reports"):
        shutil.copytree(measured / results, served_project / results, dirs_exist_ok=True)
    page.set_viewport_size({"width": width, "height": 1024})
    page.reload()
    page.wait_for_selector("#write")
    summarise(page, DIALOGUE)
    for tab in ("One dialogue", "Many dialogues", "How good is it?"):
        page.get_by_role("tab", name=tab).click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
