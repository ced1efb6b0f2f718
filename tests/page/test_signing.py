"""Signing a note in a real browser, on a server that keeps corrections and on one that does not."""

import json
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from medsum.corpus.corrections import read_corrections
from tests.conftest import set_params
from tests.page.conftest import BUSY_MILLISECONDS, DIALOGUE, SECRET, serving, summarise, write_dialogue

pytestmark = pytest.mark.slow
KEPT = "data/raw/corrections"


def wait_for_text(path: Path, text: str) -> None:
    """Wait until the server has kept a text."""
    end = time.monotonic() + BUSY_MILLISECONDS / 1000
    while text not in path.read_text(encoding="utf-8"):
        assert time.monotonic() < end
        time.sleep(0.1)


def test_without_the_option_there_is_nothing_to_sign(page: Page) -> None:
    assert page.locator("#sign").count() == 0
    assert "keeps" not in page.inner_text("body")


def test_a_corrected_note_is_signed_copied_and_kept(served_project: Path, browser: Browser) -> None:
    set_params(served_project, **{"generation.max_new_tokens": 24})
    with serving(served_project, "--keep-corrections", KEPT, "--audit-log", "audit.jsonl") as (address, log):
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.set_default_timeout(BUSY_MILLISECONDS)
        page.goto(address)
        page.wait_for_selector("#sign")
        assert "this server keeps the dialogue, the draft" in page.inner_text("body")
        page.click("#sign")
        page.wait_for_selector("#signed :text('there is no draft')")
        draft = summarise(page, DIALOGUE)
        assert page.inner_text("#signed") == ""
        path = served_project / KEPT / "corrections.jsonl"
        for text in ("Headaches for 2 weeks.", "Headaches for 2 weeks. No fever."):
            page.fill("#summary textarea", text)
            page.click("#sign")
            page.wait_for_function(f"navigator.clipboard.readText().then((text) => text === {json.dumps(text)})")
            wait_for_text(path, json.dumps(text))
            page.wait_for_selector("#signed :text('Signed.')")
        [kept] = read_corrections(path)
        assert [(part.draft, part.signed) for part in kept.sections] == [(draft, "Headaches for 2 weeks. No fever.")]
        assert SECRET in kept.dialogue
        assert 0 < kept.seconds < 600

        page.goto(address)  # or the status of the first note would be taken for that of the second
        page.wait_for_selector("#sign")
        summarise(page, DIALOGUE + "\nDoctor: Good.")
        page.fill("#summary textarea", "Written by hand.")
        write_dialogue(page, "Patient: Other.")
        page.click("#sign")
        wait_for_text(path, "Written by hand.")
        assert len(path.read_text(encoding="utf-8").splitlines()) == 2  # the second signature has replaced the first
        assert read_corrections(path)[-1].dialogue.endswith("Doctor: Good.")  # the draft's own dialogue
        context.close()
    assert SECRET not in log.read_text(encoding="utf-8")
    audit = (served_project / "audit.jsonl").read_text(encoding="utf-8")
    assert SECRET not in audit
    rows = [json.loads(line) for line in audit.splitlines()]
    assert [row["outcome"] for row in rows if row["entry"] == "signature"].count("accepted") >= 2
    assert {row["model"] for row in rows if row["entry"] == "signature"} == {kept.model}
