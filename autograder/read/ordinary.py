"""Code that asks for nothing but numbers: a guess that saves time. The sandbox guards against all code alike."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from autograder.read.code import PARSER
from autograder.records import Statement

LIBRARIES = frozenset((
    "__future__", "cmath", "collections", "copy", "dataclasses", "einops", "enum", "fractions", "functools",
    "itertools", "keras", "math", "matplotlib", "numbers", "numpy", "operator", "random", "scipy", "statistics",
    "string", "tensorflow", "typing", "typing_extensions", "vitlab",
))  # fmt: skip
"""Modules that an answer may well need."""
MEANS = frozenset((
    "__import__", "breakpoint", "builtins", "compile", "eval", "exec", "exit", "globals", "input", "open", "quit",
    "vars",
))  # fmt: skip


def is_ordinary(statements: Sequence[Statement]) -> bool:
    """Whether all that the statements import is made for numbers, and no name in them opens other doors."""
    with PARSER:
        trees = [ast.parse(statement.source) for statement in statements]
    return all(is_ordinary_node(node) for tree in trees for node in ast.walk(tree))


def is_ordinary_node(node: ast.AST) -> bool:
    """Whether one part of a program is such that exercises need it."""
    if isinstance(node, ast.Import):
        return all(alias.name.partition(".")[0] in LIBRARIES for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        return (node.module or "").partition(".")[0] in LIBRARIES and not node.level
    if isinstance(node, ast.Name):
        return node.id not in MEANS
    return not isinstance(node, ast.Attribute) or not node.attr.startswith("__") or node.attr == "__init__"
