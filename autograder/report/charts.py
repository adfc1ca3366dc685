"""The report's plots as Vega-Lite specifications: plain dicts, drawn in the reader's browser.

Colours are the page's own CSS variables, so that light, dark and print follow the page.
"""

from __future__ import annotations

from math import floor
from typing import Any

from autograder.report.records import ClassReport, TrainedItem

Spec = dict[str, Any]

BARS = 20
"""At most so many in a distribution."""
STEPS = (1, 2, 5, 10, 20, 50, 100)
WHOLE: Spec = {"tickMinStep": 1, "labelExpr": "datum.value % 1 ? '' : format(datum.value, 'd')"}
"""An axis of students: there are no halves."""
CONFIG: Spec = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal", "gridColor": "var(--line)", "domainColor": "var(--line)",
        "tickColor": "var(--line)",
    },
}  # fmt: skip


def charts_of(report: ClassReport) -> dict[str, Spec]:
    """Every plot that this class gives reason for, by the id of its place on the page."""
    found = {}
    if report.points:
        found["points-chart"] = points_chart(report)
    if report.trained:
        found["trained-chart"] = accuracy_chart(report.trained)
    return found


def points_chart(report: ClassReport) -> Spec:
    """Distribution of points, with the median."""
    assert report.spread is not None
    step = next((step for step in STEPS if report.max_points <= BARS * step), STEPS[-1])
    last = report.max_points + step  # full marks have a bar of their own
    bars = {
        "mark": {"type": "bar", "color": "var(--accent)", "tooltip": True},
        "encoding": {
            "x": {"bin": {"step": step, "extent": [0, last]}, "field": "points",
                  "axis": {"labelExpr": f"datum.value > {report.max_points} ? '' : datum.label"},  # nobody has more
                  "scale": {"domain": [0, last], "nice": False}, "title": f"points of {report.max_points:g}"},
            "y": {"aggregate": "count", "title": "students", "axis": WHOLE},
        },
    }  # fmt: skip
    median = {
        "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": [5, 4], "color": "currentColor"},
        "data": {"values": [{"median": report.spread.median}]},
        "encoding": {"x": {"field": "median", "type": "quantitative"}, "tooltip": {"field": "median"}},
    }
    return spec([{"points": points} for points in report.points], layer=[bars, median], height=200)


def accuracy_chart(trained: TrainedItem) -> Spec:
    """Distribution of the models' accuracies, and lines where points begin and where they are full."""
    places = [("full marks from here", trained.full_marks_at), ("points begin here", trained.zero_at)]
    shown = [*trained.accuracies.values(), *(place for _, place in places if place is not None)]
    bars = {
        "mark": {"type": "bar", "color": "var(--accent)", "tooltip": True},
        "encoding": {
            "x": {"bin": {"maxbins": BARS, "minstep": 0.01, "extent": whole_percents(shown)},
                  "field": "accuracy", "axis": {"format": ".0%", "labelOverlap": True},
                  "title": f"accuracy on {trained.dataset or 'unseen inputs'}"},
            "y": {"aggregate": "count", "title": "students", "axis": WHOLE},
        },
    }  # fmt: skip
    lines = {
        "data": {"values": [{"place": place, "means": words} for words, place in places if place is not None]},
        "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": [5, 4], "color": "currentColor"},
        "encoding": {
            "x": {"field": "place", "type": "quantitative"},
            "tooltip": [{"field": "means"}, {"field": "place", "format": ".1%"}],
        },
    }
    found = [{"accuracy": accuracy} for accuracy in trained.accuracies.values()]
    return spec(found, layer=[bars, lines], height=200)


def whole_percents(shares: list[float]) -> list[float]:
    """Ends of the range that holds the shares, at whole percentages; it begins at 95% if all are higher."""
    return [min(floor(min(shares) * 100), 95) / 100, min(floor(max(shares) * 100) + 1, 100) / 100]


def spec(values: list[dict[str, Any]], **rest: Any) -> Spec:
    """A specification with the look of this page, as wide as its place."""
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    return {"$schema": schema, "width": "container", "data": {"values": values}, "config": CONFIG, **rest}
