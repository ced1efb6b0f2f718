"""Draw the plots of the last run as PNG, for slides: `python -m medsum.review.charts`.

This command reads dvc.yaml, .dvc/plots and plots/*/*.csv, and writes reports/charts/*.png. The same numbers always give
the same bytes. Each chart has the title, columns, labels and colours of `dvc plots show` (see chart_definitions.py).
"""

from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from medsum.core.errors import UserError, run_script
from medsum.core.paths import CHARTS
from medsum.review.chart_definitions import Chart, charts_of_stages, colours_by_sign, colours_of

FONT_POINTS = 9
DOTS_PER_INCH = 160
BAR_SHARE = 0.8  # the bars fill this share of the height of a group; the rest is the gap to the next group
GAIN, BASELINE = "#0072b2", "#e69f00"


def grouped_intervals(axes: Axes, rows: pd.DataFrame, chart: Chart) -> None:
    """Draw a group of horizontal bars for each value of column `y`.

    In each group, every system has one bar with its interval. A system is a model or a baseline.
    """
    names = list(dict.fromkeys(rows[chart.y]))
    colours = {name: colour for name, colour in colours_of(chart.template).items() if name in set(rows["model"])}
    height = BAR_SHARE / len(colours)
    for place, (model, colour) in enumerate(colours.items()):
        bars = rows[rows["model"] == model].set_index(chart.y).reindex(names)
        at = [index - BAR_SHARE / 2 + (place + 0.5) * height for index in range(len(names))]
        ends = [(bars[chart.x] - bars["low"]).clip(lower=0), (bars["high"] - bars[chart.x]).clip(lower=0)]
        axes.barh(at, bars[chart.x], height, color=colour, label=model, xerr=ends, error_kw={"lw": 0.8})
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.legend(frameon=False, fontsize="small")


def points_by_model(axes: Axes, rows: pd.DataFrame, chart: Chart) -> None:
    """Draw one point for each pair of a record and a model."""
    for model, colour in colours_of(chart.template).items():
        one = rows[rows["model"] == model]
        axes.scatter(one[chart.x], one[chart.y], s=14, alpha=0.6, color=colour, label=model)
    axes.set_xscale("log")
    axes.legend(frameon=False, fontsize="small")


def distribution(axes: Axes, rows: pd.DataFrame, chart: Chart) -> None:
    """Draw a bar for each value of column `x`. Negative values have their own colour."""
    negative, other = colours_by_sign(chart.template)
    width = 0.8 * min(rows[chart.x].diff().abs().min(), 1) if len(rows) > 1 else 0.04
    axes.bar(rows[chart.x], rows[chart.y], width, color=[negative if value < 0 else other for value in rows[chart.x]])


def curves(axes: Axes, rows: pd.DataFrame, chart: Chart) -> None:
    """Draw one line for each split of the data (training and validation)."""
    for split, colour in colours_of(chart.template).items():
        one = rows[rows["split"] == split]
        axes.plot(one[chart.x], one[chart.y], marker=".", color=colour, label=split)
    axes.legend(frameon=False, fontsize="small")


def linear(axes: Axes, rows: pd.DataFrame, chart: Chart) -> None:
    """Draw one line."""
    axes.plot(rows[chart.x], rows[chart.y], marker=".", color=GAIN)


def learning_curve(axes: Axes, rows: pd.DataFrame, chart: Chart) -> None:
    """Draw the gain over the baseline. The gain of the baseline itself is 0.

    The interval of the gain is drawn as an area. The range from the worst to the best seed is drawn as a bar.
    """
    axes.fill_between(rows[chart.x], rows["low"], rows["high"], color=GAIN, alpha=0.15)
    axes.vlines(rows[chart.x], rows["seed_low"], rows["seed_high"], color=GAIN, lw=3)
    axes.plot(rows[chart.x], rows[chart.y], marker="o", color=GAIN)
    axes.axhline(0, color=BASELINE, linestyle="--")
    axes.set_xscale("log", base=2)
    axes.set_xticks(rows[chart.x], [str(records) for records in rows[chart.x]])


DRAWN: dict[str, Callable[[Axes, pd.DataFrame, Chart], None]] = {  # for each template of `dvc plots`, our function
    "grouped_intervals": grouped_intervals,
    "points_by_model": points_by_model,
    "distribution": distribution,
    "curves": curves,
    "linear": linear,
    "learning_curve": learning_curve,
}


def draw(chart: Chart) -> Figure:
    """Return the chart. Raise UserError if its CSV file does not exist."""
    try:
        rows = pd.read_csv(chart.csv)
    except FileNotFoundError:
        raise UserError(f"{chart.csv} is not there; run `dvc repro` to make it") from None
    bars = len(rows) if chart.template == "grouped_intervals" else 0
    figure = Figure(figsize=(8, max(4.5, 0.17 * bars + 1)), layout="constrained")
    axes = figure.subplots()
    if rows.empty:  # the tables of faithfulness and errors are empty if the summaries were not checked
        axes.text(0.5, 0.5, "nothing was measured", ha="center", transform=axes.transAxes)
    else:
        DRAWN[chart.template](axes, rows, chart)
    axes.set(xlabel=chart.x_label, ylabel=chart.y_label, title=chart.title)
    return figure


def save(chart: Chart, path: Path) -> None:
    """Write the chart as PNG. The file does not contain the version of matplotlib."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with mpl.rc_context({"font.size": FONT_POINTS}):
        draw(chart).savefig(path, dpi=DOTS_PER_INCH, metadata={"Software": None})


def main() -> None:
    """Draw every plot that a stage writes."""
    charts = charts_of_stages()
    for chart in charts:
        save(chart, CHARTS / f"{chart.csv.stem}.png")
    print(f"{CHARTS}: {len(charts)} charts")


if __name__ == "__main__":
    run_script(main)
