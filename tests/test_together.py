"""All exercises of a submission in one process first: quicker, and worth exactly what each earns alone."""

import numpy as np
import pytest
from lessons import loaded

from autograder.grade.answers import Remembering
from autograder.grade.budget import Budget
from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission
from autograder.lessons import CHECKOUT
from autograder.read.notebook import Cell, Submission
from autograder.records import Answer, Job, Limits, Question, Run, Statement
from autograder.run.together import EARLY_SECONDS, believed, stricter

X = np.arange(6, dtype="float32").reshape(2, 3)
REFERENCE = (CHECKOUT / "solutions/attention/reference.py").read_text(encoding="utf-8")


def job(name, source, off=(), seconds=20.0):
    return Job(name, (Statement(source, name, 1),), (Question((X,)),), tuple(off), seconds)


DOUBLE = job("double", "def double(x): return x + x")
TRIPLE = job("triple", "def triple(x): return 3 * x")
BY_SOFTMAX = job("soft", "from keras import ops\ndef soft(x): return ops.softmax(x)")
NO_SOFTMAX = job("plain", "def plain(x): return x", off=["keras.ops.softmax"])
ENDLESS = job("ends", "def ends(x):\n    while True: pass", seconds=0.5)


def graded(worker, *cells):
    """The verdict on lesson 1 of the reference's notebook with further cells."""
    sources = [REFERENCE, *cells]
    notebook = tuple(Cell(f"cell {i}", None, "code", source) for i, source in enumerate(sources))
    return grade_submission(Submission("s", "01_attention", notebook), loaded("01_attention"), worker, Rules("secret"))


# the worker


def test_jobs_in_one_process_give_what_they_give_alone(worker):
    together = worker.run_together([DOUBLE, TRIPLE])
    alone = [worker.run(DOUBLE), worker.run(TRIPLE)]
    for one, other in zip(together, alone, strict=True):
        np.testing.assert_array_equal(one.answers[0].value, other.answers[0].value)


def test_each_job_has_names_of_its_own(worker):
    hidden = job("reads", "def reads(x): return double(x)")
    assert "NameError" in worker.run_together([DOUBLE, hidden])[1].answers[0].error


def test_a_call_that_is_off_for_one_is_off_for_all_and_has_to_be_tried_alone(worker):
    assert worker.run_together([BY_SOFTMAX, NO_SOFTMAX])[0] is None
    assert worker.run(BY_SOFTMAX).answers[0].error is None


def test_after_a_job_that_does_not_end_the_rest_is_left_to_be_run_alone(worker):
    runs = worker.run_together([DOUBLE, ENDLESS, TRIPLE])
    assert runs[0].ended == "finished"
    assert runs[1:] == [None, None]
    assert worker.run(TRIPLE).ended == "finished"


def test_time_is_short_and_calls_are_off_for_all():
    strict = stricter([DOUBLE, NO_SOFTMAX, ENDLESS])
    assert {one.switched_off for one in strict} == {("keras.ops.softmax",)}
    assert [one.seconds for one in strict] == [EARLY_SECONDS, EARLY_SECONDS, 0.5]


@pytest.mark.parametrize("run", [Run("timeout"), Run("crashed"), Run("finished", reached=("keras.ops.softmax",))])
def test_only_a_run_that_finished_within_the_rules_is_believed(run):
    assert believed([Run("finished"), run], 3) == [Run("finished"), None, None]


# a submission's time, and what is kept


class Once:
    """A worker whose runs take a second each."""

    layers = ()
    calls = 0

    def run_together(self, jobs):
        self.calls += 1
        return [Run("finished", (Answer(value=X),), seconds=1.0) for _ in jobs]


class Answering(Once):
    """A worker with one run for everything."""

    def __init__(self, run):
        self.found = run

    def run(self, job):
        return self.found


def test_what_was_run_together_is_kept_like_what_was_run_alone():
    first = Remembering(Once(), Limits(), "engine", None)
    first.run_together([DOUBLE, TRIPLE])
    second = Once()
    Remembering(second, Limits(), "engine", first.dump()).run_together([DOUBLE, TRIPLE])
    assert second.calls == 0


