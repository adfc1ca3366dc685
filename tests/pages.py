"""Look at a page as a browser would: which elements with which attributes there are, and what MathJax would read."""

import re
from pathlib import Path

import nbgrader
from bleach._vendor import html5lib  # bleach brings the parser that browsers' rules are written for
from nbconvert.exporters import HTMLExporter
from traitlets.config import Config

from autograder.gradebook.config import configure

TEMPLATES = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader" / "templates"
RESOURCES = {
    "assignment_id": "01_attention", "notebook_id": "01_attention", "submission_id": "1", "index": 0, "total": 1,
    "base_url": "", "student": "ada", "last_name": "", "first_name": "", "notebook_path": "",
}  # fmt: skip
INERT = frozenset(
    [
        "p", "pre", "code", "br", "em", "strong", "b", "i", "del", "details", "summary", "h1", "h2", "h3", "h4", "h5",
        "h6", "table", "thead", "tbody", "tr", "li", "ol", "ul", "blockquote", "dl", "dt", "dd", "hr", "sup", "sub",
    ]
)  # fmt: skip
READ_BY_NOBODY = ("pre", "code", "script", "style", "textarea", "noscript")
TEX = re.compile(
    r"\\(href|url|class|cssId|style|unicode|require|mmlToken|Tip|def|let|newcommand|renewcommand)(?![A-Za-z])"
)


def formgrader():
    """The exporter that nbgrader's formgrader makes."""
    config = Config()
    configure(config)
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [str(TEMPLATES)]
    return HTMLExporter(config=config)


def tree_of(page):
    """The page's elements, by the rules of HTML 5."""
    return html5lib.parse(page, namespaceHTMLElements=False)


def elements(page):
    """Every element with its attributes, as (name, attributes)."""
    return {(str(node.tag), tuple(sorted(node.attrib.items()))) for node in tree_of(page).iter()}


def is_inert(element):
    """Whether an element has no effect: structure, coloured code, a link to a web page, a picture that came along."""
    name, attributes = element
    given = dict(attributes)
    if name == "a":
        return given.get("href", "https://").startswith("https://") and set(given) <= {"href", "title"}
    if name == "img":
        return re.fullmatch(r"data:image/(png|jpeg);base64,eA==", given.get("src", "")) and set(given) <= {"src", "alt"}
    if name == "span":
        return set(given) <= {"class"} and re.fullmatch(r"[a-z0-9]{0,3}", given.get("class", ""))
    if name in ("div", "code"):
        return given in ({"class": "highlight"}, {})
    if name in ("td", "th"):
        return given in ({"style": "text-align:center"}, {})
    return name in INERT and not given


def surprises(page, harmless):
    """Elements of a page that are neither inert nor in the page that harmless text makes."""
    return {element for element in elements(page) - elements(harmless) if not is_inert(element)}


def counts(page):
    """How many elements there are of each kind that can do something."""
    names = "script iframe object embed form meta base style link svg math img input button textarea select template"
    tags = [str(node.tag).rpartition("}")[2] for node in tree_of(page).iter()]  # svg and math come with a namespace
    return {name: tags.count(name) for name in names.split()}


def running_tex(page):
    """The commands that MathJax would find in the page: text outside code and boxes."""
    return TEX.findall(" ".join(texts(tree_of(page))))


def texts(node):
    """The texts below a node that MathJax reads."""
    if str(node.tag) not in READ_BY_NOBODY:
        yield node.text or ""
        for child in node:
            yield from texts(child)
            yield child.tail or ""
