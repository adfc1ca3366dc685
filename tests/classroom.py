"""Submissions beside the demo's: everything that a folder can hold by accident or on purpose."""

import copy
import json

from nbgrader.api import Gradebook

from autograder.demo.run import material_of
from autograder.demo.students import simulated_class
from autograder.read.notebook import grade_id_of
from autograder.simulate import as_bytes, edited

ASSIGNMENT = "01_attention"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
SCRIPT = "<script>window.hacked=1</script>"


def hand_in(root, name, content, file=NOTEBOOK):
    """Put one file into a student's submission."""
    folder = root.submission(ASSIGNMENT, name)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(content)


def hand_in_class(root, mistaken=3):
    """The demo's class with the first few mistaken ones, and all the bad input; expected points by student."""
    material = material_of(root, ASSIGNMENT)
    expected = {}
    for student in simulated_class(material):
        if not student.name.startswith("mistakes-") or int(student.name[-2:]) <= mistaken:
            hand_in(root, student.name, student.content)
            expected[student.name] = student.points
    return expected | hand_in_bad_input(root, material)


def hand_in_bad_input(root, material):
    """Broken, foreign, doubled and oversized work; expected points by student."""
    solved, full = material.solved(), material.full
    hand_in(root, "latin-1", as_bytes(solved)[:-2] + b'"\xe9"}')
    hand_in(root, "foreign", as_bytes(with_mark(solved, "02_multihead")))
    hand_in(root, "no-notebook", b"hello", "essay.txt")
    hand_in(root, "two-notebooks", as_bytes(solved))
    hand_in(root, "two-notebooks", as_bytes(material.released), "01_attention-Copy1.ipynb")
    hand_in(root, "renamed", as_bytes(solved), "01_attention (1).ipynb")
    hand_in(root, "as-text", as_bytes(retyped(solved, "softmax_rows")))
    hand_in(root, "many-cells", as_bytes(with_cells(solved, 10_000)))
    hand_in(root, "scripts", as_bytes(with_scripts(solved)))
    hand_in(root, "bad-time", as_bytes(solved))
    hand_in(root, "bad-time", b"yesterday, I think", "timestamp.txt")
    folder = root.submission(ASSIGNMENT, "linked")
    folder.mkdir(parents=True)
    (folder / NOTEBOOK).symlink_to(root.source(ASSIGNMENT))
    hand_in(root, "linked-extra", as_bytes(solved))
    (root.submission(ASSIGNMENT, "linked-extra") / "notes.txt").symlink_to(root.path / "secret_seed")
    root.submission(ASSIGNMENT, "empty").mkdir(parents=True)
    wrong = {
        "returns-none": "return None",
        "returns-text": "return 'scores'",
        "returns-nan": "return ops.einsum('...id,...jd->...ij', q, k) * float('nan')",
    }
    for name, line in wrong.items():
        hand_in(
            root,
            name,
            as_bytes(material.solved(attention_scores=f"def attention_scores(q, k, scale=None):\n    {line}")),
        )
    nothing = dict.fromkeys(("latin-1", "foreign", "no-notebook", "linked", "empty"), 0.0)
    unharmed = dict.fromkeys(
        ("two-notebooks", "renamed", "as-text", "many-cells", "scripts", "bad-time", "linked-extra"), full
    )
    return nothing | unharmed | dict.fromkeys(wrong, full - material.points["attention_scores"])


def with_mark(notebook, assignment):
    """The notebook as if it were another assignment's."""
    notebook = copy.deepcopy(notebook)
    notebook["metadata"]["vitlab"]["assignment"] = assignment
    return notebook


def retyped(notebook, name):
    """The notebook with a solution cell turned into text by accident."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook["cells"]:
        if grade_id_of(cell) == name:
            cell["cell_type"] = "markdown"
            del cell["outputs"], cell["execution_count"]
    return notebook


def with_cells(notebook, count):
    """The notebook with many cells of scratch work."""
    notebook = copy.deepcopy(notebook)
    scratch = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    notebook["cells"] += [{**scratch, "id": f"s{i}", "source": f"x{i} = {i}"} for i in range(count)]
    return notebook


def with_scripts(notebook):
    """The notebook with markup that would run in a browser, in text, outputs and attachments."""
    notebook = copy.deepcopy(notebook)
    html = {
        "output_type": "display_data",
        "metadata": {},
        "data": {"text/html": SCRIPT, "image/svg+xml": f"<svg>{SCRIPT}</svg>"},
    }
    text = {"output_type": "stream", "name": "stdout", "text": SCRIPT}
    picture = {"output_type": "display_data", "metadata": {}, "data": {"image/png": f'x"></img>{SCRIPT}'}}
    notebook["cells"].append(
        {
            "cell_type": "code",
            "id": "s1",
            "metadata": {},
            "execution_count": 1,
            "source": "1",
            "outputs": [html, text, picture],
        }
    )
    source = f"My answer {SCRIPT} <img src=x onerror=alert(1)> [link](javascript:alert(1)) and 1 < 2"
    notebook["cells"].append({"cell_type": "markdown", "id": "s2", "metadata": {}, "source": source})
    return json.loads(json.dumps(notebook))


def hand_in_mix(root, count):
    """`count` students, by turns right, mistaken and half-done; expected points by student."""
    material = material_of(root, ASSIGNMENT)
    begun = dict(list(material.answers.items())[:3])
    unscaled = "def attention_scores(q, k, scale=None):\n    return ops.einsum('...id,...jd->...ij', q, k)"
    kinds = [
        (material.solved(), material.full),
        (material.solved(attention_scores=unscaled), None),
        (edited(material.released, begun), sum(material.points[name] for name in begun)),
    ]
    expected = {}
    for i in range(count):
        notebook, expected[f"student-{i:04}"] = kinds[i % len(kinds)]
        hand_in(root, f"student-{i:04}", as_bytes(notebook))
    return expected


def scores(root):
    """All scores in the gradebook: (student, cell) to (automatic, manual, needs a person)."""
    with Gradebook(f"sqlite:///{root.path / 'gradebook.db'}") as gradebook:
        return {
            (submission.student.id, grade.name): (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for submission in gradebook.assignment_submissions(ASSIGNMENT)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }
