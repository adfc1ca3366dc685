"""check(obj): instant feedback on one exercise."""

import random
import warnings
from contextlib import contextmanager

import keras
import numpy as np

from vitlab import fixtures
from vitlab.compare import compare_part
from vitlab.diagnose import diagnose
from vitlab.library import switched_off
from vitlab.probe import WeightError, ask, describe, own_files
from vitlab.result import CaseResult, CheckResult


def check(obj):
    """Try a function or layer on the public examples; show and return a CheckResult, whatever the answer.

    Runs on the CPU under float32 and restores what it changed. Never raises on a wrong answer, so that "Run all" goes on.

    Args:
        obj: the function or class of an exercise, under the exercise's name.
    """
    result = examine(obj)
    show(result)
    return result


def examine(obj):
    """The CheckResult of `obj`, without showing it."""
    name = getattr(obj, "__name__", None)
    if name not in fixtures.exercises():
        known = ", ".join(fixtures.exercises())
        what = f"`{name}`" if name else f"a {type(obj).__name__}"
        return CheckResult(False, title=f"check() expected one of the exercises {known}. Received: {what}.")
    fixture = fixtures.load(name)
    with calm(), switched_off(fixture["switched_off"], namespace=getattr(obj, "__globals__", None)):
        answers = [answer(obj, question) for question in fixture["questions"]]
    if all(given.get("unwritten") for given in answers):
        return CheckResult(False, title=f"{name}: not written yet. Replace the line `raise NotImplementedError()`.")
    return judge(name, fixture, answers)


def judge(name, fixture, answers):
    """CheckResult from the answers and the fixture's expected ones; pure."""
    cases = tuple(judge_case(case, fixture["expected"], answers) for case in fixture["cases"] if case["weight"] > 0)
    passed = all(case.passed for case in cases)
    mistake = None
    if not passed:
        mistake = diagnose(fixture["expected"], answers, fixture["variants"], fixture["rules"])
    right = sum(case.passed for case in cases)
    title = f"{name}: all {len(cases)} cases right." if passed else f"{name}: {right} of {len(cases)} cases right."
    return CheckResult(passed, cases, mistake, fixture["hints"].get(mistake, ""), title)


def judge_case(case, expected, answers):
    """One case: the answer to its question, or a part of it, against the expected one."""
    right, given = expected[case["question"]], answers[case["question"]]
    if given is None:
        return CaseResult(case["name"], False, "no answer")
    if "error" in given:
        return CaseResult(case["name"], False, given["error"])
    message = compare_part(right["value"], given["value"], case["part"], case["tolerance"], case["floor"])
    return CaseResult(case["name"], not message, message)


def answer(obj, question):
    """The answer as a dict: {"value": ...} or {"error": words, "weight_error": bool}."""
    try:
        return {"value": ask(obj, question)}
    except WeightError as error:
        return {"error": str(error), "weight_error": True}
    except Exception as error:
        words = describe(error, own_files(obj))
        return {"error": words, "weight_error": False, "unwritten": isinstance(error, NotImplementedError)}


@contextmanager
def calm():
    """CPU, float32, no warnings, and the random states and policies as they were afterwards."""
    policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
    states = random.getstate(), np.random.get_state()
    keras.config.set_floatx("float32")
    keras.config.set_dtype_policy("float32")
    try:
        with keras.device("cpu"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        keras.config.set_floatx(floatx)
        keras.config.set_dtype_policy(policy)
        random.setstate(states[0])
        np.random.set_state(states[1])


def show(result):
    """Rich in a notebook, plain text elsewhere."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        get_ipython = display = None
    if get_ipython is None or get_ipython() is None:
        print(result)
    else:
        display(result)