def test_what_was_run_together_is_not_taken_for_a_run_alone():
    first, alone = Remembering(Once(), Limits(), "engine", None), Run("finished", (Answer(value=-X),))
    first.run_together([DOUBLE, TRIPLE])
    assert Remembering(Answering(alone), Limits(), "engine", first.dump()).run(DOUBLE) == alone


def test_time_together_counts_as_the_submission_s(worker):
    budget = Budget(worker, 20.0)
    budget.run_together([DOUBLE, ENDLESS])
    assert budget.left < 19.5


# a submission


def test_a_library_call_kept_by_one_exercise_does_not_help_another_that_must_not_use_it(worker):
    stash = """keras.kept = ops.softmax
def attention_scores(q, k, scale=None):
    scale = q.shape[-1] ** -0.5 if scale is None else scale
    return ops.matmul(q, ops.swapaxes(k, -2, -1)) * scale"""
    use = "def softmax_rows(scores, axis=-1): return keras.kept(scores, axis=axis)"
    found = graded(worker, stash, use).exercises
    assert found["attention_scores"].outcome == "passed"
    assert found["softmax_rows"].points == 0


def test_what_one_exercise_breaks_costs_the_others_nothing(worker):
    spoil = """import keras
def masked_scores(scores, mask):
    keras.ops.matmul = None
    return scores"""
    found = graded(worker, spoil).exercises
    assert found["masked_scores"].outcome == "failed"
    lost = {name for name, one in found.items() if one.outcome != "passed"}
    assert lost == {"masked_scores"}


def test_an_endless_loop_costs_its_own_exercise_alone(worker):
    lesson = loaded("01_attention")
    loop = "def attention_scores(q, k, scale=None):\n    while True: pass"
    sources = [REFERENCE, loop]
    notebook = tuple(Cell(f"cell {i}", None, "code", source) for i, source in enumerate(sources))
    submission = Submission("s", "01_attention", notebook)
    found = grade_submission(submission, lesson, worker, Rules("secret", seconds=2.0)).exercises
    assert found["attention_scores"].outcome == "timeout"
    assert {name for name, one in found.items() if one.outcome != "passed"} == {"attention_scores"}


class Alone:
    """A worker that runs every job alone."""

    def __init__(self, worker):
        self.run, self.layers, self.jobs = worker.run, worker.layers, 0

    def run_together(self, jobs):
        return [None] * len(jobs)


class Counting:
    """A worker that counts the processes it needs."""

    def __init__(self, worker):
        self.worker, self.layers, self.processes = worker, worker.layers, 0

    def run(self, job):
        self.processes += 1
        return self.worker.run(job)

    def run_together(self, jobs):
        self.processes += 1
        return self.worker.run_together(jobs)


def decided(found):
    """What a student reads of each exercise."""
    return {
        name: (one.outcome, one.points, one.misconception, one.stand_ins, one.cases)
        for name, one in found.exercises.items()
    }


# a leaf and an inner exercise of the chain, one that is named, one that nothing names, one with errors
MISTAKES = {
    "attention_scores": "def attention_scores(q, k, scale=None):\n    return ops.matmul(q, ops.swapaxes(k, -2, -1))",
    "softmax_rows": "def softmax_rows(scores, axis=-1):\n    e = ops.exp(scores)\n    return e / ops.sum(e, axis=-1)",
    "masked_scores": "def masked_scores(scores, mask):\n    return scores + 0.123",
    "scaled_dot_product_attention": (
        "def scaled_dot_product_attention(q, k, v, mask=None, return_weights=False):\n"
        "    return softmax_rows(attention_scores(q, k))"
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_together_decides_as_alone(worker, mistake):
    assert decided(graded(worker, mistake)) == decided(graded(Alone(worker), mistake))


def test_a_known_mistake_and_all_that_call_it_need_two_processes(worker):
    counting = Counting(worker)
    found = graded(counting, MISTAKES["attention_scores"]).exercises
    assert found["attention_scores"].misconception == "attention_scores.no_scale_at_all"
    assert found["SelfAttention"].stand_ins == ("attention_scores",)
    assert counting.processes == 2
