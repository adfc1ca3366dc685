"""check(obj): instant feedback on one exercise."""

import random
import sys
import warnings
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import keras
import numpy as np

from vitlab import fixtures
from vitlab.compare import alone, compare_part
from vitlab.diagnose import diagnose
from vitlab.library import switched_off
from vitlab.probe import WeightError, ask, describe, is_unwritten, own_files, unwritten
from vitlab.quiet import quiet_stderr
from vitlab.result import CaseResult, CheckResult


def check(obj):
    """Try a function or layer on the public examples; show and return a CheckResult, whatever the answer.

    Runs on the CPU under float32 and restores what it changed. Never raises on a wrong answer, so "Run all" goes on.

    Args:
        obj: the function or class of an exercise, under the exercise's name.
    """
    result = examine(obj)
    show(result)
    return result


def examine(obj, notes=True):
    """The CheckResult of `obj`, without showing it; with notes on failing exercises that it calls."""
    name = getattr(obj, "__name__", None)
    if name not in fixtures.exercises():
        what = f"`{name}`" if name else f"a {type(obj).__name__}"
        if name == "<lambda>":
            return CheckResult(
                False, title="check() knows an exercise by its name, and a lambda has none: write it with def."
            )
        known = ", ".join(fixtures.exercises())
        return CheckResult(False, title=f"check() expected one of the exercises {known}. Received: {what}.")
    fixture = fixtures.load(name, beside=space_of(obj))
    with calm(), switched_off(fixture["switched_off"], namespace=getattr(obj, "__globals__", None)):
        answers = [answer(obj, question) for question in fixture["questions"]]
    if all(given.get("unwritten") for given in answers):
        return CheckResult(False, title=f"{name}: {answers[0]['error']}.")
    result = judge(name, fixture, answers)
    return result if result.passed or not notes else replace(result, note=note_on_callees(obj))


def note_on_callees(obj):
    """Names the exercises that `obj` calls and that fail their own checks, or ""."""
    space = space_of(obj)
    names = called_names(obj) & set(fixtures.beside(obj.__name__, space)) - {obj.__name__}
    broken = [name for name in fixtures.exercises() if name in names and callable(space.get(name))]
    broken = [name for name in broken if not examine(space[name], notes=False).passed]
    return f"{' and '.join(broken)}, which you call, fails its own check: start there." if broken else ""


def space_of(obj):
    """The variables of the notebook or module that a function or class is defined in."""
    module = sys.modules.get(getattr(obj, "__module__", None))
    return getattr(obj, "__globals__", None) or getattr(module, "__dict__", {})


def called_names(obj):
    """The global names that a function's, or a class's methods', code mentions."""
    functions = vars(obj).values() if isinstance(obj, type) else [obj]
    return {name for function in functions for name in getattr(getattr(function, "__code__", None), "co_names", ())}


def judge(name, fixture, answers):
    """CheckResult from the answers and the fixture's expected ones; pure."""
    asked = [case for case in fixture["cases"] if case["weight"] > 0]
    found = {case["name"]: judge_case(case, fixture["expected"], answers) for case in asked}
    messages = {one: case.message for one, case in found.items()}
    lonely = {case["name"]: alone(messages, case.get("together")) for case in asked}
    cases = tuple(
        replace(case, passed=False, message=lonely[one]) if case.passed and lonely[one] else case
        for one, case in found.items()
    )
    passed = all(case.passed for case in cases)
    mistake = None
    if not passed:
        mistake = diagnose(fixture["expected"], answers, fixture["variants"], fixture["rules"])
    return CheckResult(passed, cases, mistake, fixture["hints"].get(mistake, ""), title_of(name, cases))


def title_of(name, cases):
    """The head of a card: how many cases are right, and how many answers only the grader judges."""
    judged = [case for case in cases if case.judged]
    right, received = sum(case.passed for case in judged), sum(case.passed and not case.judged for case in cases)
    count = f"all {right}" if right == len(judged) else f"{right} of {len(judged)}"
    wanted = len(cases) - len(judged)
    if not wanted:
        return f"{name}: {count} cases right."
    share = f"{received} of {wanted}" if received < wanted else {1: "the answer", 2: "both answers"}.get(wanted, "all")
    return f"{name}: {count} cases right; {share} received, not judged here."


def judge_case(case, expected, answers):
    """One case: the answer to its question, or a part of it, against the expected one."""
    right, given = expected[case["question"]], answers[case["question"]]
    if given is None:
        return CaseResult(case["name"], False, "no answer")
    if "error" in given:
        return CaseResult(case["name"], False, given["error"], judged=not case["sealed"])
    message = compare_part(right["value"], given["value"], case["part"], case["tolerance"], case["floor"])
    return CaseResult(case["name"], not message, message, judged=not case["sealed"])


def answer(obj, question):
    """The answer as a dict: {"value": ...} or {"error": words, "weight_error": bool}."""
    try:
        return {"value": ask(obj, question)}
    except WeightError as error:
        return {"error": str(error), "weight_error": True}
    except (Exception, SystemExit) as error:
        if is_unwritten(error):
            return {"error": unwritten(error, obj.__name__), "weight_error": False, "unwritten": True}
        return {"error": describe(error, own_files(obj)), "weight_error": False}


@cache
def start_backend():
    """Let the backend look for devices once, without its notes on what is missing."""
    with quiet_stderr():
        keras.ops.convert_to_tensor(0.0)


@contextmanager
def calm():
    """CPU, float32, no warnings, and the random states and policies as they were afterwards."""
    start_backend()
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
