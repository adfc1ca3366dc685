"""Which known mistakes are asked at all: by how they fare on the public examples."""

from dataclasses import replace

import pytest
from lessons import loaded

from autograder.grade import shortlist
from autograder.grade.inputs import generator
from autograder.grade.shortlist import differences, in_question, is_todays, marks, marks_in, public_marks
from autograder.judge.score import distinct_questions
from autograder.judge.trusted import answers_of
from autograder.records import Answer, Run

RULE = {"tolerance": 1e-5, "floor": None, "chance": False}
RIGHT, WRONG, ERROR = {"value": 3.0}, {"value": 4.0}, {"error": "ValueError", "weight_error": False}


def test_an_answer_is_right_or_wrong_or_not_there():
    assert marks([RIGHT] * 3, [RIGHT, WRONG, None], [RULE] * 3) == ("right", "wrong", None)


def test_an_error_says_nothing_unless_it_is_about_weights():
    assert marks([RIGHT] * 2, [ERROR, {**ERROR, "weight_error": True}], [RULE] * 2) == (None, "weights")


def test_an_answer_that_is_hardly_wrong_says_nothing():
    assert marks([RIGHT], [{"value": 3.001}], [RULE]) == (None,)


def test_what_is_left_to_chance_says_nothing():
    assert marks([RIGHT], [WRONG], [{**RULE, "chance": True}]) == (None,)


def test_a_sealed_answer_says_nothing():
    fixture = {
        "cases": [{"question": 0, "sealed": False}, {"question": 1, "sealed": True}],
        "rules": [RULE, RULE],
        "expected": [RIGHT, RIGHT],
        "variants": {"one": [WRONG, WRONG]},
    }
    assert marks_in(fixture) == {"one": ("wrong", None)}


def test_only_marks_that_both_have_can_differ():
    assert differences(("right", "wrong", None, "right"), ("wrong", "wrong", "right", None)) == 1


def test_marks_of_other_questions_do_not_differ():
    assert differences(("right", "right"), ("wrong", "wrong", "wrong")) == 0


# on a lesson

LESSON, NAME = "01_attention", "SelfAttention"


def hidden(lesson, name=NAME):
    """Cases, questions and right answers of an exercise with a secret seed."""
    cases = lesson.exercises[name].cases(generator("secret", "student", lesson.assignment, name))
    questions = distinct_questions(cases)
    return cases, questions, list(answers_of(lesson.references[name], questions))


def ids_in_question(lesson, name, cases, expected, answers):
    return {known.id for known in in_question(name, lesson, cases, expected, Run("finished", tuple(answers)))}


def ids_known(lesson, name):
    return {known.id for known in lesson.misconceptions if known.exercise == name and known.kind == "variant"} - {
        known.id for known in lesson.misconceptions if known.twin
    }


def test_a_mistake_that_differs_on_two_questions_does_not_come_into_question():
    lesson = loaded(LESSON)
    cases, _, expected = hidden(lesson)
    public = public_marks(LESSON)[NAME]
    wrong = {id for id, found in public.items() if sum(mark in ("wrong", "weights") for mark in found) > 1}
    assert ids_in_question(lesson, NAME, cases, expected, expected) == ids_known(lesson, NAME) - wrong
    assert wrong


def test_in_a_function_every_mistake_comes_into_question():
    lesson, name = loaded(LESSON), "scaled_dot_product_attention"
    cases, _, expected = hidden(lesson, name)
    assert ids_in_question(lesson, name, cases, expected, expected) == ids_known(lesson, name)


def test_of_an_older_release_every_mistake_comes_into_question():
    lesson = replace(loaded(LESSON), fingerprint="of an older release")
    cases, _, expected = hidden(lesson)
    assert not is_todays(lesson)
    assert ids_in_question(lesson, NAME, cases, expected, expected) == ids_known(lesson, NAME)


@pytest.mark.parametrize(
    "answers", [[], [Answer(error="ValueError")] * 9, [Answer(5.0), *[Answer(error="ValueError")] * 8]]
)
def test_code_that_gives_fewer_than_two_values_is_no_known_mistake(answers):
    lesson = loaded(LESSON)
    cases, questions, expected = hidden(lesson)
    assert not ids_in_question(lesson, NAME, cases, expected, answers[: len(questions)])


def test_two_weights_that_are_not_there_may_be_a_known_mistake():
    lesson = loaded(LESSON)
    cases, questions, expected = hidden(lesson)
    lost = Answer(error="No weight at `wq.bias`", weight_error=True)
    asked = ids_in_question(lesson, NAME, cases, expected, [lost] * len(questions))
    assert {id for id, found in public_marks(LESSON)[NAME].items() if found.count("weights") == len(found)} <= asked
    assert asked


def test_public_examples_that_are_out_of_date_are_not_used(monkeypatch):
    monkeypatch.setattr(shortlist, "sources_digest", lambda *given: "of sources that were changed since")
    assert public_marks.__wrapped__(LESSON) == {}


def test_every_mistake_comes_into_question_for_its_own_answers():
    lesson = loaded(LESSON)
    cases, questions, expected = hidden(lesson)
    for known in lesson.misconceptions:
        if known.kind == "variant" and known.exercise == NAME:
            own = answers_of(known.function, questions)
            assert (known.twin or known.id) in ids_in_question(lesson, NAME, cases, expected, own)
