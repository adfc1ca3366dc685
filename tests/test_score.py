"""From answers to points and words: tables over records."""

import pytest

from autograder.judge.score import (
    NO_ANSWER,
    SEALED,
    as_dict,
    distinct_questions,
    judge_cases,
    name_mistake,
    outcome_of,
    rule_of,
    share,
)
from autograder.records import Answer, Case, CaseVerdict, Question, Run

FIRST, SECOND, EXTRA = Question((1.0,)), Question((2.0,)), Question((3.0,))
CASES = [
    Case("first", FIRST, 3.0),
    Case("first, its second part", FIRST, 2.0, part=1),
    Case("only for naming", EXTRA, 0.0),
    Case("second", SECOND, 5.0),
]
EXPECTED = [Answer([1.0, 2.0]), Answer(3.0), Answer(4.0)]
"""Of the distinct questions in order: first, extra, second."""


def run(*answers, ended="finished", message=""):
    return Run(ended, answers, message)


def passed(run_, cases=CASES, expected=EXPECTED):
    """Which graded cases pass."""
    return [verdict.passed for verdict in judge_cases(cases, expected, run_)]


def verdicts(*results):
    return [CaseVerdict("case", result) for result in results]


# cases


def test_each_question_is_asked_once():
    assert distinct_questions(CASES) == [FIRST, EXTRA, SECOND]


def test_equal_questions_of_two_cases_are_two_questions():
    assert len(distinct_questions([Case("a", Question((1.0,))), Case("b", Question((1.0,)))])) == 2


def test_only_graded_cases_have_a_verdict():
    names = [verdict.name for verdict in judge_cases(CASES, EXPECTED, run())]
    assert names == ["first", "first, its second part", "second"]


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        ([Answer([1.0, 2.0]), Answer(3.0), Answer(4.0)], [True, True, True]),
        ([Answer([1.0, 2.0]), Answer(9.0), Answer(4.0)], [True, True, True]),
        ([Answer([9.0, 2.0]), Answer(3.0), Answer(4.0)], [False, True, True]),
        ([Answer([1.0, 9.0]), Answer(3.0), Answer(9.0)], [False, False, False]),
        ([Answer([1.0, 2.0]), Answer(3.0), Answer(error="ValueError")], [True, True, False]),
        ([Answer([1.0, 2.0])], [True, True, False]),
        ([], [False, False, False]),
    ],
)
def test_a_case_passes_by_the_answer_to_its_own_question(answers, result):
    assert passed(run(*answers)) == result


def test_a_passed_case_has_no_message():
    assert judge_cases(CASES, EXPECTED, run(*EXPECTED))[0] == CaseVerdict("first", True, "")


def test_a_difference_is_told():
    assert judge_cases(CASES, EXPECTED, run(*EXPECTED[:2], Answer(9.0)))[2].message == "expected 4, got 9"


def test_the_words_of_an_error_are_told():
    words = "ValueError: no (line 3 of your cell)"
    assert judge_cases(CASES, EXPECTED, run(Answer(error=words)))[0].message == words


def test_a_question_that_was_not_reached_tells_why_the_run_ended():
    stopped = run(EXPECTED[0], ended="timeout", message="stopped after 20 s")
    assert [verdict.message for verdict in judge_cases(CASES, EXPECTED, stopped)] == ["", "", "stopped after 20 s"]


def test_a_question_that_was_not_reached_for_no_known_reason_says_so():
    assert judge_cases(CASES, EXPECTED, run(ended="crashed"))[0].message == NO_ANSWER


def test_tolerance_and_floor_are_those_of_the_case():
    cases = [Case("wide", FIRST, tolerance=0.1), Case("narrow", FIRST), Case("low", SECOND, floor=-1e8)]
    expected = [Answer(1.0), Answer(-1e9)]
    assert passed(run(Answer(1.05), Answer(float("-inf"))), cases, expected) == [True, False, True]


def test_a_wrong_sealed_answer_is_told_without_the_right_one():
    cases = [Case("answer 1", FIRST, part="a", sealed=True)]
    (verdict,) = judge_cases(cases, [Answer({"a": 16.0})], run(Answer({"a": 2.0})))
    assert verdict == CaseVerdict("answer 1", False, SEALED)


@pytest.mark.parametrize("got", [{"a": 2.0}, {"a": "two"}, {"a": [1.0]}, {}, None, 3.0], ids=repr)
def test_no_wrong_sealed_answer_brings_the_right_one_to_light(got):
    (verdict,) = judge_cases([Case("answer 1", FIRST, part="a", sealed=True)], [Answer({"a": 16.0})], run(Answer(got)))
    assert "16" not in verdict.message
    assert not verdict.passed


def test_a_right_sealed_answer_passes():
    cases = [Case("answer 1", FIRST, part="a", sealed=True)]
    assert passed(run(Answer({"a": 16})), cases, [Answer({"a": 16.0})]) == [True]


# points


@pytest.mark.parametrize(
    ("results", "expected"),
    [((True, True, True), 1.0), ((False, False, False), 0.0), ((True, False, False), 0.3), ((False, True, True), 0.7)],
)
def test_the_share_is_that_of_the_weights_passed(results, expected):
    assert share(CASES, verdicts(*results)) == pytest.approx(expected)


def test_a_case_without_a_verdict_is_an_error_not_a_lost_mark():
    with pytest.raises(ValueError, match="zip"):
        share(CASES, verdicts(True, True))


