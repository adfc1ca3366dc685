"""Which statements does an exercise need? Those that bind or change the names it uses, and so on, in notebook order.

Training loops, plots and prints are left out, so that nothing but the exercise decides its outcome.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from weakref import WeakKeyDictionary

from autograder.read.code import PARSER, Code, Parsed
from autograder.read.names import Names, base_name, names_of
from autograder.records import Statement

BUILTINS = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__"}
OVER_BUILTINS = frozenset(["abs", "all", "any", "divmod", "map", "max", "min", "pow", "round", "slice", "sum"])
"""NumPy or Keras has its own of these: with a star import they may be meant."""
GENERATIONS = 5
"""How far up a family of classes a new member is told to (registries look at their children)."""
MAX_ALTERED = 5_000  # beyond any honest notebook; families grow with the square of it


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
    slices: dict[tuple[str, frozenset[str]], Slice] = field(default_factory=dict)
    """Those that were asked for."""

    def needs_of(self, i: int, in_texts: bool) -> list[str]:
        """The names that a statement needs; with those in its texts, if they are names of the notebook."""
        names = self.entries[i][1]
        return [*names.needs, *(names.words.intersection(self.binders) if in_texts else ())]

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

    def wild_ones(self, stars_only: bool) -> set[int]:
        """The statements that may bind any name; of them the star imports alone, if so asked."""
        wild = {i for i, (_, names) in enumerate(self.entries) if names.anything}
        return {i for i in wild if isinstance(self.entries[i][0].tree, ast.ImportFrom)} if stars_only else wild

    def touching(self, name: str) -> list[int]:
        """The statements that bind or change a name; a demo that calls something of its own by it has no say."""
        binders = self.binders.get(name, [])
        found = [*binders, *self.changers.get(name, ())]
        if all(is_demo(self.entries[i][0]) for i in binders):
            return found
        return [i for i in found if not is_demo(self.entries[i][0])]


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
                analysis.entries.append((parsed, known_names(parsed)))
        except (SyntaxError, ValueError, RecursionError):
            continue  # e.g. await outside a function: it cannot define an exercise either
    return with_calls(analysis)


known: WeakKeyDictionary[Parsed, Names] = WeakKeyDictionary()


def known_names(parsed: Parsed) -> Names:
    """The names of a statement; those of cells that a class has in common are looked up once.

    Raises:
        SyntaxError: the statement cannot stand at top level.
    """
    if parsed not in known:
        known[parsed] = names_of(parsed.tree)
    return known[parsed]


def with_calls(analysis: Analysis) -> Analysis:
    """Let a statement that calls a function bind what that function declares global, and change what it changes."""
    declared: dict[str, set[str]] = {}
    alters: dict[str, set[str]] = {}
    for _, names in analysis.entries:
        for name in names.binds:
            declared.setdefault(name, set()).update(names.declared)
            alters.setdefault(name, set()).update(names.alters)
    evaluators = {name for _, names in analysis.entries if names.evaluates for name in names.binds}
    few = sum(map(len, alters.values())) <= MAX_ALTERED
    for _ in range(GENERATIONS if few else 0):
        for name, altered in alters.items():
            altered.update(*(alters.get(other, ()) for other in list(altered) if other != name))
    made = []
    for parsed, names in analysis.entries:
        binds = names.binds.union(*(declared.get(name, ()) for name in names.calls))
        changes = names.changes.union(*(alters.get(name, ()) for name in names.calls))
        wild = not names.calls.isdisjoint(evaluators)
        names = replace(names, evaluates=names.evaluates or wild, anything=names.anything or wild)
        made.append((parsed, replace(names, binds=binds, changes=changes)))
    return Analysis(made)


def slice_for(target: str, analysis: Analysis, replaced: frozenset[str] = frozenset()) -> Slice:
    """The statements that `target` needs.

    Args:
        target: the exercise's name.
        analysis: of the notebook.
        replaced: names that stand-ins define; the notebook's own definitions of them are left out.
    """
    key = target, replaced
    if key not in analysis.slices:
        analysis.slices[key] = cut(target, analysis, replaced)
    return analysis.slices[key]


def cut(target: str, analysis: Analysis, replaced: frozenset[str]) -> Slice:
    """The slice of `slice_for`."""
    chosen = choose(target, analysis, replaced, in_texts=False)
    if any(analysis.entries[i][1].evaluates for i in chosen):
        chosen = choose(target, analysis, replaced, in_texts=True)
    entries = [analysis.entries[i] for i in sorted(chosen)]
    cells = tuple(parsed.statement.cell for parsed, names in entries if may_bind(target, names))
    used = {name for _, names in entries for name in names.needs | names.binds}
    return Slice(tuple(parsed.statement for parsed, _ in entries), frozenset(used), cells)


def may_bind(target: str, names: Names) -> bool:
    """Whether a statement binds a name, as far as can be seen: code made from text holds the name in the text."""
    return target in names.binds or (names.anything and target in names.words)


def choose(target: str, analysis: Analysis, replaced: frozenset[str], in_texts: bool) -> set[int]:
    """The positions of the statements that a name needs.

    Args:
        target: the name.
        analysis: of the notebook.
        replaced: names whose own definitions are left out.
        in_texts: whether what may be a name in a text is needed too: some of it is turned into code.
    """
    chosen = {i for i, (parsed, _) in enumerate(analysis.entries) if is_future(parsed)}
    needed: set[str] = set()
    own = analysis.binders.get(target, [])  # in a demo, too
    chosen |= set(own)
    queue = [target, *(name for i in own for name in analysis.needs_of(i, in_texts))]
    follow(queue, needed, chosen, analysis, replaced, in_texts)
    unbound = needed - set(analysis.binders) - replaced
    if unbound - (BUILTINS - OVER_BUILTINS):
        wild = analysis.wild_ones(stars_only=unbound <= BUILTINS) - chosen
        chosen |= wild
        for i in wild:
            follow(analysis.needs_of(i, in_texts), needed, chosen, analysis, replaced, in_texts)
    return chosen


def follow(
    queue: list[str],
    needed: set[str],
    chosen: set[int],
    analysis: Analysis,
    replaced: frozenset[str],
    in_texts: bool,
) -> None:
    """Add to `chosen` what binds or changes the queued names, and to `needed` all names that this needs in turn."""
    while queue:
        name = queue.pop()
        if name in needed or name in replaced:
            continue
        needed.add(name)
        for i in analysis.touching(name):
            names = analysis.entries[i][1]
            if i not in chosen and not (names.binds and names.binds <= replaced):
                chosen.add(i)
                queue += analysis.needs_of(i, in_texts)


def is_future(parsed: Parsed) -> bool:
    """Whether a statement imports from __future__: it governs how all others are read."""
    return isinstance(parsed.tree, ast.ImportFrom) and parsed.tree.module == "__future__"


def is_demo(parsed: Parsed) -> bool:
    """Whether a statement is a `with demo():`, which shows something and whose names are its own."""
    contexts = [item.context_expr for item in parsed.tree.items] if isinstance(parsed.tree, ast.With) else []
    return any(isinstance(call, ast.Call) and list(base_name(call.func)) == ["demo"] for call in contexts)
