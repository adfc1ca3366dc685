"""From cells to statements: notebook syntax becomes plain Python, statement by statement."""

from __future__ import annotations

import ast
import threading
from collections.abc import Sized
from dataclasses import dataclass

from IPython.core.inputtransformer2 import TransformerManager

from autograder.read.notebook import Cell
from autograder.records import Statement

# cell magics around ordinary Python; the code below them counts. Under any other magic a cell is not Python.
AROUND_PYTHON = frozenset(
    ["time", "timeit", "capture", "prun", "memit", "mprun", "lprun", "scalene", "tensorboard", "debug"]
)
MAX_CODE = 2 * 2**20
CELL_COST = 100  # a cell takes time however short it is
MAX_MAGIC = 2**20
MAX_STATEMENTS = 30_000  # at top level; each keeps some kB of memory
SHORT, MANY = 4_000, 256
"""A class has most cells in common: so many of so many characters are read once."""
PARSER = threading.RLock()  # Python 3.11's ast.parse keeps its depth for all threads together and may raise SystemError


class TooMuch(ValueError):
    """A notebook has more statements or magics than are read; the message says so."""


class Magics(TransformerManager):
    """IPython's own reader of shell lines and magics, bounded: after each of them it reads the whole cell again."""

    left = MAX_MAGIC

    def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
        """Translate one magic.

        Raises:
            TooMuch: more was read in all than MAX_MAGIC.
        """
        changed, translated = super().do_one_token_transform(lines)
        self.left -= sum(map(len, lines)) if changed else 0
        if changed and self.left < 0:
            raise TooMuch("the notebook has too many shell lines and magics in too long cells: remove some")
        return changed, translated


@dataclass(frozen=True)
class Parsed:
    """A statement and its tree."""

    statement: Statement
    tree: ast.stmt


@dataclass(frozen=True)
class Code:
    """All statements of a notebook, and the cells that could not be parsed with the reason."""

    parsed: tuple[Parsed, ...]
    broken: dict[str, str]


known: dict[Cell, list[Parsed]] = {}


def read_code(cells: tuple[Cell, ...], exercises: frozenset[str]) -> Code:
    """Parse every code cell; a solution cell that was turned into text by accident counts as code.

    Args:
        cells: the notebook's cells in order.
        exercises: grade ids of solution cells.
    """
    parsed: list[Parsed] = []
    broken: dict[str, str] = {}
    magics, size = Magics(), 0
    for cell in cells:
        if (cell.kind != "code" and cell.grade_id not in exercises) or not cell.source.strip():
            continue
        size += len(cell.source) + CELL_COST
        if size > MAX_CODE:
            broken[cell.label] = f"the notebook's code is over {MAX_CODE // 2**20} MB; it was read up to this cell"
            break
        try:
            with PARSER:
                parsed += read_cell(cell, magics, MAX_STATEMENTS - len(parsed))
        except SyntaxError as error:
            broken[cell.label] = f"SyntaxError: {error.msg} (line {error.lineno} of the cell)"
        except TooMuch as error:
            broken[cell.label] = str(error)
        except (ValueError, RuntimeError, MemoryError) as error:
            broken[cell.label] = f"the code cannot be parsed ({type(error).__name__})"
    return Code(tuple(parsed), broken)


def read_cell(cell: Cell, magics: Magics, most: int) -> list[Parsed]:
    """A cell's top-level statements, remembered for the other submissions of a class.

    Raises:
        SyntaxError, ValueError, RuntimeError, MemoryError: it is not Python, too deep, or too much.
    """
    found = known.get(cell)
    if found is None:
        found = parse_cell(cell, magics, most)
        if len(cell.source) <= SHORT:
            if len(known) >= MANY:
                known.clear()
            known[cell] = found
    refuse_too_many(found, most)
    return found


def refuse_too_many(statements: Sized, most: int) -> None:
    """Keep to MAX_STATEMENTS.

    Raises:
        TooMuch: there are more than `most`.
    """
    if len(statements) > most:
        raise TooMuch(f"the notebook has more than {MAX_STATEMENTS:,} statements: this cell's were not read")


