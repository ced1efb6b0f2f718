"""The page starts only where it is safe, and shows what people wrote as text."""

import asyncio
import csv
import time
from pathlib import Path

import httpx2
import pytest

from medsum.core.atomic import write_json
from medsum.core.errors import UserError
from medsum.report.aggregate import categories
from medsum.serve import login, quality_tab, render
from tests.conftest import run_script
from tests.page.conftest import serving

NOTE = {
    "summary": "Took <b>2</b> pills & left.",
    "section": None,
    "evidence": [{"sentence": "", "start": 0, "end": 27, "turns": [1], "support": 1.0, "standing": "supported"}],
    "flags": [
        {"category": "quantity", "severity": "major", "text": "<b>2</b>", "start": 5, "end": 13, "turns": [],
         "reason": '"<b>2</b>" is not said'}
    ],
}  # fmt: skip


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "hospital.example"])
def test_beyond_this_machine_it_does_not_start_without_a_login(host: str, served_project: Path) -> None:
    result = run_script(served_project, "app.py", "--host", host, env={"MEDSUM_USER": "u", "MEDSUM_PASSWORD": ""})
    assert result.returncode == 1
    assert result.stderr.startswith(f"Error: {host} can be reached from other machines; set MEDSUM_USER and")


@pytest.mark.parametrize("content", ["", "user", "user:", ":password", "user:password\nsecond:line", None])
def test_a_login_file_without_both_is_refused_and_not_quoted(content: str | None, served_project: Path) -> None:
    if content is not None:
        (served_project / "login").write_text(content, encoding="utf-8")
        (served_project / "login").chmod(0o600)
    result = run_script(served_project, "app.py", "--login", "login")
    assert result.returncode == 1
    assert "write one line user:password there" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o620, 0o604])
def test_a_login_file_that_others_can_open_is_refused(mode: int, tmp_path: Path) -> None:
    file = tmp_path / "login"
    file.write_text("nurse:horse\n", encoding="utf-8")
    file.chmod(mode)
    with pytest.raises(UserError, match=r"is open to other users of this machine; run `chmod 600 .*login`"):
        login.credentials(file, "", "")
    file.chmod(0o600)
    assert login.credentials(file, "", "") == ("nurse", "horse")


def test_no_option_takes_a_password(served_project: Path) -> None:
    assert "--password" not in run_script(served_project, "app.py", "--help").stdout


def test_markup_in_dialogue_summary_and_reason_is_only_text() -> None:
    html = render.evidence_html(NOTE) + render.flags_html(NOTE)
    html += render.turns_html(["Doctor: <script>alert(1)</script>"])
    html += render.rows_html([{"line": 1, "id": "<i>", "error": "<u>"}]) + render.message("<s>")
    for tag in ("<script", "<b>", "<i>", "<u>", "<s>"):
        assert tag not in html
    assert "Doctor: &lt;script&gt;" in html
    assert (
        '<mark class="major" title="&quot;&lt;b&gt;2&lt;/b&gt;&quot; is not said">&lt;b&gt;2&lt;/b&gt;</mark>' in html
    )


def test_without_metrics_the_page_says_how_to_get_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert "dvc repro" in quality_tab.quality_html()


