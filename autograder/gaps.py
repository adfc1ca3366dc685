"""What a lesson still lacks, in words: checked before its answers go through the engine."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.build.instructor import lesson_points, lesson_source
from autograder.build.lesson import SourceCell, read_lesson
from autograder.lessons import CHECKOUT, known_lessons, solution_module
from autograder.records import TRAINED, Case, Exercise, Misconception

PARTS = ("reference.py", "cases.py", "misconceptions/__init__.py", "stand_ins.py")
ENOUGH = 2
"""Different inputs on which a wrong answer must be seen before it is named."""


def gaps_of(assignment: str) -> list[str]:
    """What a lesson lacks; nothing where it is complete, or where there is no lesson of this name at all.

    Args:
        assignment: e.g. "01_attention".

    Raises:
        LessonError: lesson.py cannot be read; with what to write.
    """
    if assignment not in known_lessons():
        return []  # verify says which there are
    folder = CHECKOUT / "solutions" / assignment.partition("_")[2]
    absent = [f"{(folder / part).relative_to(CHECKOUT)} is missing." for part in PARTS if not (folder / part).is_file()]
    if absent:
        return absent
    reference, cases, misconceptions, stand_ins = (
        solution_module(folder, part) for part in ("reference", "cases", "misconceptions", "stand_ins")
    )
    points = lesson_points(assignment)
    if TRAINED in points and not (folder / "trained.py").is_file():
        absent.append("The lesson has a trained item, but no trained.py that says how it is judged.")
    absent += gaps_in_cells(read_lesson(lesson_source(assignment), CHECKOUT / "solutions"))
    return absent + list(
        gaps_in(points, reference, cases.EXERCISES, misconceptions.MISCONCEPTIONS, stand_ins.STAND_INS)
    )


def gaps_in_cells(cells: Sequence[SourceCell]) -> Iterator[str]:
    """What the notebook's cells lack so that they run: in the teacher's version, and as students get them."""
    code = [cell.source for cell in cells if cell.kind == "code"]
    made = {name for source in code for name in names_made(source)} | set(dir(builtins))
    for cell in cells:
        if cell.exercise is None:
            continue
        for name in sorted(names_needed(cell.source) - made):
            yield (
                f"{cell.exercise} uses {name}, which no cell of lesson.py makes. Import it in the set-up cell, or give "
                f'its code: `# %% given="{name}"` over its import line.'
            )
        if marks_in_class_body(cell.source):
            yield (
                f"{cell.exercise} has its solution marks around methods, so students' class could not even be defined. "
                "Put marks inside each method, below its docstring."
            )


def names_made(source: str) -> set[str]:
    """Names that a cell imports, defines or assigns."""
    found = set()
    for node in ast.walk(parsed(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
    return found


def names_needed(source: str) -> set[str]:
    """Names that a definition takes from its notebook or from Python itself."""
    waiting, found, own = [symtable.symtable(source, "cell", "exec")], set[str](), set[str]()
    own = {symbol.get_name() for symbol in waiting[0].get_symbols() if symbol.is_assigned() or symbol.is_namespace()}
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global() and symbol.is_referenced()}
    return found - own - {"__class__"}


def marks_in_class_body(source: str) -> bool:
    """Whether a solution begins in a class itself: what is put in its place would run as the class is defined."""
    classes = [node for node in parsed(source).body if isinstance(node, ast.ClassDef)]
    depth = classes[0].body[0].col_offset if classes else -1
    return any("### BEGIN SOLUTION" in line and line.index("#") == depth for line in source.splitlines())


def parsed(source: str) -> ast.Module:
    """A cell's syntax tree; magics and other lines that are not Python count for nothing."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def gaps_in(
    points: Mapping[str, float],
    reference: Any,
    exercises: Sequence[Exercise],
    misconceptions: Sequence[Misconception],
    stand_ins: Mapping[str, str],
) -> Iterator[str]:
    """As `gaps_of`, over what was read."""
    judged = {exercise.name: exercise for exercise in exercises}
    shown = [name for name in points if name != TRAINED]  # a bar judges that one, no cases
    if not shown:
        yield 'lesson.py has no exercise. Write one import line below `# %% exercise="name" points=10`.'
    for name in shown:
        if points[name] <= 0:
            yield f'{name} has no points. Write `# %% exercise="{name}" points=10` in lesson.py.'
        if name not in judged:
            yield f'{name} has no cases. Add Exercise("{name}", its_cases) to EXERCISES in cases.py.'
    for name, exercise in judged.items():
        if name not in points:
            yield f'{name} has cases, but no place in lesson.py. Add its import line below `# %% exercise="{name}"`.'
        if not hasattr(reference, name):
            yield f"{name} has cases, but reference.py does not define it."
        yield from gaps_in_cases(name, exercise.cases(np.random.default_rng(0)))
        if not any(known.exercise == name for known in misconceptions):
            yield f"{name} has no known mistake. Add a wrong variant with a hint to misconceptions/."
    yield from gaps_in_mistakes(misconceptions, judged)
    for name in set(stand_ins) - set(judged):
        yield f"stand_ins.py has {name}, which is no exercise."


def gaps_in_cases(name: str, cases: Sequence[Case]) -> Iterator[str]:
    """What one exercise's cases lack."""
    if not any(case.weight > 0 for case in cases):
        yield f"{name} has no case with a weight above 0, so it cannot earn points."
    if 0 < len({id(case.question) for case in cases}) < ENOUGH and not any(case.part is not None for case in cases):
        yield f"{name} asks one question only: a mistake is named when it is seen on {ENOUGH}. Add inputs."
    for case, count in Counter(case.name for case in cases).items():
        if count > 1:
            yield f"{name} has {count} cases named “{case}”: students could not tell which one failed."


def gaps_in_mistakes(misconceptions: Sequence[Misconception], judged: Mapping[str, Exercise]) -> Iterator[str]:
    """What the known mistakes lack."""
    ids = {known.id for known in misconceptions}
    for known in misconceptions:
        if known.exercise not in judged:
            yield f"{known.id} belongs to no exercise of this lesson."
        if known.kind == "variant" and not known.hint.strip():
            yield f"{known.id} has no hint: say what leads out of it."
        if known.twin and known.twin not in ids:
            yield f"{known.id} has a twin {known.twin} that is not there."
    for name, count in Counter(known.id for known in misconceptions).items():
        if count > 1:
            yield f"{name} is registered {count} times."
