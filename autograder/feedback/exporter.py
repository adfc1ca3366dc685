"""The page as nbgrader asks for it: a graded notebook in, HTML out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter

from autograder.feedback.items import page_of
from autograder.feedback.prose import colours
from autograder.feedback.records import Page
from autograder.pages import environment_of
from autograder.report.groups import breakable

TEMPLATES = Path(__file__).parent / "templates"
SIGNS = {
    "right": "✓", "partly": "◐", "wrong": "✗", "stopped": "✗", "empty": "–", "waiting": "…", "by-hand": "◐",
}  # fmt: skip


class FeedbackExporter(Exporter):
    """One page that needs no network and runs no script; a policy in it forbids both."""

    file_extension = ".html"

    def from_notebook_node(self, nb: Any, resources: Any = None, **kwargs: Any) -> Any:
        """Convert one notebook."""
        nb, resources = super().from_notebook_node(nb, resources, **kwargs)
        return html_of(page_of(nb, resources["nbgrader"])), resources


def html_of(page: Page) -> str:
    """The page's HTML. Everything that comes from students is escaped by jinja2, or was made harmless in `prose`."""
    return str(template().render(page=page, signs=SIGNS, colours=colours()))


@cache
def template() -> Any:
    """The page's template."""
    environment = environment_of(TEMPLATES)
    environment.filters |= {"points": points, "breakable": breakable}
    return environment.get_template("feedback.html")


def points(number: float) -> str:
    """Points as a person writes them."""
    return f"{round(number, 2):g}"
