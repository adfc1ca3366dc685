"""From answers to points: pure functions over records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from vitlab.compare import alone, compare_part
from vitlab.diagnose import diagnose

from autograder.records import Answer, Case, CaseVerdict, Outcome, Question, Run

SEALED = "this is not the answer; read the question once more and work through a small example by hand"
NO_ANSWER = "not reached: the code ended before"


def distinct_questions(cases: Sequence[Case]) -> list[Question]:
    """Every question once, in the order of the cases."""
    return list({id(case.question): case.question for case in cases}.values())


def judge_cases(cases: Sequence[Case], expected: Sequence[Answer], run: Run) -> tuple[CaseVerdict, ...]:
    """One verdict for each graded case.

    Args:
        cases: of the exercise.
        expected: the reference's answers to the distinct questions, in order.
        run: the submission's, possibly cut short.
    """
    index = {id(question): i for i, question in enumerate(distinct_questions(cases))}
    messages, graded = {}, [case for case in cases if case.weight > 0]
    for case in graded:
        i = index[id(case.question)]
        answer = run.answers[i] if i < len(run.answers) else None
        messages[case.name] = difference(case, expected[i], answer, run)
    found = ((case.name, messages[case.name] or alone(messages, case.together)) for case in graded)
    return tuple(CaseVerdict(name, not message, message) for name, message in found)


def difference(case: Case, expected: Answer, answer: Answer | None, run: Run) -> str:
    """Why a case fails, in words; "" when it passes."""
    if answer is None:
        return run.message or NO_ANSWER
    if answer.error is not None:
        return answer.error
    message = compare_part(expected.value, answer.value, case.part, case.tolerance, case.floor)
    return SEALED if message and case.sealed else message


def share(cases: Sequence[Case], verdicts: Sequence[CaseVerdict]) -> float:
    """The passed part of the graded weight, 0 to 1."""
    weights = [case.weight for case in cases if case.weight > 0]
    passed = sum(weight for weight, verdict in zip(weights, verdicts, strict=True) if verdict.passed)
    return passed / sum(weights)


def outcome_of(run: Run, verdicts: Sequence[CaseVerdict]) -> Outcome:
    """How the exercise ended, in one word."""
    if run.ended != "finished":
        return run.ended
    if all(verdict.passed for verdict in verdicts):
        return "passed"
    errors = [answer.error or "" for answer in run.answers]
    if errors and all(error.startswith(("MemoryError", "ResourceExhaustedError")) for error in errors):
        return "out_of_memory"
    return "partial" if any(verdict.passed for verdict in verdicts) else "failed"


def name_mistake(
    cases: Sequence[Case],
    expected: Sequence[Answer],
    run: Run,
    variants: Mapping[str, Iterable[Answer]],
) -> str | None:
    """The id of the one variant that gives the submission's answers, or None."""
    questions = distinct_questions(cases)
    rules = [rule_of(question, cases) for question in questions]
    answers = [as_dict(answer) for answer in run.answers] + [None] * (len(questions) - len(run.answers))
    known = {name: map(as_dict, own) for name, own in variants.items()}
    named: str | None = diagnose([as_dict(answer) for answer in expected], answers, known, rules)
    return named


def rule_of(question: Question, cases: Sequence[Case]) -> dict[str, Any]:
    """How whole answers to a question are compared: the widest tolerance of its cases, their floor, their chance."""
    own = [case for case in cases if case.question is question]
    tolerance = max(case.tolerance for case in own)
    return {"tolerance": tolerance, "floor": own[0].floor, "chance": any(case.chance for case in own)}


def as_dict(answer: Answer) -> dict[str, Any]:
    """An answer in the form that vitlab compares."""
    if answer.error is not None:
        return {"error": answer.error, "weight_error": answer.weight_error}
    return {"value": answer.value}
