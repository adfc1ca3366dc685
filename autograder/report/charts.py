"""The report's plots as Vega-Lite specifications: plain dicts, drawn in the reader's browser.

Colours are the page's own CSS variables, so that light, dark and print follow the page.
"""

from __future__ import annotations

from typing import Any

from autograder.report.groups import ORDER, name_of, plain_name
from autograder.report.records import ClassReport, TrainedItem

Spec = dict[str, Any]

BARS = 20
"""At most so many of the distribution of points."""
STEPS = (1, 2, 5, 10, 20, 50, 100)
MOST_MISTAKES = 15
LONG_LABEL = 230
COLOURS = {group: f"var(--{group.replace(' ', '-')})" for group in ORDER}
CONFIG: Spec = {
    "background": "transparent",
    "font": "system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "currentColor", "titleColor": "currentColor", "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal", "gridColor": "var(--line)", "domainColor": "var(--line)",
        "tickColor": "var(--line)", "labelLimit": LONG_LABEL,
    },
    "legend": {"labelColor": "currentColor", "labelFontSize": 13, "title": None, "orient": "top", "columns": 4},
}  # fmt: skip


def charts_of(report: ClassReport) -> dict[str, Spec]:
    """Every plot that this class gives reason for, by the id of its place on the page."""
    found = {}
    if report.points:
        found["points-chart"] = points_chart(report)
    if report.items:
        found["items-chart"] = items_chart(report)
    if report.mistakes:
        found["mistakes-chart"] = mistakes_chart(report)
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
                  "scale": {"domain": [0, last], "nice": False}, "title": f"points of {report.max_points:g}"},
            "y": {"aggregate": "count", "title": "students", "axis": {"tickMinStep": 1}},
        },
    }  # fmt: skip
    median = {
        "mark": {"type": "rule", "strokeWidth": 2, "strokeDash": [5, 4], "color": "currentColor"},
        "data": {"values": [{"median": report.spread.median}]},
        "encoding": {"x": {"field": "median", "type": "quantitative"}, "tooltip": {"field": "median"}},
    }
    return spec([{"points": points} for points in report.points], layer=[bars, median], height=200)


def items_chart(report: ClassReport) -> Spec:
    """How each exercise ended, as shares of those who handed something in. A click on the legend picks a group."""
    values = [
        {"exercise": name_of(item.name), "ended": group, "students": count, "order": ORDER.index(group)}
        for item in report.items
        for group, count in item.groups.items()
    ]
    groups = [group for group in ORDER if any(group in item.groups for item in report.items)]
    colours = {"domain": groups, "range": [COLOURS[group] for group in groups]}
    return spec(
        values,
        height={"step": 34},
        mark={"type": "bar", "height": 24},
        params=[{"name": "picked", "select": {"type": "point", "fields": ["ended"]}, "bind": "legend"}],
        encoding={
            "y": {"field": "exercise", "sort": [name_of(item.name) for item in report.items], "title": None},
            "x": {"field": "students", "type": "quantitative", "stack": "normalize", "title": "share of students",
                  "axis": {"format": "%", "tickCount": 5}},
            "color": {"field": "ended", "scale": colours, "type": "nominal"},
            "order": {"field": "order", "type": "quantitative"},
            "opacity": {"condition": {"param": "picked", "value": 1}, "value": 0.2},
            "tooltip": [{"field": "exercise"}, {"field": "ended"}, {"field": "students"}],
        },
    )  # fmt: skip


def mistakes_chart(report: ClassReport) -> Spec:
    """The most frequent misconceptions. A click on a bar leads to its students."""
    values = [
        {
            "mistake": f"{plain_name(mistake.id)} · {mistake.exercise}",
            "students": len(mistake.students),
            "hint": mistake.hint,
            "link": f"#{mistake.id}",
        }
        for mistake in report.mistakes[:MOST_MISTAKES]
    ]
    return spec(
        values,
        height={"step": 26},
        mark={"type": "bar", "color": "var(--wrong)", "cursor": "pointer", "height": 18},
        encoding={
            "y": {"field": "mistake", "sort": None, "title": None},
            "x": {"field": "students", "type": "quantitative", "axis": {"tickMinStep": 1}},
            "href": {"field": "link"},
            "tooltip": [{"field": "mistake"}, {"field": "students"}, {"field": "hint"}],
        },
    )


def accuracy_chart(trained: TrainedItem) -> Spec:
    """A tick for each model, and lines where points begin and where they are full."""
    ticks = {
        "mark": {"type": "tick", "color": "var(--accent)", "thickness": 2, "height": 36},
        "encoding": {
            "x": {"field": "accuracy", "type": "quantitative", "scale": {"zero": False},
                  "axis": {"format": "%"}, "title": f"accuracy on {trained.dataset or 'unseen inputs'}"},
            "tooltip": [{"field": "student"}, {"field": "accuracy", "format": ".1%"}],
        },
    }  # fmt: skip
    bars = [("full marks from here", trained.full_marks_at), ("points begin here", trained.zero_at)]
    values = [{"accuracy": place, "means": words} for words, place in bars if place is not None]
    where = {"x": {"field": "accuracy", "type": "quantitative"}}
    lines = {
        "data": {"values": values},
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": "currentColor"},
        "encoding": {**where, "tooltip": [{"field": "means"}, {"field": "accuracy", "format": ".1%"}]},
    }
    words = {
        "data": {"values": values},
        "mark": {"type": "text", "dy": -58, "color": "currentColor", "fontSize": 12},
        "encoding": {**where, "text": {"field": "means"}},
    }
    found = [{"student": student, "accuracy": accuracy} for student, accuracy in trained.accuracies.items()]
    room = {"top": 18, "left": 60, "right": 60, "bottom": 5}  # for the words above the lines
    return spec(found, layer=[ticks, lines, words], height=100, padding=room)


def spec(values: list[dict[str, Any]], **rest: Any) -> Spec:
    """A specification with the look of this page, as wide as its place."""
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    return {"$schema": schema, "width": "container", "data": {"values": values}, "config": CONFIG, **rest}
