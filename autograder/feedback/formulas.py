"""TeX as MathML: browsers show it without a script and without a network."""

from __future__ import annotations

import html
import re
from functools import lru_cache
from xml.etree import ElementTree

MAX_TEX = 2_000
NAMESPACE = "{http://www.w3.org/1998/Math/MathML}"
ELEMENTS = frozenset(
    [
        "math", "mfrac", "mi", "mn", "mo", "mover", "mpadded", "mphantom", "mroot", "mrow", "mspace", "msqrt",
        "mstyle", "msub", "msubsup", "msup", "mtable", "mtd", "mtext", "mtr", "munder", "munderover",
    ]
)  # fmt: skip
ATTRIBUTES = frozenset(
    [
        "accent", "columnalign", "columnlines", "columnspacing", "depth", "display", "displaystyle", "fence", "form",
        "height", "largeop", "linethickness", "lspace", "mathvariant", "maxsize", "minsize", "movablelimits",
        "rowspacing", "rspace", "scriptlevel", "separator", "stretchy", "symmetric", "voffset", "width",
    ]
)  # fmt: skip
VALUE = re.compile(r"[A-Za-z0-9 .%+-]*")


@lru_cache(maxsize=4096)
def mathml(tex: str, display: bool = False) -> str:
    """A formula as MathML; as it was typed where that is not possible.

    Args:
        tex: without its dollars.
        display: whether it stands on a line of its own.
    """
    from latex2mathml.converter import convert

    try:
        made = ElementTree.fromstring(convert(tex[:MAX_TEX], display="block" if display else "inline"))
    except Exception:  # whatever a student's TeX does to the converter, the page is made
        return typed(tex)
    if "\\" in "".join(made.itertext()) or len(tex) > MAX_TEX or not all(map(is_formula, made.iter())):
        return typed(tex)
    for node in made.iter():
        node.tag = node.tag.removeprefix(NAMESPACE)
    return ElementTree.tostring(made, encoding="unicode", short_empty_elements=False)


def is_formula(node: ElementTree.Element) -> bool:
    """Whether an element belongs to a formula and does nothing but show it: the converter does not escape its input."""
    return node.tag.removeprefix(NAMESPACE) in ELEMENTS and all(
        name in ATTRIBUTES and VALUE.fullmatch(value) for name, value in node.attrib.items()
    )


def typed(tex: str) -> str:
    """A formula letter by letter."""
    return f"<code>{html.escape(tex)}</code>"
