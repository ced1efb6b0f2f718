"""The plots of the last evaluation as PNG, for slides: `python -m medsum.quality.charts`.

Reads plots/evaluation/*.csv; writes reports/charts/*.png, the same bytes for the same numbers.
"""

from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from medsum.errors import UserError, run_script

PLOTS = Path("plots/evaluation")
CHARTS = Path("reports/charts")
COLOURS = {
    "first_turns": "#dddddd",
    "nearest_note": "#cccccc",
    "longest_turn": "#bbbbbb",
    "copy_dialogue": "#999999",
    "baseline": "#e69f00",
    "finetuned": "#0072b2",
}
BAR = 0.8  # of the room that a group has


def grouped_bars(axes: Axes, rows: pd.DataFrame, group: str, value: str) -> None:
    """One group of horizontal bars a value of `group`, one bar a model, each with its interval."""
    names = list(dict.fromkeys(rows[group]))
    models = [model for model in COLOURS if model in set(rows["model"])]
    height = BAR / len(models)
    for place, model in enumerate(models):
        bars = rows[rows["model"] == model].set_index(group).loc[names]
        at = [index - BAR / 2 + (place + 0.5) * height for index in range(len(names))]
        ends = [(bars[value] - bars["low"]).clip(lower=0), (bars["high"] - bars[value]).clip(lower=0)]
        axes.barh(at, bars[value], height, color=COLOURS[model], label=model, xerr=ends, error_kw={"lw": 0.8})
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.legend(frameon=False, fontsize="small")


def points(axes: Axes, rows: pd.DataFrame) -> None:
    """ROUGE-1 against the length of the dialogue."""
    for model, group in rows.groupby("model"):
        axes.scatter(group["dialogue_words"], group["rouge1"], s=14, alpha=0.6, color=COLOURS[str(model)], label=model)
    axes.set_xscale("log")
    axes.legend(frameon=False, fontsize="small")


def distribution(axes: Axes, rows: pd.DataFrame) -> None:
    """Records by difference; what got worse in the colour of the baseline."""
    colours = [COLOURS["baseline" if value < 0 else "finetuned"] for value in rows["difference"]]
    axes.bar(rows["difference"], rows["records"], width=0.04, color=colours)


def draw(name: str) -> Figure:
    """The chart of one of the plots; raises UserError where it is not there."""
    try:
        rows = pd.read_csv(PLOTS / f"{name}.csv")
    except FileNotFoundError:
        raise UserError(f"{PLOTS / name}.csv is not there; run `dvc repro` to make it") from None
    bars = len(rows) if "low" in rows else 0
    figure = Figure(figsize=(8, max(4.5, 0.17 * bars + 1)), layout="constrained")
    axes = figure.subplots()
    if name == "by_length":
        points(axes, rows)
        axes.set(xlabel="words of the dialogue", ylabel="ROUGE-1 F1", title="ROUGE-1 by dialogue length")
    elif name == "differences":
        distribution(axes, rows)
        axes.set(xlabel="difference of ROUGE-1 F1", ylabel="records", title="Fine-tuned minus baseline")
    else:
        group, value = str(rows.columns[0]), "score" if "score" in rows else "rouge1"
        grouped_bars(axes, rows, group, value)
        axes.set(xlabel="score" if value == "score" else "ROUGE-1 F1", title=f"By {group}, with 95 % intervals")
    return figure


def main() -> None:
    """Draw every plot of the evaluation."""
    mpl.rcParams.update({"savefig.dpi": 160, "font.size": 9})
    CHARTS.mkdir(parents=True, exist_ok=True)
    names = ("by_model", "by_section", "by_length_bucket", "by_length", "differences")
    for name in names:
        draw(name).savefig(CHARTS / f"{name}.png", metadata={"Software": None})
    print(f"{CHARTS}: {len(names)} charts")


if __name__ == "__main__":
    run_script(main)
