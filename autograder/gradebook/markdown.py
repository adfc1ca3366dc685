"""Students' markdown for a person's browser: shown as it was meant only where nothing in it can run.

The rendered page is what counts, so nbconvert renders the text here as it will for the page, and the result is looked
through: known tags, known attributes, links to web pages, pictures that came with the cell, no TeX that makes links.
Holds against: scripts, handlers, styles, forms, frames, addresses that run, pictures from elsewhere, ids that the
formgrader uses. Does not hold against: a link to a web page that is itself harmful, once a person follows it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import bleach
from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

ALLOWED_TAGS = frozenset(
    [
        "a", "b", "blockquote", "br", "code", "details", "em", "h1", "h2", "h3", "h4", "hr", "i", "li", "ol", "p",
        "pre", "strong", "sub", "summary", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul",
    ]
)  # fmt: skip
RENDERED_TAGS = ALLOWED_TAGS | {"dd", "del", "div", "dl", "dt", "h5", "h6", "img", "span"}
"""Those that markdown itself makes, too: highlighted code, lists of definitions, pictures."""
LANGUAGES = frozenset(["bash", "json", "py", "python", "python3", "text"])
CLASS = re.compile(r"[a-z]{1,3}[0-9]?|highlight|language-[a-z0-9]+")
STYLE = re.compile(r"text-align: ?(left|right|center);?")
WEB_PAGE = re.compile(r"(https?://|mailto:|#)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=\n]*")
TEX = re.compile(
    r"\\(href|url|class|cssId|style|unicode|require|mmlToken|Tip|toolTip|texttip|data|includegraphics|"
    r"(g|e|x)?def|let|futurelet|(re)?new(command|environment)|provide(command)?|DeclareMathOperator)(?![a-zA-Z])"
)

Pictures = tuple[tuple[str, str, str], ...]
"""What was pasted into a cell: name, MIME type, base64."""


class Renderer(IPythonRenderer):
    """nbconvert's, as for the page, for languages of code that are coloured quickly; remembers whether it met HTML."""

    met_html = False

    def block_code(self, code: str, info: str | None = None) -> str:
        """Code with its language."""
        if (info or "text").split()[0] not in LANGUAGES:
            raise ValueError(f"Expected one of {sorted(LANGUAGES)}. Received: {info!r}.")
        return str(super().block_code(code, info))

    def inline_html(self, html: str) -> str:
        """HTML in a line."""
        self.met_html = True
        return str(super().inline_html(html))

    def block_html(self, html: str) -> str:
        """HTML in lines of its own."""
        self.met_html = True
        return str(super().block_html(html))


def safe_markdown(text: str, pictures: Pictures = ()) -> str:
    """The text as it is, or with unknown tags as words, or all of it as it was typed: the first that cannot run."""
    if is_harmless(text, pictures, False):
        return text
    cleaned = bleach.clean(text, tags=ALLOWED_TAGS, attributes={"a": ["href"]})
    return cleaned if is_harmless(cleaned, pictures, True) else as_typed(text)


def as_typed(text: str) -> str:
    """A text in a box, letter by letter."""
    return f"<pre>{html.escape(text)}</pre>"


def is_harmless(text: str, pictures: Pictures, tags: bool) -> bool:
    """Whether the page that nbconvert makes of a markdown text holds only what is known to be harmless.

    Args:
        text: the markdown.
        pictures: that came with the cell.
        tags: whether the text may hold HTML; what bleach has balanced may.
    """
    attachments = {name: {mime: ""} for name, mime, _ in pictures}
    renderer = Renderer(escape=False, attachments=attachments, exclude_anchor_links=True)
    try:
        page = BeautifulSoup(MarkdownWithMath(renderer=renderer).render(text), "html.parser")
        known = all(map(is_known, page.descendants)) and not TEX.search(page.get_text())
    except Exception:  # whatever markdown of a student's does, the page is made: what cannot be rendered is as typed
        return False
    return known and (tags or not renderer.met_html)


def is_known(node: object) -> bool:
    """Whether a part of a rendered page is plain words, or a known tag with known attributes."""
    if not isinstance(node, Tag):
        return type(node) is NavigableString
    return node.name in RENDERED_TAGS and all(
        is_known_attribute(node.name, name, " ".join(value) if isinstance(value, list) else value)
        for name, value in node.attrs.items()
    )


def is_known_attribute(tag: str, name: str, value: str) -> bool:
    """Whether an attribute neither runs nor reaches out of its element."""
    known: dict[tuple[str, str], Callable[[str], object]] = {
        ("a", "href"): WEB_PAGE.match,
        ("a", "title"): bool,
        ("img", "src"): PICTURE.fullmatch,
        ("img", "alt"): lambda alt: True,
        ("img", "title"): bool,
        ("ol", "start"): str.isdecimal,
        ("td", "style"): STYLE.fullmatch,
        ("th", "style"): STYLE.fullmatch,
    }
    if name == "class":
        return tag in ("code", "div", "span") and bool(CLASS.fullmatch(value))
    return (tag, name) in known and bool(known[tag, name](value))
