"""Markdown and code as HTML for the feedback page. What could run was taken out before, and is looked for again."""

from __future__ import annotations

from functools import lru_cache

from markupsafe import Markup
from nbconvert.filters.markdown_mistune import MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from autograder.feedback.formulas import mathml
from autograder.gradebook.markdown import Pictures, Renderer, as_typed, is_harmless

FORMATTER = HtmlFormatter(nowrap=True)
MOST_COLOURED = 20_000


class PageRenderer(Renderer):
    """As it was looked through, with formulas as MathML."""

    def inline_math(self, body: str) -> str:
        """A formula in a line."""
        return mathml(body)

    def block_math(self, body: str) -> str:
        """A formula on a line of its own."""
        return mathml(body, display=True)

    def latex_environment(self, name: str, body: str) -> str:
        """A formula in an environment."""
        return mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", display=True)


def prose(text: str, pictures: Pictures = ()) -> Markup:
    """A markdown text as HTML; as it was typed where something in it could run."""
    return rendered(text, pictures) if pictures else rendered_often(text)


def rendered(text: str, pictures: Pictures = ()) -> Markup:
    """The same, made anew."""
    if not is_harmless(text, pictures, tags=True):
        return Markup(as_typed(text))
    attachments = {name: {mime: content} for name, mime, content in pictures}
    renderer = PageRenderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    return Markup(MarkdownWithMath(renderer=renderer).render(text))


rendered_often = lru_cache(maxsize=512)(rendered)
"""For the lesson's own texts, which all pages of a class hold."""


@lru_cache(maxsize=512)
def code(text: str) -> Markup:
    """Python in colours, as spans for a <pre>."""
    if len(text) > MOST_COLOURED:
        return Markup.escape(text)
    return Markup(highlight(text, PythonLexer(stripnl=False), FORMATTER))


def colours() -> str:
    """The style sheet of the code, for light pages and dark ones."""
    light = HtmlFormatter(style="friendly").get_style_defs(".code")
    dark = HtmlFormatter(style="github-dark").get_style_defs(".code")
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"
