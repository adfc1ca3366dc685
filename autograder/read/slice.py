"""Which statements does an exercise need? Those that bind or change the names it uses, and so on, in notebook order.

Training loops, plots and prints are left out, so that nothing but the exercise decides its outcome.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from autograder.read.code import PARSER, Code, Parsed
from autograder.records import Statement

BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
ONLY_LOOK = frozenset(["print", "display", "check", "demo", "plots", "plt", "sns", "pprint", "len", "repr", "help"])
WRITE_NAMES = frozenset(["exec", "setattr", "globals", "vars", "locals"])


@dataclass(frozen=True)
class Names:
    """What a statement does to names."""

    binds: frozenset[str]
    changes: frozenset[str]
    needs: frozenset[str]
    imports: bool = False
    anything: bool = False
    """It may bind names that cannot be seen: a star import, exec, globals()."""
    declared: frozenset[str] = frozenset()
    """Globals that a function in it binds when it is called."""
    calls: frozenset[str] = frozenset()
    """Functions that it calls by their bare names."""


@dataclass(frozen=True)
class Slice:
    """The statements of one exercise, and the names that they use."""

    statements: tuple[Statement, ...]
    names: frozenset[str]
    binding_cells: tuple[str, ...]
    """Labels of the cells that bind the exercise's own name."""


@dataclass
class Analysis:
    """Names of every statement of a notebook, looked up once."""

    entries: list[tuple[Parsed, Names]] = field(default_factory=list)

    @cached_property
    def binders(self) -> dict[str, list[int]]:
        """Name to the statements that bind it."""
        return index(names.binds for _, names in self.entries)

    @cached_property
    def changers(self) -> dict[str, list[int]]:
        """Name to the statements that change its object; a method of an import changes nothing of the student's."""
        found = index(names.changes for _, names in self.entries)
        imported = {name for _, names in self.entries if names.imports for name in names.binds}
        made = {name for _, names in self.entries if not names.imports for name in names.binds}
        return {name: places for name, places in found.items() if name not in imported - made}


def index(groups: Iterable[frozenset[str]]) -> dict[str, list[int]]:
    """Name to the positions of the groups that hold it."""
    found: dict[str, list[int]] = {}
    for i, group in enumerate(groups):
        for name in group:
            found.setdefault(name, []).append(i)
    return found


def analyse(code: Code) -> Analysis:
    """Names of all statements; one that Python's own analysis refuses is left out."""
    analysis = Analysis()
    for parsed in code.parsed:
        try:
            with PARSER:
                analysis.entries.append((parsed, names_of(parsed.tree)))
        except (SyntaxError, ValueError, RecursionError):
            continue  # e.g. await outside a function: it cannot define an exercise either
    return with_calls(analysis)


def with_calls(analysis: Analysis) -> Analysis:
    """Let a statement that calls a function bind what that function declares global."""
    declared: dict[str, frozenset[str]] = {}
    for _, names in analysis.entries:
        for name in names.binds:
            declared[name] = declared.get(name, frozenset()) | names.declared
    made = [
        (parsed, replace(names, binds=names.binds.union(*(declared.get(name, ()) for name in names.calls))))
        for parsed, names in analysis.entries
    ]
    return Analysis(made)


def slice_for(target: str, analysis: Analysis, replaced: frozenset[str] = frozenset()) -> Slice:
    """The statements that `target` needs.

    Args:
        target: the exercise's name.
        analysis: of the notebook.
        replaced: names that stand-ins define; the notebook's own definitions of them are left out.
    """
    chosen = {i for i, (parsed, _) in enumerate(analysis.entries) if is_future(parsed)}
    needed = follow([target], set(), chosen, analysis, replaced)
    if needed - set(analysis.binders) - BUILTINS - replaced:
        wild = [i for i, (_, names) in enumerate(analysis.entries) if names.anything and i not in chosen]
        chosen |= set(wild)
        follow([name for i in wild for name in analysis.entries[i][1].needs], needed, chosen, analysis, replaced)
    entries = [analysis.entries[i] for i in sorted(chosen)]
    cells = tuple(parsed.statement.cell for parsed, names in entries if target in names.binds)
    used = {name for _, names in entries for name in names.needs | names.binds}
    return Slice(tuple(parsed.statement for parsed, _ in entries), frozenset(used), cells)


def follow(
    queue: list[str], needed: set[str], chosen: set[int], analysis: Analysis, replaced: frozenset[str]
) -> set[str]:
    """Add to `chosen` what binds or changes the queued names, and to `needed` all names that this needs in turn."""
    while queue:
        name = queue.pop()
        if name in needed or name in replaced:
            continue
        needed.add(name)
        for i in [*analysis.binders.get(name, ()), *analysis.changers.get(name, ())]:
            names = analysis.entries[i][1]
            if i not in chosen and not (names.binds and names.binds <= replaced):
                chosen.add(i)
                queue += names.needs
    return needed


def is_future(parsed: Parsed) -> bool:
    """Whether a statement imports from __future__: it governs how all others are read."""
    return isinstance(parsed.tree, ast.ImportFrom) and parsed.tree.module == "__future__"


def names_of(tree: ast.stmt) -> Names:
    """What one statement binds, changes and needs, by Python's own symbol table.

    Raises:
        SyntaxError: the statement cannot stand at top level.
    """
    table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    binds = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    binds |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_namespace()}
    needs = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    declared = set[str]()
    for scope in scopes_below(table):
        for symbol in scope.get_symbols():
            if symbol.is_global():
                needs |= {symbol.get_name()} if symbol.is_referenced() else set()
                declared |= {symbol.get_name()} if symbol.is_declared_global() and symbol.is_assigned() else set()
    star = isinstance(tree, ast.ImportFrom) and any(alias.name == "*" for alias in tree.names)
    called = {node.func.id for node in visible(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    return Names(
        frozenset(binds),
        frozenset(changed_by(tree)),
        frozenset(needs),
        isinstance(tree, ast.Import | ast.ImportFrom),
        star or bool(called & WRITE_NAMES),
        frozenset(declared),
        frozenset(called),
    )


def scopes_below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """All nested scopes."""
    for scope in table.get_children():
        yield scope
        yield from scopes_below(scope)


def visible(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run with the statement itself: not those inside functions and classes."""
    yield node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from visible(child)


def changed_by(tree: ast.stmt) -> Iterator[str]:
    """Names whose objects a statement changes in place: x[i] = ..., x.a = ..., x.append(...), fill(x)."""
    for node in visible(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            yield from base_name(node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            base = list(base_name(node.value.func))
            if base and base[0] not in ONLY_LOOK:
                yield from base if isinstance(node.value.func, ast.Attribute) else []
                given = [*node.value.args, *(keyword.value for keyword in node.value.keywords)]
                yield from (argument.id for argument in given if isinstance(argument, ast.Name))


def base_name(node: ast.expr) -> Iterator[str]:
    """The variable at the bottom of x.a[0].b."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
