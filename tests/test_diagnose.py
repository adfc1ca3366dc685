"""Naming a mistake: one variant, two questions, and silence wherever it could be luck."""

import pytest
from vitlab.diagnose import diagnose, evidence

RULE = {"tolerance": 1e-5, "floor": None}


def values(*numbers):
    return [{"value": number} for number in numbers]


def failed(words="ValueError: shapes", weight_error=False):
    return {"error": words, "weight_error": weight_error}


def named(expected, answers, **variants):
    return diagnose(expected, answers, variants, [RULE] * len(expected))


RIGHT = values(1.0, 2.0, 3.0)


def test_the_one_variant_that_agrees_on_two_wrong_answers_is_named():
    assert named(RIGHT, values(1.0, 5.0, 7.0), twice=values(1.0, 5.0, 7.0), other=values(1.0, 5.0, 8.0)) == "twice"


def test_one_wrong_answer_alone_may_be_luck():
    assert named(RIGHT, values(1.0, 2.0, 7.0), once=values(1.0, 2.0, 7.0)) is None


def test_a_tie_is_silence():
    same = values(1.0, 5.0, 7.0)
    assert named(RIGHT, same, one=same, other=same) is None


def test_a_variant_that_differs_on_one_question_is_not_the_mistake():
    assert named(RIGHT, values(4.0, 5.0, 7.0), near=values(4.0, 5.0, 8.0)) is None


def test_a_right_answer_is_no_evidence():
    assert named(RIGHT, RIGHT, right=RIGHT) is None


@pytest.mark.parametrize(
    ("student", "variant"),
    [(failed(), {"value": 9.0}), ({"value": 9.0}, failed())],
    ids=["the student's code failed", "the variant's code failed"],
)
def test_an_error_disagrees_with_a_value(student, variant):
    wrong = values(5.0, 7.0)
    assert evidence(RIGHT, [*wrong, student], [*wrong, variant], [RULE] * 3) == -1


def test_two_errors_neither_count_nor_contradict():
    wrong = values(5.0, 7.0)
    assert evidence(RIGHT, [*wrong, failed("TypeError")], [*wrong, failed("ValueError")], [RULE] * 3) == 2


def test_errors_alone_name_nothing():
    assert named(RIGHT, [failed()] * 3, fails=[failed()] * 3) is None


def test_equal_weight_errors_count():
    missing = failed("No weight at `wq.bias`", weight_error=True)
    assert named(RIGHT, [*values(1.0), missing, missing], no_bias=[*values(1.0), missing, missing]) == "no_bias"


def test_weight_errors_in_other_words_disagree():
    one, other = (failed(f"No weight at `{path}.bias`", weight_error=True) for path in ("wq", "wk"))
    wrong = values(5.0, 7.0)
    assert evidence(RIGHT, [*wrong, one], [*wrong, other], [RULE] * 3) == -1


def test_a_weight_error_beside_an_error_of_the_code_says_nothing():
    wrong = values(5.0, 7.0)
    assert evidence(RIGHT, [*wrong, failed()], [*wrong, failed("No weight", weight_error=True)], [RULE] * 3) == 2


def test_a_question_without_an_answer_is_passed_over():
    assert named(RIGHT, [None, *values(5.0, 7.0)], twice=values(9.0, 5.0, 7.0)) == "twice"


def test_unanswered_questions_are_no_evidence():
    assert named(RIGHT, [None, None, *values(7.0)], once=values(4.0, 5.0, 7.0)) is None


def test_each_question_has_its_own_tolerance():
    rules = [RULE, {"tolerance": 0.1, "floor": None}, RULE]
    assert diagnose(RIGHT, values(4.0, 5.01, 3.0), {"near": values(4.0, 5.0, 3.0)}, rules) == "near"


def test_below_the_floor_all_variants_are_alike():
    rules = [{"tolerance": 1e-5, "floor": -1e8}] * 3
    assert diagnose(RIGHT, values(-1e9, 5.0, 3.0), {"wall": values(float("-inf"), 5.0, 3.0)}, rules) == "wall"


def test_a_finite_answer_is_not_that_of_a_variant_that_overflows():
    overflowing = values(float("inf"), float("inf"), 3.0)
    assert named(RIGHT, values(5.0, 7.0, 3.0), overflows=overflowing) is None


def test_where_wrong_answers_are_left_to_chance_they_need_not_be_equal():
    rules = [RULE, *[{**RULE, "chance": True}] * 2]
    assert diagnose(RIGHT, values(1.0, 5.0, 6.0), {"drops": values(1.0, 7.0, 8.0)}, rules) == "drops"
    assert diagnose(RIGHT, values(1.0, 5.0, 3.0), {"drops": values(1.0, 7.0, 8.0)}, rules) is None
    assert diagnose(RIGHT, values(1.0, 5.0, 6.0), {"drops": values(4.0, 7.0, 8.0)}, rules) is None


def test_no_variants_mean_no_name():
    assert named(RIGHT, values(5.0, 7.0, 9.0)) is None
