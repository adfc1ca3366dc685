"""What one statement does to names: which it binds, changes and needs."""

from __future__ import annotations

import ast
import re
import symtable
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

ONLY_LOOK = frozenset(
    [
        "print", "display", "check", "check_trained", "save_trained", "demo", "plots", "plt", "sns", "pprint", "len",
        "repr", "help",
    ]
)  # fmt: skip
WRITE_NAMES = frozenset(["exec", "setattr", "globals", "vars", "locals"])
EVALUATE = frozenset(["exec", "eval", "compile"])
WORD = re.compile(r"[^\W\d]\w*")


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
    """Functions and classes that it calls, decorates with or inherits from, by their bare names."""
    alters: frozenset[str] = frozenset()
    """Globals whose objects a function in it changes when it is called, or a class when it is inherited from."""
    evaluates: bool = False
    """It turns text into code."""
    words: frozenset[str] = frozenset()
    """What may be a name in its texts."""


def names_of(tree: ast.stmt) -> Names:
    """What one statement binds, changes and needs, by Python's own symbol table.

    Raises:
        SyntaxError: the statement cannot stand at top level.
    """
    table = symtable.symtable(ast.unparse(tree), "cell", "exec")
    binds = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    binds |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_namespace()}
    needs = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()}
    declared, inside = set[str](), set[str]()
    for scope in scopes_below(table):
        if scope.get_type() == "class":  # in `eps = eps` the right one is the global
            inside |= {one.get_name() for one in scope.get_symbols() if one.is_assigned() and one.is_referenced()}
        for symbol in scope.get_symbols():
            if symbol.is_global():
                inside |= {symbol.get_name()} if symbol.is_referenced() else set()
                declared |= {symbol.get_name()} if symbol.is_declared_global() and symbol.is_assigned() else set()
    needs |= inside
    star = isinstance(tree, ast.ImportFrom) and any(alias.name == "*" for alias in tree.names)
    called = set(called_by(tree))
    return Names(
        frozenset(binds),
        frozenset(changed_in(visible(tree))),
        frozenset(needs),
        isinstance(tree, ast.Import | ast.ImportFrom),
        star or bool(called & WRITE_NAMES),
        frozenset(declared),
        frozenset(called),
        frozenset(inside.intersection(changed_in(ast.walk(tree))) if inside else ()) | set(family_of(tree)),
        any(isinstance(node, ast.Name) and node.id in EVALUATE for node in ast.walk(tree)),
        frozenset(words_in(tree)),
    )


def words_in(tree: ast.stmt) -> Iterator[str]:
    """Everything in a statement's texts that could be a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from WORD.findall(node.value)


def family_of(tree: ast.AST) -> Iterator[str]:
    """Bare names of the classes that a class inherits from, and of its metaclass."""
    if isinstance(tree, ast.ClassDef):
        parents = [*tree.bases, *(keyword.value for keyword in tree.keywords)]
        yield from (parent.id for parent in parents if isinstance(parent, ast.Name))


def scopes_below(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    """All nested scopes."""
    for scope in table.get_children():
        yield scope
        yield from scopes_below(scope)


def visible(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run with the statement itself: of functions and classes, only their decorators."""
    yield node
    inner = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda)
    for child in getattr(node, "decorator_list", ()) if inner else ast.iter_child_nodes(node):
        yield from visible(child)


def called_by(tree: ast.stmt) -> Iterator[str]:
    """Bare names that a statement calls, decorates with, or inherits from."""
    for node in visible(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        yield from (one.id for one in getattr(node, "decorator_list", ()) if isinstance(one, ast.Name))
        yield from family_of(node)


def changed_in(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Names whose objects change: x[i] = ..., x.a = 1, x.append(...), fill(x), @x.register, @add(x), class y(x)."""
    for node in nodes:
        yield from family_of(node)
        if isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del):
            yield from base_name(node)
        for call in for_effect(node):
            base = list(base_name(call.func))
            if base and base[0] not in ONLY_LOOK:
                yield from base if isinstance(call.func, ast.Attribute) else []
                given = [*call.args, *(keyword.value for keyword in call.keywords)]
                yield from (argument.id for argument in given if isinstance(argument, ast.Name))
        for decorator in getattr(node, "decorator_list", ()):
            used = decorator.func if isinstance(decorator, ast.Call) else decorator
            yield from base_name(used) if isinstance(used, ast.Attribute) else []
            given = decorator.args if isinstance(decorator, ast.Call) else []
            yield from (argument.id for argument in given if isinstance(argument, ast.Name))


def for_effect(node: ast.AST) -> list[ast.Call]:
    """The calls in an expression that stands alone: f(x), or [f(x) for x in rows]."""
    value = node.value if isinstance(node, ast.Expr) else None
    if isinstance(value, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        value = value.elt
    return [value] if isinstance(value, ast.Call) else []


def base_name(node: ast.expr) -> Iterator[str]:
    """The variable at the bottom of x.a[0].b."""
    while isinstance(node, ast.Subscript | ast.Attribute):
        node = node.value
    if isinstance(node, ast.Name):
        yield node.id
