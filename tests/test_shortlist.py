"""Which known mistakes are asked at all: by how they fare on the public examples."""

from dataclasses import replace

from lessons import loaded

from autograder.grade import shortlist
from autograder.grade.inputs import generator
from autograder.grade.shortlist import differences, is_todays, marks, marks_in, out_of_question, public_marks
from autograder.judge.score import distinct_questions
from autograder.judge.trusted import answers_of
from autograder.records import Answer, Run

RULE = {"tolerance": 1e-5, "floor": None, "chance": False}
RIGHT, WRONG, ERROR = {"value": 3.0}, {"value": 4.0}, {"error": "ValueError", "weight_error": False}


def test_an_answer_is_right_or_wrong_or_not_there():
    assert marks([RIGHT] * 3, [RIGHT, WRONG, None], [RULE] * 3) == ("right", "wrong", None)


def test_where_all_is_errors_they_are_marked():
    assert marks([RIGHT] * 3, [ERROR, ERROR, None], [RULE] * 3) == ("error", "error", None)


def test_an_error_among_other_answers_says_nothing():
    assert marks([RIGHT] * 2, [ERROR, WRONG], [RULE] * 2) == (None, "wrong")


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
    assert differences(("right", "wrong", None, "error"), ("wrong", "wrong", "right", None)) == 1


def test_marks_of_other_questions_do_not_differ():
    assert differences(("right", "right"), ("wrong", "wrong", "wrong")) == 0


# on a lesson

LESSON, NAME = "01_attention", "SelfAttention"


def hidden(lesson, name=NAME):
    """Cases, questions and right answers of an exercise with a secret seed."""
    cases = lesson.exercises[name].cases(generator("secret", "student", lesson.assignment, name))
    questions = distinct_questions(cases)
    return cases, questions, list(answers_of(lesson.references[name], questions))


def test_right_answers_leave_every_mistake_out_that_shows_on_two_questions():
    lesson = loaded(LESSON)
    cases, _, expected = hidden(lesson)
    out = out_of_question(NAME, lesson, cases, expected, Run("finished", tuple(expected)))
    known = public_marks(LESSON)[NAME]
    assert out == {id for id, found in known.items() if sum(mark in ("wrong", "error") for mark in found) > 1}


def test_without_answers_every_mistake_comes_into_question():
    lesson = loaded(LESSON)
    cases, _, expected = hidden(lesson)
    assert not out_of_question(NAME, lesson, cases, expected, Run("timeout"))


def test_code_that_only_raises_leaves_all_mistakes_out_that_give_values():
    lesson = loaded(LESSON)
    cases, _, expected = hidden(lesson)
    out = out_of_question(NAME, lesson, cases, expected, Run("finished", (Answer(error="ValueError"),) * len(expected)))
    known = public_marks(LESSON)[NAME]
    assert out == {id for id, found in known.items() if sum(mark in ("right", "wrong") for mark in found) > 1}


def test_in_a_function_every_mistake_comes_into_question():
    lesson, name = loaded(LESSON), "scaled_dot_product_attention"
    cases, _, expected = hidden(lesson, name)
    assert not out_of_question(name, lesson, cases, expected, Run("finished", tuple(expected)))


def test_an_older_release_is_asked_everything():
    lesson = replace(loaded(LESSON), fingerprint="of an older release")
    cases, _, expected = hidden(lesson)
    assert not is_todays(lesson)
    assert not out_of_question(NAME, lesson, cases, expected, Run("finished", tuple(expected)))


def test_public_examples_that_are_out_of_date_are_not_used(monkeypatch):
    monkeypatch.setattr(shortlist, "sources_digest", lambda *given: "of sources that were changed since")
    assert public_marks.__wrapped__(LESSON) == {}


def test_no_mistake_is_left_out_for_its_own_answers():
    lesson = loaded(LESSON)
    cases, questions, expected = hidden(lesson)
    for known in lesson.misconceptions:
        if known.kind == "variant" and known.exercise == NAME:
            run = Run("finished", tuple(answers_of(known.function, questions)))
            assert (known.twin or known.id) not in out_of_question(NAME, lesson, cases, expected, run)
