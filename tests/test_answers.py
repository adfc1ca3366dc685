"""Answers by people who had not seen the library: no right one loses a mark, no mistake passes or gets a wrong hint."""

import json
import re

import pytest
from lessons import LESSONS, loaded

from autograder.grade.rules import Rules
from autograder.grade.submission import Notebook, grade_exercise, grade_submission
from autograder.lessons import CHECKOUT
from autograder.read.code import read_code
from autograder.read.notebook import Cell, Submission
from autograder.read.slice import analyse

RIGHT, WRONG = (sorted(CHECKOUT.glob(f"solutions/*/answers/{kind}/*.py")) for kind in ("right", "wrong"))
# which hint fits, for the mistakes that the library knows; all others must get none
ATTENTION = {
    "02_scores_divides_by_scale": "attention_scores.divides_by_scale",
    "03_softmax_global_max": "softmax_rows.one_maximum_for_all",
    "04_softmax_max_axis_hardcoded": "softmax_rows.maximum_along_last_axis",
    "05_softmax_naive_logsumexp": None,
    "06_mask_zero_score_forbidden": "masked_scores.zeros_are_forbidden",
    "08_mask_multiplies_big_negative": "masked_scores.multiplies_by_wall",
    "09_sdpa_slide_index_transposed": "scaled_dot_product_attention.weights_transposed",
    "10_sdpa_scales_twice": "scaled_dot_product_attention.divided_by_width",
    "15_scale_from_number_of_keys": "attention_scores.root_of_key_count",
    "16_scale_or_default": "attention_scores.zero_counts_as_none",
    "18_divides_by_scale": "attention_scores.divides_by_scale",
    "21_global_max": "softmax_rows.one_maximum_for_all",
    "22_no_keepdims": "softmax_rows.nothing_keeps_its_axis",
    "28_scores_times_mask": "masked_scores.multiplies_mask",
    "29_minus_1e4": "masked_scores.wall_at_minus_ten_to_4",
    "30_inf_times_zero": "masked_scores.infinity_times_zero",
    "34_score_times_large_negative": "masked_scores.multiplies_by_wall",
    "37_mask_after_softmax": "scaled_dot_product_attention.multiplies_weights_by_mask",
    "39_softmax_over_queries": "scaled_dot_product_attention.softmax_over_queries",
    "42_scaling_outside_exp": "scaled_dot_product_attention.no_scale",
    "43_scaled_twice": "scaled_dot_product_attention.divided_by_width",
    "44_returns_scores_not_weights": "scaled_dot_product_attention.returns_scores",
    "46_scale_from_input_width": "SelfAttention.root_of_token_width",
    "47_bias_always_on": "SelfAttention.always_a_bias",
    "51_residual_added": "SelfAttention.adds_residual",
    "56_return_weights_ignored": "SelfAttention.always_a_tuple",
}
FITTING = {"attention": ATTENTION}
EACH_RIGHT, EACH_WRONG = (
    pytest.mark.parametrize("path", paths, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
    for paths in (RIGHT, WRONG)
)


def assignment_of(path):
    """The lesson that an answer file belongs to."""
    return next(name for name in LESSONS if name.partition("_")[2] == path.parents[2].name)


def notebook_of(path):
    """The reference's notebook, with the cells of an answer file after it."""
    reference = (path.parents[2] / "reference.py").read_text(encoding="utf-8")
    parts = re.split(r"^# %%.*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    cells = [Cell("reference", None, "code", reference)]
    return Submission(
        "s", assignment_of(path), (*cells, *(Cell(f"cell {i}", None, "code", part) for i, part in enumerate(parts)))
    )


def test_there_are_twenty_right_answers_and_fifty_mistakes():
    assert len(RIGHT) >= 20
    assert len(WRONG) >= 50


@EACH_RIGHT
def test_a_right_answer_loses_no_mark(path, worker):
    lesson = loaded(assignment_of(path))
    verdict = grade_submission(notebook_of(path), lesson, worker, Rules(f"secret of {path.stem}", seconds=60.0))
    lost = {name: found.cases for name, found in verdict.exercises.items() if found.outcome != "passed"}
    assert lost == {}
    assert verdict.points == sum(lesson.points[name] for name in lesson.exercises)


@EACH_WRONG
def test_a_mistake_does_not_pass_and_gets_no_wrong_hint(path, worker):
    lesson = loaded(assignment_of(path))
    exercise = re.match(r"# exercise: (\w+)", path.read_text(encoding="utf-8"))[1]
    submission = notebook_of(path)
    code = read_code(submission.cells, frozenset())
    notebook = Notebook(submission, code, analyse(code))
    verdict, _ = grade_exercise(exercise, notebook, lesson, worker, Rules(f"secret of {path.stem}", seconds=60.0), {})
    assert verdict.outcome in ("partial", "failed")
    assert verdict.points < lesson.points[exercise]
    assert verdict.misconception == FITTING.get(path.parents[2].name, {}).get(path.stem)


def test_answers_are_no_part_of_what_students_get():
    released = [json.loads(path.read_text(encoding="utf-8")) for path in CHECKOUT.glob("course/*/*.ipynb")]
    sources = "\n".join("".join(cell["source"]) for notebook in released for cell in notebook["cells"])
    assert not any(path.read_text(encoding="utf-8") in sources for path in RIGHT)
