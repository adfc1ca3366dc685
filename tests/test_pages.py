"""Nothing that a student writes runs, loads, links or takes a place of its own in the two pages that a person opens."""

import copy
import json
from functools import cache

import nbformat
import pytest
from classroom import NOTEBOOK
from nbconvert.filters.markdown_mistune import markdown2html_mistune
from pages import RESOURCES, counts, formgrader, running_tex, surprises, tree_of
from vectors import ATTACHMENTS, BUNDLES, CELL, HTML, MARKDOWN, METADATA, OUTPUTS

from autograder.build.init import init_course
from autograder.crew.means import Means
from autograder.demo.run import material_of
from autograder.grade.classroom import grade_class
from autograder.gradebook.markdown import as_typed
from autograder.gradebook.presentable import presentable
from autograder.gradebook.steps import generate_assignment, generate_feedback, save_scores
from autograder.read.notebook import Submission, read_submission
from autograder.root import open_root
from autograder.run import isolation

ASSIGNMENT = "01_attention"
VECTORS = [*HTML, *MARKDOWN]
WORDS = [
    {"output_type": "stream", "name": "stdout", "text": "x"},
    *({"output_type": "display_data", "data": {mime: "eA=="}, "metadata": {}} for mime in ("text/plain", "image/png")),
    {"output_type": "display_data", "data": {"image/jpeg": "eA=="}, "metadata": {}},
]
ids = [f"{i}-{''.join(c for c in vector if c.isalnum())[:30]}" for i, vector in enumerate(VECTORS)]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course of its own: feedback is made for everybody in it."""
    folder = tmp_path_factory.mktemp("pages")
    init_course(folder)
    root = open_root(folder)
    generate_assignment(root, ASSIGNMENT)
    return root


@pytest.fixture(scope="module")
def material(course):
    """What notebooks are made of."""
    return material_of(course, ASSIGNMENT)


def cells_with(text, metadata):
    """A cell of each kind with a text in it."""
    code = {"cell_type": "code", "metadata": metadata, "source": text, "outputs": [], "execution_count": text}
    return [
        {"cell_type": "markdown", "metadata": metadata, "source": text, "attachments": ATTACHMENTS, "id": text},
        {"cell_type": "raw", "metadata": metadata, "source": text, "id": text},
        {"cell_type": "heading", "level": 1, "metadata": metadata, "source": text},
        code,
        {"cell_type": text, "metadata": metadata, "source": text},
    ]


def with_texts(solved, answer, texts, outputs=(), cell=None, metadata=None):
    """The notebook with texts in cells of every kind, one of them as the answer that a person grades."""
    notebook = copy.deepcopy(solved)
    for text in texts:
        notebook["cells"] += cells_with(text, cell or {})
    shown = {"cell_type": "code", "metadata": cell or {}, "source": "1", "execution_count": 1}
    notebook["cells"].append({**shown, "outputs": list(outputs)})
    for known in notebook["cells"]:
        if known["metadata"].get("nbgrader", {}).get("grade_id") == "question_1":
            known |= {"source": answer, "attachments": ATTACHMENTS}
    notebook["metadata"] |= metadata or {}
    return notebook


def page_of(notebook, material):
    """What the formgrader shows of a notebook."""
    submission = Submission("ada", ASSIGNMENT, document=json.loads(json.dumps(notebook)))
    shown = nbformat.reads(nbformat.writes(presentable(submission, material.released)), as_version=4)
    return formgrader().from_notebook_node(shown, resources=copy.deepcopy(RESOURCES))[0]


@pytest.fixture(scope="module")
def harmless(material):
    """Makes the page of a notebook with plain words in so many places."""
    return cache(
        lambda texts, outputs: page_of(with_texts(material.solved(), "x", ["x"] * texts, WORDS * outputs), material)
    )


def batches(items, size):
    """Items in groups: a page costs half a second, however much is in it."""
    return [items[i : i + size] for i in range(0, len(items), size)]


@pytest.mark.parametrize("vectors", batches(VECTORS, 12), ids=lambda vectors: f"from-{VECTORS.index(vectors[0])}")
def test_vectors_in_any_cell_leave_nothing_but_words(vectors, material, harmless):
    page, words = (
        page_of(with_texts(material.solved(), vectors[0], vectors, WORDS), material),
        harmless(len(vectors), 1),
    )
    assert surprises(page, words) == set()
    assert counts(page) == counts(words)
    assert running_tex(page) == []


@pytest.mark.parametrize("vector", VECTORS, ids=ids)
def test_a_text_shown_as_typed_is_one_box_of_letters(vector):
    page = markdown2html_mistune(as_typed(vector))
    assert [str(node.tag) for node in tree_of(page).iter()] == ["html", "head", "body", "pre"]
    assert running_tex(page) == []


@pytest.mark.parametrize("outputs", batches(OUTPUTS, len(WORDS) * 3))
def test_outputs_leave_nothing_but_words(outputs, material, harmless):
    filled = [*outputs, *WORDS * 3][: len(WORDS) * 3]
    page, words = page_of(with_texts(material.solved(), "x", ["x"], filled), material), harmless(1, 3)
    assert surprises(page, words) == set()
    assert {**counts(page), "img": 0} == {**counts(words), "img": 0}  # a valid picture is shown


def test_metadata_of_cells_and_notebook_leave_nothing(material, harmless):
    page = page_of(with_texts(material.solved(), "x", ["x"], WORDS, CELL, METADATA), material)
    assert surprises(page, harmless(1, 1)) == set()
    assert counts(page) == counts(harmless(1, 1))


@pytest.mark.parametrize("kind", ["png", "jpeg"])
def test_a_photo_in_an_answer_is_shown(kind, material):
    photo = {"photo.png": {f"image/{kind}": "eA=="}}
    notebook = with_texts(material.solved(), "My proof: ![photo](attachment:photo.png)", [])
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "question_1":
            cell["attachments"] = photo
    assert f'src="data:image/{kind};base64,eA=="' in page_of(notebook, material)


FILE_NAMES = [vector.replace("/", "") for vector in VECTORS if len(vector.encode()) < 200 and "\0" not in vector]


@pytest.mark.parametrize("name", FILE_NAMES, ids=range(len(FILE_NAMES)))
def test_a_file_name_leaves_nothing_but_words(name, material, tmp_path):
    pages = []
    for file in ("x", name):
        folder = tmp_path / str(len(pages))
        folder.mkdir()
        (folder / f"{file}.ipynb").write_bytes(b"{")
        shown = presentable(read_submission(folder, "ada", ASSIGNMENT), material.released)
        shown.cells = shown.cells[:1]  # the note that names the file
        pages.append(formgrader().from_notebook_node(shown, resources=copy.deepcopy(RESOURCES))[0])
    assert surprises(pages[1], pages[0]) == set()
    assert running_tex(pages[1]) == []


@pytest.fixture(scope="module")
def class_pages(course, material):
    """Feedback and formgrader pages of a harmless and a hostile student, by student, after the whole path."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    solved = material.solved()
    made = {
        "words": with_texts(solved, "x", ["x"] * len(VECTORS), WORDS),
        "vectors": with_texts(solved, "\n\n".join(MARKDOWN), VECTORS, OUTPUTS, CELL, METADATA),
    }
    for name, notebook in made.items():
        folder = course.submission(ASSIGNMENT, name)
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_text(json.dumps(notebook))
        (folder / "<script>alert(1)<script>.ipynb").write_text("{")
    verdicts = grade_class(course, ASSIGNMENT, list(made), Means(workers=1))
    assert {name: verdict.points for name, verdict in verdicts.items()} == dict.fromkeys(made, material.full)
    save_scores(course, ASSIGNMENT, list(made))
    generate_feedback(course, ASSIGNMENT)
    return {
        name: (
            (course.path / "feedback" / name / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8"),
            formgrader().from_filename(
                str(course.path / "autograded" / name / ASSIGNMENT / NOTEBOOK), resources=copy.deepcopy(RESOURCES)
            )[0],
        )
        for name in made
    }


@pytest.mark.parametrize("which", [0, 1], ids=["feedback", "formgrader"])
def test_all_vectors_at_once_leave_nothing_in_the_pages_of_the_whole_path(class_pages, which):
    words, page = class_pages["words"][which], class_pages["vectors"][which]
    assert surprises(page, words) == set()
    shown = {"img": 0, "math": 0}  # valid pictures and formulas are shown
    assert {**counts(page), **shown} == {**counts(words), **shown}
    assert running_tex(page) == []


def test_there_are_enough_vectors():
    assert len(VECTORS) + len(OUTPUTS) + len(BUNDLES) >= 60