def parse_cell(cell: Cell, magics: Magics, most: int) -> list[Parsed]:
    """A cell's top-level statements, without shell and magic lines.

    Raises:
        SyntaxError, ValueError, RuntimeError, MemoryError: it is not Python, too deep, or too much.
    """
    source = plain_python(cell.source, magics)
    lines = source.split("\n")  # as Python counts them: a form feed ends no line
    found = []
    body = ast.parse(source).body
    refuse_too_many(body, most)
    for node in body:
        for unwrapped in timed_code(node):
            kept = WithoutShell().visit(unwrapped)
            if isinstance(kept, ast.stmt):
                found.append(Parsed(Statement(text_of(kept, node, lines), cell.label, first_line(node)), kept))
    return found


def plain_python(source: str, magics: Magics) -> str:
    """The cell in plain Python with its line numbers kept; shell and magics become calls of get_ipython()."""
    source = source.replace("\r\n", "\n").replace("\r", "\n")
    lines, first = source.split("\n"), 0
    while first < len(lines) and (lines[first].startswith("%%") or not lines[first].strip()):
        if lines[first].startswith("%%") and lines[first][2:].split(" ")[0].strip() not in AROUND_PYTHON:
            return ""
        first += 1
    body = magics.transform_cell("\n".join(lines[first:]))
    return "\n" * first + body


def timed_code(node: ast.stmt) -> list[ast.stmt]:
    """The statements inside `%time ...`, which IPython makes a call with their text; any other statement itself."""
    call = node.value if isinstance(node, ast.Expr) else None
    if not isinstance(call, ast.Call) or not uses_shell(call) or len(call.args) != 2:
        return [node]
    name, text = (arg.value if isinstance(arg, ast.Constant) else None for arg in call.args)
    if name not in ("time", "timeit") or not isinstance(text, str) or text.startswith("-"):
        return [node]
    inside = ast.parse(text.strip()).body
    for statement in inside:
        ast.increment_lineno(statement, node.lineno - 1)
    return inside


class WithoutShell(ast.NodeTransformer):
    """Drops statements that are a call of get_ipython(), or keep its result."""

    def visit(self, node: ast.AST) -> ast.AST | None:
        """Drop the statement, or look inside it."""
        if isinstance(node, ast.Expr | ast.Assign) and uses_shell(node.value):
            return None
        visited = self.generic_visit(node)
        nothing = ast.copy_location(ast.Pass(), visited)
        if isinstance(visited, ast.stmt | ast.ExceptHandler | ast.match_case) and getattr(visited, "body", None) == []:
            visited.body = [nothing]  # type: ignore[union-attr]
        if isinstance(visited, ast.Try | ast.TryStar) and not visited.handlers and not visited.finalbody:
            visited.finalbody = [nothing]
        return visited


def uses_shell(value: ast.expr) -> bool:
    """Whether an expression is get_ipython() or a method call of it."""
    while isinstance(value, ast.Call | ast.Attribute):
        value = value.func if isinstance(value, ast.Call) else value.value
    return isinstance(value, ast.Name) and value.id == "get_ipython"


def first_line(node: ast.stmt) -> int:
    """The line where a statement begins, decorators included."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def alone(node: ast.stmt, lines: list[str]) -> bool:
    """Whether only a comment follows a statement on its last line; parsing a crowded line for each is too slow."""
    last = lines[(node.end_lineno or 1) - 1].encode()
    rest = last[node.end_col_offset or 0 :].strip()
    return not rest or rest.startswith(b"#")


def text_of(kept: ast.stmt, node: ast.stmt, lines: list[str]) -> str:
    """The statement as it was written; rewritten only where it shares its lines with another or lost a part."""
    if node.col_offset or not alone(node, lines):
        return ast.unparse(kept)
    written = "\n".join(lines[first_line(node) - 1 : node.end_lineno])
    try:
        if ast.dump(ast.parse(written)) == ast.dump(ast.Module([kept], [])):
            return written
    except SyntaxError:
        return ast.unparse(kept)
    return ast.unparse(kept)
