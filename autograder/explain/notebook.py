"""An appeal as a notebook that does it again: the student's code, the inputs, the expected arrays, the comparison.

It holds no line of the reference, and no answer to a sealed question.
"""

from __future__ import annotations

import base64
import io
import json
from itertools import groupby
from typing import Any

import numpy as np
from vitlab.packing import pack

from autograder.build.fixtures import open_answer, public_case
from autograder.explain.appeal import Appeal
from autograder.judge.score import distinct_questions
from autograder.records import Statement

WIDTH = 116

INTRODUCTION = """# {exercise} of {student}, as it was graded

{assignment}: **{outcome}**, {points:g} of {max_points:g} points.{stand_ins}

This notebook needs `vitlab` and nothing else. Run all of its cells: it takes the student's own code, asks it what the
grader asked, and compares the answers with the expected numbers.

**For teachers.** It holds this student's hidden inputs. Another grading asks the same, so show it, and hand it out only
when the work cannot be handed in again.
"""

QUIET = """import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # TensorFlow's notes on hardware are not about this code"""

AGAIN = """# A cell above may have failed because it needs a later one. Then all run once more, as in the grader.
if "{exercise}" not in globals():
    for source in In[1:-1]:
        get_ipython().run_cell(source, store_history=False)"""

ASKED = """# Hidden inputs and expected answers, as arrays: what the grader asked of this submission.
import base64
import io
import json

import numpy as np
from vitlab.packing import unpack

DATA = (
{lines}
)
with np.load(io.BytesIO(base64.b64decode(DATA))) as file:
    text, *arrays = (file[name] for name in file.files)
asked = unpack(json.loads(text.tobytes()), arrays)
print(len(asked["cases"]), "cases,", len(asked["questions"]), "questions")"""

COMPARED = '''# Ask the code, and compare as the grader does.
from vitlab.checking import calm
from vitlab.compare import compare_part
from vitlab.library import switched_off
from vitlab.probe import WeightError, ask


def answer_to(question):
    """("value", the answer) or ("error", its words)."""
    try:
        return "value", ask({exercise}, question)
    except Exception as error:
        return "error", str(error) if isinstance(error, WeightError) else f"{{type(error).__name__}}: {{error}}"


def difference(case, kind, answer):
    """Why a case fails, in words; "" when it passes."""
    expected = asked["expected"][case["question"]]
    if kind == "error":
        return answer
    return compare_part(expected, answer, case["part"], case["tolerance"], case["floor"])


with calm(), switched_off(asked["switched_off"], namespace=globals()):
    answers = [answer_to(question) for question in asked["questions"]]

messages = {{case["name"]: difference(case, *answers[case["question"]]) for case in asked["cases"]}}
for case in asked["cases"]:
    message = messages[case["name"]]
    print("✓" if not message else "✗", f"{{case['share']:4.0%}}", case["name"], ":" if message else "", message)
    if bool(message) == case["passed"]:
        print("      In grading this was otherwise:", case["message"] or "it passed")
print(f"\\n{{sum(case['share'] for case in asked['cases'] if not messages[case['name']]):.0%}} of the points")'''

LOOK = """# Look closer: the inputs, the expected and the received answer of one case.
case = asked["cases"][0]
question, expected = asked["questions"][case["question"]], asked["expected"][case["question"]]
kind, received = answers[case["question"]]
print(case["name"], "\\ninputs:", question["args"], question["kwargs"])
print("expected:", expected, "\\nreceived:", received)"""


def notebook_of(appeal: Appeal) -> str:
    """The notebook's file.

    Args:
        appeal: of an exercise that was run.
    """
    import nbformat
    from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

    names = appeal.verdict.stand_ins
    stand_ins = f" Right versions of {', '.join(names)} stood in, as these had failed before." if names else ""
    verdict = appeal.verdict
    head = INTRODUCTION.format(
        exercise=appeal.exercise, student=plain(appeal.student), assignment=appeal.assignment, stand_ins=stand_ins,
        outcome=verdict.outcome, points=verdict.points, max_points=verdict.max_points,
    )  # fmt: skip
    forgiving = {"tags": ["raises-exception"]}  # "Run all" goes on below a cell that fails
    cells = [
        new_markdown_cell(head),
        new_code_cell(QUIET),
        *(new_code_cell(source, metadata=forgiving) for source in student_cells(appeal.statements)),
        new_code_cell(AGAIN.format(exercise=appeal.exercise)),
        new_code_cell(ASKED.format(lines=literal(packed(appeal)))),
        new_code_cell(COMPARED.format(exercise=appeal.exercise)),
        new_code_cell(LOOK),
    ]
    for i, cell in enumerate(cells):
        cell.id = f"cell-{i}"
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    return str(nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": kernel}))) + "\n"


def plain(name: str) -> str:
    """A name that markdown shows as it is."""
    return "".join(f"&#{ord(sign)};" if sign in "<>&`*_[]()#\\!|" else sign for sign in name)


def student_cells(statements: tuple[Statement, ...]) -> list[str]:
    """The statements that ran, in order, those of one cell together; each cell says where it comes from."""
    together = groupby(statements, key=lambda statement: statement.cell)
    return [f"# From {cell}\n" + "\n".join(one.source.strip("\n") for one in own) for cell, own in together]


def packed(appeal: Appeal) -> bytes:
    """Questions, expected answers and graded cases as an .npz file's bytes; sealed answers are blanked."""
    graded = [case for case in appeal.cases if case.weight > 0]
    questions = distinct_questions(graded)
    answers = dict(zip(map(id, distinct_questions(appeal.cases)), appeal.expected, strict=True))
    whole = sum(case.weight for case in graded)
    cases = [
        {
            **public_case(case, questions),
            "share": case.weight / whole,
            "passed": judged.passed,
            "message": judged.message,
        }
        for case, judged in zip(graded, appeal.verdict.cases, strict=True)
    ]
    expected = [
        open_answer(answers[id(question)], [case for case in graded if case.question is question]).value
        for question in questions
    ]
    content = {"questions": [vars(question) for question in questions], "expected": expected, "cases": cases}
    return as_npz({**content, "switched_off": list(appeal.switched_off)})


def as_npz(content: dict[str, Any]) -> bytes:
    """A plain value as JSON beside its arrays."""
    arrays: list[np.ndarray] = []
    text = np.frombuffer(json.dumps(pack(content, arrays)).encode(), np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, text, *arrays)
    return file.getvalue()


def literal(content: bytes) -> str:
    """Bytes in base64 as the lines of a Python string."""
    text = base64.b64encode(content).decode()
    return "\n".join(f'    "{text[i : i + WIDTH]}"' for i in range(0, len(text), WIDTH))
