"""Count the keys, clicks and scrolls that resolve ten flags: on the page by keys or by mouse, and on the old page.

    python app.py &
    git worktree add ../old-page 425d38a       # the last commit with the dialogue below the note
    (cd ../old-page && python app.py --port 7861) &      # both folders need a model in models/serving
    python -m benchmarks.generation.page_keys [--new http://localhost:7860] [--old http://localhost:7861]

A scripted browser writes a visit and a note with ten wrong facts into the page. Then it resolves the flags as a person
who takes no wrong step. The command prints one row for each way and window. docs/benchmarks.md describes the rules.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, sync_playwright

VISIT = Path(__file__).parent / "long_visits/02_knee_pain.txt"
NOTE = (
    "Left knee pain for eleven months. She can put weight on it and finished her shift. Pain is 9 out of 10 on"
    " stairs. She drinks 4 glasses of wine on Saturdays. She takes ibuprofen 800 mg for the pain. Amlodipine 10 mg"
    " in the morning for high blood pressure. Levothyroxine 50 micrograms. Omeprazole 40 mg three times a week."
    " Penicillin gave her hives. She takes warfarin. There is a small amount of fluid in the right knee only. The"
    " X-ray shows narrowing of the inner joint space and bone spurs. Physical therapy twice a week for twelve"
    " weeks. Diclofenac gel four times a day. Acetaminophen 3 g up to three times a day. She has had a fever."
)
CORRECTIONS = {  # the other five flags are dismissed
    "800 mg": "400 mg",
    "10 mg": "5 mg",
    "50 micrograms": "75 micrograms",
    "Penicillin": "Codeine",
    "3 g": "1 g",
}
FLAGS = 10
STEP = 100  # the pixels of one notch of the wheel
WINDOWS = ((1280, 800), (1920, 1080))
CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-smooth-scrolling", "--disable-background-networking"]
PATIENCE_MS = 120_000
COUNTING = """
window.counted = { keys: 0, clicks: 0 };
addEventListener("keydown", (event) => { if (event.isTrusted) window.counted.keys += 1; }, true);
addEventListener("mousedown", (event) => { if (event.isTrusted) window.counted.clicks += 1; }, true);
"""
SELECT = """(box, words) => {
  const start = box.value.indexOf(words);
  box.setSelectionRange(start, start + words.length);
}"""


@dataclass
class Person:
    """A person at the page. The page counts keys and clicks. This class counts what the person scrolls."""

    page: Page
    wheels: int = 0
    pixels: int = 0

    def see(self, *things: Locator) -> None:
        """Scroll until all things are in the window together. If they do not fit, scroll to one after the other."""
        boxes = [box for thing in things if (box := thing.bounding_box())]
        top = min(box["y"] for box in boxes)
        bottom = max(box["y"] + box["height"] for box in boxes)
        height = (self.page.viewport_size or {"height": 0})["height"]
        if bottom - top > height - STEP and len(things) > 1:
            for thing in things:
                self.see(thing)
        elif top < 0 or bottom > height:
            self._turn_wheel(-STEP if top < 0 else STEP)
            self.see(*things)

    def _turn_wheel(self, by: int) -> None:
        """Turn the wheel by one notch, with the pointer at the edge of the page."""
        before = self.page.evaluate("scrollY")
        self.page.mouse.move(3, 300)
        self.page.mouse.wheel(0, by)
        self.page.wait_for_function("before => scrollY !== before", arg=before)
        self.wheels += 1
        self.pixels += abs(self.page.evaluate("scrollY") - before)

    def counts(self) -> list[int]:
        """Return the numbers of key presses, clicks, notches of the wheel and pixels."""
        found = self.page.evaluate("window.counted")
        return [found["keys"], found["clicks"], self.wheels, round(self.pixels)]


def opened(browser: Browser, url: str, window: tuple[int, int]) -> Person:
    """Open the page with the visit, the note and its flags. Nothing of this is counted."""
    page = browser.new_page(viewport={"width": window[0], "height": window[1]})
    page.set_default_timeout(PATIENCE_MS)
    page.add_init_script(COUNTING)
    page.goto(url)
    page.fill("#dialogue textarea", VISIT.read_text(encoding="utf-8"))
    page.fill("#summary textarea", NOTE)
    page.locator("#summary textarea").blur()
    page.wait_for_selector("#evidence .sentence")
    page.wait_for_timeout(1000)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0); window.counted = { keys: 0, clicks: 0 }")
    return Person(page)


def words_of(flag: Locator) -> str:
    """Return the flagged words, which the explanation of a flag quotes first."""
    return flag.inner_text().partition("“")[2].partition("”")[0]


def checked(person: Person, flags: str, left: int) -> None:
    """Wait until the page shows `left` flags. After a correction, the page checks the note again."""
    person.page.wait_for_function(f"left => document.querySelectorAll('{flags}').length === left", arg=left)


def compared(person: Person, flag: Locator, sentence: Locator) -> None:
    """See the first turn of a flag together with its sentence. A flag on invented words has no turn."""
    turn = person.page.locator(".turns .lit").first
    person.see(sentence, flag)
    if turn.count():
        person.see(turn, sentence)


def by_keys(person: Person) -> None:
    """Resolve the flags with the keys of the page."""
    page, left, resolved = person.page, FLAGS, set[str]()
    while len(resolved) < FLAGS:
        page.keyboard.press("Alt+n")
        checked(person, "li.flag", left)
        flag = page.locator("li.flag:has(> .sentence:focus), li.flag:has(> .pinned)").first
        words = words_of(flag)
        if words in resolved:
            continue
        resolved.add(words)
        compared(person, flag, flag.locator("xpath=../../button[1]"))
        page.keyboard.press("Alt+e" if words in CORRECTIONS else "Alt+a")
        if words in CORRECTIONS:
            left -= 1
            page.keyboard.type(CORRECTIONS[words])


def by_mouse(person: Person) -> None:
    """Resolve the flags with the buttons of the page."""
    page, left = person.page, FLAGS
    flags = page.locator("li.flag:not(.dismissed)")
    for _ in range(FLAGS):
        flag = flags.first
        words = words_of(flag)
        shown = flag.locator("> .sentence")
        person.see(shown)
        shown.click()
        compared(person, flag, flag.locator("xpath=../../button[1]"))
        button = flag.get_by_role("button", name="Correct" if words in CORRECTIONS else "Dismiss")
        person.see(button)
        button.click()
        if words in CORRECTIONS:
            left -= 1
            page.keyboard.type(CORRECTIONS[words])
            leave(person, "li.flag", left)


def leave(person: Person, flags: str, left: int) -> None:
    """Leave the summary with the Tab key, so that the page checks the corrected note."""
    person.page.keyboard.press("Tab")
    checked(person, flags, left)


def on_old_page(person: Person) -> None:
    """Resolve the flags on the old page, which has no keys and no buttons: the person finds the words in the note."""
    page, left, place = person.page, FLAGS, 0
    flags, box = page.locator("#flags .flags li"), page.locator("#summary textarea")
    while place < left:
        flag = flags.nth(place)
        words = words_of(flag)
        person.see(flag)
        flag.locator(".sentence").click()
        sentence = page.locator("#evidence li:has(> .sentence)", has=page.locator("mark", has_text=words)).first
        compared(person, sentence, sentence)
        if words not in CORRECTIONS:
            place += 1  # the page cannot mark a flag as dismissed, so the person remembers it
            continue
        left -= 1
        person.see(box)
        box.click()
        box.evaluate(SELECT, words)  # the click stands for the movement of the mouse that selects the words
        page.keyboard.type(CORRECTIONS[words])
        leave(person, "#flags .flags li", left)


WAYS: dict[str, Callable[[Person], None]] = {
    "old page": on_old_page, "new page, keys": by_keys, "new page, mouse": by_mouse
}  # fmt: skip


def main() -> None:
    """Resolve the flags in each way and in each window, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--new", default="http://localhost:7860")
    parser.add_argument("--old", default="http://localhost:7861")
    options = parser.parse_args()
    print("| window | way | key presses | clicks | notches of the wheel | pixels |\n|---|---|---|---|---|---|")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        for window in WINDOWS:
            for way, resolve in WAYS.items():
                person = opened(browser, options.old if resolve is on_old_page else options.new, window)
                resolve(person)
                row = [f"{window[0]}x{window[1]}", way, *map(str, person.counts())]
                print(f"| {' | '.join(row)} |", flush=True)
                person.page.close()
        browser.close()


if __name__ == "__main__":
    main()