# outcomes

MEMORY, EXHAUSTED, VALUE = (
    Answer(error=f"{name}: x") for name in ("MemoryError", "ResourceExhaustedError", "ValueError")
)

OUTCOMES = {
    "all right": (run(*EXPECTED), (True, True), "passed"),
    "some right": (run(*EXPECTED), (True, False), "partial"),
    "none right": (run(*EXPECTED), (False, False), "failed"),
    "an error in each": (run(VALUE, VALUE), (False, False), "failed"),
    "no memory at all": (run(MEMORY, EXHAUSTED), (False, False), "out_of_memory"),
    "no memory for one": (run(MEMORY, EXPECTED[1]), (False, True), "partial"),
    "no memory for one, an error in the other": (run(MEMORY, VALUE), (False, False), "failed"),
    "stopped before the first answer": (run(ended="timeout"), (False, False), "timeout"),
    "stopped after a right answer": (run(EXPECTED[0], ended="timeout"), (True, False), "timeout"),
    "crashed after all right answers": (run(*EXPECTED, ended="crashed"), (True, True), "crashed"),
    "killed for its memory": (run(ended="out_of_memory"), (False, False), "out_of_memory"),
    "refused": (run(ended="refused"), (False, False), "refused"),
    "a fault of the machine": (run(ended="infra_error"), (False, False), "infra_error"),
}


@pytest.mark.parametrize(("ended", "results", "outcome"), OUTCOMES.values(), ids=OUTCOMES)
def test_the_outcome_says_how_it_ended(ended, results, outcome):
    assert outcome_of(ended, verdicts(*results)) == outcome


def test_answers_before_a_timeout_keep_their_points():
    stopped = run(EXPECTED[0], ended="timeout", message="stopped")
    assert share(CASES, judge_cases(CASES, EXPECTED, stopped)) == pytest.approx(0.5)


# names of mistakes

MISTAKE = [Answer([1.0, 7.0]), Answer(8.0), Answer(9.0)]


def test_a_mistake_is_named_by_whole_answers_to_all_questions():
    assert name_mistake(CASES, EXPECTED, run(*MISTAKE), {"mine": MISTAKE, "right": EXPECTED}) == "mine"


def test_answers_of_variants_are_made_no_further_than_the_first_that_differs():
    made = []

    def lazily():
        for answer in (Answer(0.0), Answer(0.0), Answer(0.0)):
            made.append(answer)
            yield answer

    assert name_mistake(CASES, EXPECTED, run(*MISTAKE), {"other": lazily()}) is None
    assert len(made) == 1


def test_a_run_cut_short_is_named_by_what_it_answered():
    assert name_mistake(CASES, EXPECTED, run(*MISTAKE[:2], ended="timeout"), {"mine": MISTAKE}) == "mine"


def test_one_answer_before_the_end_names_nothing():
    assert name_mistake(CASES, EXPECTED, run(MISTAKE[0], ended="timeout"), {"mine": MISTAKE}) is None


def test_a_run_without_answers_names_nothing():
    assert name_mistake(CASES, EXPECTED, run(ended="crashed"), {"mine": MISTAKE}) is None


def test_weight_errors_name_a_mistake():
    lost = [Answer(error="No weight at `wq.bias`", weight_error=True)] * 3
    assert name_mistake(CASES, EXPECTED, run(*lost), {"mine": lost}) == "mine"


def test_errors_of_the_code_name_nothing():
    assert name_mistake(CASES, EXPECTED, run(VALUE, VALUE, VALUE), {"mine": [VALUE] * 3}) is None


def test_a_question_is_compared_under_the_widest_tolerance_of_its_cases():
    cases = [
        Case("wide", FIRST, tolerance=0.1, floor=-1e8),
        Case("narrow", FIRST, floor=-1e8),
        Case("other", SECOND, tolerance=9.0),
    ]
    assert rule_of(FIRST, cases) == {"tolerance": 0.1, "floor": -1e8, "chance": False}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(3.0), {"value": 3.0}),
        (Answer(None), {"value": None}),
        (Answer(error="x"), {"error": "x", "weight_error": False}),
        (Answer(error="x", weight_error=True), {"error": "x", "weight_error": True}),
        (Answer(3.0, error=""), {"error": "", "weight_error": False}),
    ],
)
def test_an_answer_is_a_value_or_an_error(answer, expected):
    assert as_dict(answer) == expected


# cases that count together

TWO = [Case("a rule", FIRST, 3.0), Case("a corner", SECOND, 1.0, together="a rule")]
RIGHT = [Answer(2.0), Answer(0.0)]


@pytest.mark.parametrize(
    ("answers", "result"),
    [
        (RIGHT, [True, True]),
        ([Answer(0.0), Answer(0.0)], [False, False]),
        ([Answer(2.0), Answer(9.0)], [True, False]),
        ([Answer(error="ValueError"), Answer(0.0)], [False, False]),
    ],
)
def test_a_case_that_counts_together_with_another_passes_only_where_both_are_right(answers, result):
    assert passed(run(*answers), TWO, RIGHT) == result


def test_what_counts_together_is_said():
    verdict = judge_cases(TWO, RIGHT, run(Answer(0.0), Answer(0.0)))[1]
    assert verdict.message == "right, but it counts only together with “a rule”"
