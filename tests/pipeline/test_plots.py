"""The page of `dvc plots show` draws in a browser that reaches nothing but files."""

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from playwright.sync_api import Page, Route, sync_playwright

from tests.conftest import ROOT
from tests.pipeline.conftest import command

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="Debian's package chromium is not installed"),
]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]
DRAWN = "svg.marks"
MARKS = ":is(.mark-line, .mark-symbol, .mark-rect).role-mark > path[d]"


def declared_plots() -> list[str]:
    """Titles of the plots that dvc.yaml asks for, at its end or at a stage."""
    pipeline = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    at_stages = [plot for stage in pipeline["stages"].values() for plot in stage.get("plots", [])]
    return [
        settings.get("title", name)
        for plot in [*pipeline.get("plots", []), *at_stages]
        for name, settings in plot.items()
    ]


class Opened(NamedTuple):
    """The page, and what happened while it was opened."""

    page: Page
    requests: list[str]
    problems: list[str]


@pytest.fixture
def opened(reproduced: Path) -> Iterator[Opened]:
    command(reproduced, "dvc", "plots", "show")
    requests: list[str] = []
    problems: list[str] = []

    def only_files(route: Route) -> None:
        requests.append(route.request.url)
        if route.request.url.startswith(("file:", "data:", "blob:")):
            route.continue_()
        else:
            route.abort()

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1200, "height": 900})
        page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.route("**/*", only_files)
        page.goto((reproduced / "dvc_plots/index.html").as_uri())
        count = len(declared_plots())
        page.wait_for_function(f"document.querySelectorAll('{DRAWN}').length >= {count}", timeout=60_000)
        yield Opened(page, requests, problems)
        browser.close()


def boxes(page: Page, title: str, marks: str) -> list[dict[str, Any]]:
    """Where the marks of the plot with this title stand on the screen."""
    plot = page.locator(DRAWN, has=page.locator(f"text='{title}'"))
    assert plot.count() == 1
    found: list[dict[str, Any]] = plot.locator(marks).evaluate_all(
        "marks => marks.map(m => { const b = m.getBoundingClientRect();"
        " return {top: Math.round(b.top * 10), height: b.height, width: b.width, left: b.left, right: b.right}; })"
    )
    return found


def test_every_declared_plot_is_drawn_with_marks_and_without_a_network(opened: Opened) -> None:
    page = opened.page
    assert len(declared_plots()) >= 5
    assert page.locator(DRAWN).count() == len(declared_plots())
    titles = page.locator(f"{DRAWN} .role-title-text").all_text_contents()
    assert sorted(title for title in titles if title != "workspace") == sorted(declared_plots())
    marks = [page.locator(DRAWN).nth(index).locator(MARKS).count() for index in range(len(declared_plots()))]
    assert all(marks), marks
    assert opened.problems == []
    assert opened.requests
    assert {url.partition(":")[0] for url in opened.requests} <= {"file", "data", "blob"}


def test_the_bars_of_the_models_stand_one_below_the_other(opened: Opened, reproduced: Path) -> None:
    with (reproduced / "plots/evaluation/by_model.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    title = next(title for title in declared_plots() if title.startswith("Scores by model"))
    bars = boxes(opened.page, title, ".mark-rect.role-mark path")
    assert len(bars) == len(rows)
    assert len({bar["top"] for bar in bars}) == len(rows)


def test_no_plot_is_cut_off_by_its_own_frame(opened: Opened) -> None:
    frames = opened.page.locator(DRAWN)
    for index in range(frames.count()):
        cut = frames.nth(index).evaluate(
            "svg => { const f = svg.getBoundingClientRect(); return [...svg.querySelectorAll('text')]"
            ".filter(t => { const b = t.getBoundingClientRect(); return b.width && (b.left < f.left - 1"
            " || b.right > f.right + 1 || b.top < f.top - 1 || b.bottom > f.bottom + 1); })"
            ".map(t => t.textContent); }"
        )
        assert cut == []
