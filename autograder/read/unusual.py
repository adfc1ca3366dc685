"""Means that an exercise does not need: code for a person to look at. They are flagged, never punished.

A library call that an exercise asks to build is switched off under its usual names. Python can always find another way
to it; most of those ways need one of the means listed here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from autograder.read.code import PARSER
from autograder.records import Statement

MODULES = frozenset(
    ["cffi", "ctypes", "gc", "importlib", "imp", "inspect", "jax", "marshal", "pkgutil", "runpy", "scipy", "subprocess"]
)
ATTRIBUTES = frozenset(["__closure__", "__code__", "__globals__", "__wrapped__", "_getframe", "modules", "raw_ops"])
WRAPPED = frozenset(["gen_nn_ops", "GradientTape", "import_graph_def", "softmax_cross_entropy_with_logits"])


def unusual_means(statements: Iterable[Statement], switched_off: tuple[str, ...]) -> list[str]:
    """What of it the statements use, in words, each once and in order.

    Args:
        statements: of one exercise.
        switched_off: dotted names of the calls that it asks to build.
    """
    wanted = {name.rpartition(".")[2] for name in switched_off if "(" not in name}  # else the call itself is allowed
    found: dict[str, None] = {}
    for statement in statements:
        with PARSER:
            tree = ast.parse(statement.source)
        for node in ast.walk(tree):
            found.update(dict.fromkeys(means_in(node, wanted)))
    return list(found)


def means_in(node: ast.AST, wanted: set[str]) -> Iterator[str]:
    """The means that one node of the syntax tree is."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.partition(".")[0] in MODULES)
    if isinstance(node, ast.ImportFrom):
        if (node.module or "").partition(".")[0] in MODULES:
            yield str(node.module)
        yield from (alias.name for alias in node.names if alias.name in wanted | WRAPPED)
    if isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES | WRAPPED | wanted:
        yield node.attr
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in wanted:
        yield f"the text '{node.value}'"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "getattr":
        computed = len(node.args) > 1 and not isinstance(node.args[1], ast.Constant)
        yield from ["getattr with a computed name"] if computed else []
