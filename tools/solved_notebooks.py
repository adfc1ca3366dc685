"""Write every lesson's notebook with the reference's answers in it, and the vitlab wheel that it needs.

    python tools/solved_notebooks.py FOLDER

Runs in the instructor's environment; the files can then be run in any other (tools/try_lessons.py).
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

from autograder.build.init import build_wheel
from autograder.build.instructor import lesson_source
from autograder.build.lesson import read_lesson
from autograder.lessons import CHECKOUT, known_lessons
from autograder.simulate import as_bytes, edited

folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
for assignment in known_lessons():
    released = json.loads((CHECKOUT / "course" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))
    cells = read_lesson(lesson_source(assignment), CHECKOUT / "solutions")
    answers = {name: cell.source for cell in cells if (name := cell.exercise or cell.trained)}
    (folder / f"{assignment}.ipynb").write_bytes(as_bytes(edited(released, answers)))
with tempfile.TemporaryDirectory() as made:
    shutil.copy(build_wheel(Path(made)), folder)