def test_metrics_are_shown_with_their_intervals(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("reports").mkdir()
    Path("reports/evaluation.json").write_text(
        '{"records": 30, "floors": {"copy_dialogue": {"rouge1": 0.2}}, "finetuned": {"rouge1": 0.25},'
        ' "against_baseline": {"rouge1": {"difference": 0.1, "low": 0.05, "high": 0.2, "p": 0.01}}}',
        encoding="utf-8",
    )
    html = quality_tab.quality_html()
    assert "30 test dialogues" in html
    assert "<td>0.200</td><td>0.250</td><td>0.100 [0.050, 0.200]</td>" in html
    assert "Errors found" not in html
    assert "<svg" not in html


def test_plots_are_drawn_with_their_intervals_and_the_served_model_is_named(
    measured: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(measured)
    html = quality_tab.quality_html()
    score = next(row for row in rows_of("plots/evaluation/by_model.csv") if row["model"] == "finetuned")
    interval = " [".join(f"{float(score[name]):.3f}" for name in ("score", "low")) + f", {float(score['high']):.3f}]"
    assert f"<td>{interval}</td>" in html
    assert html.count("<svg") == sum(
        row["model"] in systems
        for path, systems in {
            "plots/evaluation/by_model.csv": ("copy_dialogue", "baseline", "finetuned"),
            "plots/evaluation/by_section.csv": ("baseline", "finetuned"),
            "plots/errors/by_category.csv": ("baseline", "finetuned"),
            "plots/errors/risk_coverage.csv": ("baseline", "finetuned"),
        }.items()
        for row in rows_of(path)
    )
    assert "Served here: the fine-tuned model, converted for serving." in html
    assert "not of that one" not in html


def test_what_the_conversion_changed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    change = {"difference": 0.004, "low": -0.01, "high": 0.02}
    write_json(Path("reports/export.json"), {"precision": "int8", "records": 8, "greedy": {"rouge1": change}})
    write_json(Path("reports/evaluation.json"), {"records": 2})
    assert (
        "The fine-tuned model was converted for serving (int8). Its ROUGE-1 differs by +0.004 [-0.010, +0.020] from the"
        " unconverted model on 8 validation dialogues." in quality_tab.quality_html()
    )


def test_of_a_model_that_is_not_the_pipelines_it_is_said_that_the_figures_are_not_of_it(tmp_path: Path) -> None:
    html = quality_tab.quality_html(str(tmp_path / "elsewhere" / "<mine>"))
    assert "<code>&lt;mine&gt;</code>" in html
    assert "the pipeline's models, not for this model" in html
    assert "elsewhere" not in html


def rows_of(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_page_shows_errors_by_category_as_the_error_analysis_writes_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    flag = {"category": "medication", "severity": "major"}
    rows = [{"errors": [flag] * count} for count in (2, 0)]
    write_json(Path("reports/errors.json"), {"categories": categories({"baseline": rows, "finetuned": rows[::-1]})})
    write_json(Path("reports/evaluation.json"), {"records": 2})
    html = quality_tab.quality_html()
    row = html.partition("<th>medication</th>")[2].partition("</tr>")[0]
    assert row == "<td>2 (2)</td><td>0.500 [0.095, 0.905]</td>" * 2
    assert "<th>baseline: errors (major)</th>" in html


def test_wrong_logins_come_late_one_after_the_other_and_the_right_one_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login, "SECONDS", 0.1)
    monkeypatch.setattr(login, "MOST_WAITING", 3)

    async def seconds(door: login.Login, password: str) -> tuple[bool, float]:
        start = time.monotonic()
        return await door.check("nurse", password), time.monotonic() - start

    async def tried() -> tuple[list[tuple[bool, float]], bool]:
        door = login.Login("nurse", "horse:1")
        answers = await asyncio.gather(*(seconds(door, word) for word in ("wrong", "horse:1", "horse", "")))
        waiting = [asyncio.create_task(door.check("nurse", "wrong")) for _ in range(3)]
        await asyncio.sleep(0.01)
        unseen = await door.check("nurse", "horse:1")
        await asyncio.gather(*waiting)
        return answers, unseen

    answers, unseen = asyncio.run(tried())
    assert [right for right, _ in answers] == [False, True, False, False]
    assert answers[1][1] < 0.1
    assert answers[3][1] >= 0.29
    assert not unseen


@pytest.mark.slow
def test_who_has_not_logged_in_sends_little_and_a_login_file_lets_in(served_project: Path) -> None:
    env = {"MEDSUM_USER": "nurse", "MEDSUM_PASSWORD": "horse"}
    with serving(served_project, env=env) as (address, _):
        large = {"data": ["Patient: No fever. " * 1000, "CC"]}
        assert httpx2.post(f"{address}/gradio_api/call/summarize", json=large).status_code == 413
        assert httpx2.post(f"{address}/gradio_api/call/summarize", json={"data": []}).status_code == 401
        with httpx2.Client() as client:
            start = time.monotonic()
            assert client.post(f"{address}/login", data={"username": "nurse", "password": "no"}).status_code == 400
            assert time.monotonic() - start >= 1
            assert client.post(f"{address}/login", data={"username": "nurse", "password": "horse"}).status_code == 200
            assert client.post(f"{address}/gradio_api/call/summarize", json=large).status_code == 200


@pytest.mark.slow
def test_a_service_manager_that_ends_it_leaves_nothing_behind(served_project: Path) -> None:
    scratch = served_project / "scratch"
    scratch.mkdir()
    with serving(served_project, env={"TMPDIR": str(scratch)}):
        assert list(scratch.glob("medsum-page-*"))
    assert list(scratch.iterdir()) == []  # `serving` sends SIGTERM
