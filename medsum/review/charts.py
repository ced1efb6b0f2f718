"""The plots of the last evaluation and error analysis as PNG, for slides: `python -m medsum.review.charts`.

Reads plots/{evaluation,errors}/*.csv; writes reports/charts/*.png, the same bytes for the same numbers.
"""

from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from medsum.core.errors import UserError, run_script

PLOTS = Path("plots")
BARS = {  # of a plot: the score that is drawn, what it is called, and a title
    "evaluation/by_model": ("score", "score", "By metric; of omission and hallucination, less is better"),
    "evaluation/by_section": ("rouge1", "ROUGE-1 F1", "ROUGE-1 by section"),
    "evaluation/faithfulness_by_section": ("factual_f1", "factual F1", "Factual F1 by section"),
    "evaluation/by_length_bucket": ("rouge1", "ROUGE-1 F1", "ROUGE-1 by words of the dialogue"),
    "errors/by_category": ("share", "share of the summaries", "Summaries with an error of the category"),
}
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
    bars = len(rows) if name in BARS else 0
    figure = Figure(figsize=(8, max(4.5, 0.17 * bars + 1)), layout="constrained")
    axes = figure.subplots()
    if name in BARS:
        value, label, title = BARS[name]
        grouped_bars(axes, rows, str(rows.columns[0]), value)
        axes.set(xlabel=label, title=f"{title}, with 95 % intervals")
    elif name == "evaluation/by_length":
        points(axes, rows)
        axes.set(xlabel="words of the dialogue", ylabel="ROUGE-1 F1", title="ROUGE-1 by dialogue length")
    else:
        distribution(axes, rows)
        axes.set(xlabel="difference of ROUGE-1 F1", ylabel="records", title="Fine-tuned minus baseline")
    return figure


def main() -> None:
    """Draw every plot of the evaluation and of the error analysis."""
    mpl.rcParams.update({"savefig.dpi": 160, "font.size": 9})
    CHARTS.mkdir(parents=True, exist_ok=True)
    names = (*BARS, "evaluation/by_length", "evaluation/differences")
    for name in names:
        draw(name).savefig(CHARTS / f"{Path(name).name}.png", metadata={"Software": None})
    print(f"{CHARTS}: {len(names)} charts")


if __name__ == "__main__":
    run_script(main)
