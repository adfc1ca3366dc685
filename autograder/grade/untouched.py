"""Recognise an exercise that was not begun."""

from __future__ import annotations

import ast

from autograder.read.code import PARSER


def is_untouched(source: str, stub: str) -> bool:
    """Whether a cell holds the released stub, give or take comments and blank lines."""
    try:
        with PARSER:
            return ast.dump(ast.parse(source)) == ast.dump(ast.parse(stub))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return source.split() == stub.split()
