"""The report as files: one HTML page that needs nothing else, and a CSV table beside it."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from autograder.grade.verdict import write_whole
from autograder.pages import environment_of
from autograder.report import groups
from autograder.report.charts import charts_of
from autograder.report.csv_table import csv_of
from autograder.report.records import ClassReport

TEMPLATES = Path(__file__).parent / "templates"


def write_report(report: ClassReport, title: str, path: Path) -> tuple[Path, Path]:
    """Write the page and, beside it, the table.

    Args:
        report: what to write.
        title: of the course.
        path: of the page.

    Returns:
        Where the page and the table lie.
    """
    table = path.with_suffix(".csv")
    write_whole(path, page_of(report, title).encode(errors="backslashreplace"))
    write_whole(table, ("\ufeff" + csv_of(report)).encode(errors="backslashreplace"))  # Excel needs the mark
    return path, table


def page_of(report: ClassReport, title: str) -> str:
    """The page's HTML. Everything that comes from students is escaped, by jinja2 and in the plots' JSON."""
    environment = environment_of(TEMPLATES)
    environment.filters |= {"plain_name": groups.plain_name, "part": groups.name_of, "share": share, "day": day}
    environment.filters["breakable"] = groups.breakable
    environment.globals |= {
        "difficulty": groups.difficulty_words,
        "discrimination": groups.discrimination_words,
        "plots": plotting_library(),
        "parts": list(dict.fromkeys(name for row in report.rows for name in row.parts)),
        "ends": [group for group in groups.ORDER if any(group in item.groups for item in report.items)],
    }
    return environment.get_template("report.html").render(report=report, title=title, charts=charts_of(report))


def share(number: float | None) -> str:
    """A share of 1 in per cent; a dash for none."""
    return "–" if number is None else f"{number:.0%}"


def day(time: str) -> str:
    """A time in ISO 8601 as a person writes it."""
    try:
        return datetime.fromisoformat(time).strftime("%d %B %Y, %H:%M UTC").lstrip("0")
    except ValueError:
        return time


@cache
def plotting_library() -> str:
    """Vega, Vega-Lite and their embedder as one JavaScript module that needs no network.

    0.9 MB, where plotly's is 4.8 MB: the page is mailed around and opened on phones.
    """
    import vl_convert

    bundle: Any = vl_convert.javascript_bundle  # its types ask for a snippet, which it does not need
    return str(bundle())
