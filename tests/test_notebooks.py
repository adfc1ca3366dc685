"""The released notebook as students run it: on the first day, and when everything is solved."""

import json

import nbformat
import pytest
from lessons import LESSONS, exercises_of
from nbclient import NotebookClient

from autograder.build.instructor import lesson_source
from autograder.build.lesson import read_lesson
from autograder.lessons import CHECKOUT
from autograder.simulate import edited

PRINTED = {
    "01_attention": ["ATTENTION"],
    "02_multihead": ["1,050,624 weights", "10.07052 GB", "right on sequences it has never seen"],
    "03_tokens": ["50,176 tokens", "tokens that changed: [9] of 16", "accuracy on shuffled digits", "a learned table"],
    "04_vit": [
        "changed: [3]",
        "5,717,416",
        "86,567,656",
        "64 of 64 right",
        "pre-norm, no warm-up",
        "loss of a perfect",
        "epoch 2 of 2",
        "rebuilt from the files",
        "04_vit.ipynb: your notebook as saved",
        "artifacts/train_vit.weights.h5: the weights of your trained model",
        "Hand in this one file",
    ],
    "05_captioning": [
        "540 captions",
        "ones in the mask of four words: 10",
        "changed: [2, 3, 4, 5]",
        "of the 32 scenes that it has learned",
        "with ten more pads",
        "it writes:",
        "white paper",
        "captions written without any error",
        "No beam search yet.",
        "artifacts/train_captioner.weights.h5: the weights of your trained model",
        "Hand in this one file",
    ],
    "06_calibration": [
        "gap 4.51086, softmax 0.91000 and 0.01000, loss 0.50029",
        "the table: 0.155",
        "answers that changed: 0",
        "1000 pictures, 4 epochs",
        "fitted temperature: 1.987",
        "artifacts/train_smoothed.weights.h5: the weights of your trained model",
    ],
    "07_distillation": [
        "T =    0.1: 1.0000  0.0000  0.0000",
        "98.6% of the test digits",
        "times T squared 0.963",
        "the teacher's own logits, alpha = 1: 0.000000",
        "yours:                0.8800",
        "where they are lowest: ['4.5', '4.5']",
        "the teacher moved by 0.0",
        "teacher         right 98.6%, agrees with the teacher 100.0%, distance from it 0.00",
        "three plain students: from",
        "added to this logit",
        "198 rows; 192 for the token",
        "artifacts/train_distilled.weights.h5: the weights of your trained model",
        "Hand in this one file",
    ],
    "08_inductive_bias": [
        "error of the usual convolution",
        "moved by 0: 100.0% of the outputs are the same",
        "1 of 42 pixels",
        "25 of 42 pixels",
        "a whole ViT without positions, moved by 8",
        "hybrid ViT 50: ",
        "1,474,880 multiply-adds",
        "right on test pictures",
        "artifacts/train_hybrid.weights.h5: the weights of your trained model",
    ],
    "09_windows": [
        "ones in the mask: 247 of 1225",
        "the grid comes back unchanged: True",
        "2,003,828,736",
        "298,647,552",
        "145,108,992",
        "top-left [5, 6, 9, 10]  bottom-right [15, 12, 3, 0]",
        "112,347",
        "after 1, 2, 3 blocks: [16, 64, 144]",
        "the same ones as in your figure: True",
    ],
    "10_mixers": [
        "changed: [0, 1, 2, 3, 4, 5]",
        "196 tokens: token MLP   201,412, channel MLP 8,393,728, attention 4,198,400",
        "right on test pictures",
        "token MLPs: none at all",
        "doubled 24 times: 16,777,216",
        "self-attention: 38,809 scores a head, class attention: 197",
        "RegNetX-200MF: [24, 56, 152, 152, 152, 152, 368,",
        "better: 17 of 24, on average +1.07 points",
        "ResNet-50   A3, A2, A1: [60, 220, 440] GPU-hours",
        "A2 beats A1 in 8 and A3 beats A1 in 3",
        "nobody is better in both than: HaloNet, NFNet-F4+",
        "artifacts/train_mixer.weights.h5: the weights of your trained model",
    ],
    "11_inside": [
        "looks everywhere equally: 16.54593 pixels",
        "by hand: [[0.75, 0.25], [0.1875, 0.8125]]",
        "x + 100  0.7500",
        "10,000 features of noise, 100 pictures: CKA 0.99",
        "their place in the middle    47% of the answers change",
        "your law from five points: error = 3.58 n^-0.78 - 0.008",
    ],
}


def run_all(notebook, folder):
    """Run every cell, in a folder that holds the notebook; an error stops the test."""
    (folder / "lesson.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    notebook = nbformat.reads(json.dumps(notebook), as_version=4)
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    return client.execute()


def released(assignment):
    """The committed notebook."""
    return json.loads((CHECKOUT / "course" / assignment / f"{assignment}.ipynb").read_text(encoding="utf-8"))


def check_texts(notebook):
    """The plain text of every check's card, by grade id."""
    return {
        cell.metadata.nbgrader.grade_id: "".join(
            output.data["text/plain"] for output in cell.outputs if output.output_type == "display_data"
        )
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id", "").startswith("check_")
    }


@pytest.fixture(scope="module", params=LESSONS)
def assignment(request):
    """Each lesson in turn."""
    return request.param


@pytest.fixture(scope="module")
def untouched(assignment, tmp_path_factory):
    """The notebook of the first day, run."""
    return run_all(released(assignment), tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def few_steps():
    """Trainings of seconds; those of minutes are for `make calibrate-cpu`."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VITLAB_BUDGET", "smoke")
        yield


@pytest.fixture(scope="module")
def solved(assignment, tmp_path_factory, few_steps):
    """The notebook with the reference's answers, run, training included, but with few steps."""
    cells = read_lesson(lesson_source(assignment), CHECKOUT / "solutions")
    answers = {cell.exercise or cell.trained: cell.source for cell in cells if cell.exercise or cell.trained}
    return run_all(edited(released(assignment), answers), tmp_path_factory.mktemp("solved"))


def printed(notebook):
    """All that the cells printed."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return "".join(output.text for output in outputs if output.output_type == "stream" and output.name == "stdout")


def test_on_the_first_day_every_check_says_kindly_what_to_do(assignment, untouched):
    texts = check_texts(untouched)
    assert [name for name in texts if name != "check_trained"] == [
        f"check_{one.name}" for one in exercises_of(assignment)
    ]
    assert all("not written yet" in text for name, text in texts.items() if name != "check_trained")
    assert "there is no such file yet" in texts.get("check_trained", "there is no such file yet")


def test_on_the_first_day_demos_name_what_they_wait_for(assignment, untouched):
    said = printed(untouched)
    assert "The demo stopped" not in said
    assert said.count("which you have not written yet") > 3


def test_solved_every_check_passes(solved):
    texts = check_texts(solved)
    fine = {name for name, text in texts.items() if "cases right" in text or "both files are ready" in text}
    assert fine == set(texts)
    assert {name for name, text in texts.items() if "  wrong  " in text} == set()


def test_solved_no_demo_stops(assignment, solved):
    said = printed(solved)
    assert "The demo stopped" not in said
    assert "This demo" not in said
    assert [text for text in PRINTED.get(assignment, ()) if text not in said] == []


def test_solved_the_plots_are_there(solved):
    pictures = [
        output for cell in solved.cells for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    wanted = sum(cell.source.count("plt.show()") for cell in solved.cells if cell.cell_type == "code")
    assert len(pictures) == wanted > 0
