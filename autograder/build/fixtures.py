"""Public examples for check(): inputs, right answers, and the answers of known mistakes. No code, no secret."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from vitlab.packing import pack

from autograder.judge.score import as_dict, distinct_questions, rule_of
from autograder.judge.trusted import answers_of
from autograder.read.artifacts import rules_of
from autograder.records import Answer, Case, Exercise, Lesson, Question

ANYTHING = 1e30  # tolerance of a sealed answer: only its kind and shape are checked
SAME = 1e-6


def fixture_of(lesson: Lesson) -> bytes:
    """The .npz file of a lesson's public examples: a manifest, and one flat array for each number type."""
    arrays: list[np.ndarray] = []
    content = {name: pack(exercise_fixture(lesson, exercise), arrays) for name, exercise in lesson.exercises.items()}
    parts: dict[str, list[np.ndarray]] = {}
    starts: dict[tuple[str, bytes], int] = {}
    places = []
    for array in arrays:
        kind, text = array.dtype.name, array.tobytes()
        own = parts.setdefault(kind, [])
        if (kind, text) not in starts:  # most wrong variants share most of their answers
            starts[kind, text] = sum(part.size for part in own)
            own.append(array.ravel())
        places.append([kind, starts[kind, text], list(array.shape)])
    trained = {lesson.trained.name: rules_of(lesson.trained)} if lesson.trained else {}
    manifest = json.dumps({"exercises": content, "places": places, **({"trained": trained} if trained else {})})
    file = io.BytesIO()
    flat = {kind: np.concatenate(own) for kind, own in parts.items()}
    np.savez_compressed(file, manifest=np.array(manifest), **flat)  # type: ignore[arg-type]
    return file.getvalue()


def exercise_fixture(lesson: Lesson, exercise: Exercise) -> dict[str, Any]:
    """All that check() needs for one exercise, as plain values."""
    cases = exercise.cases(public_generator(lesson.assignment, exercise.name))
    questions = distinct_questions(cases)
    expected = seeded_answers(lesson.references[exercise.name], questions)
    variants = {
        known.id: [as_dict(answer) for answer in seeded_answers(known.function, questions)]
        for known in lesson.misconceptions
        if known.exercise == exercise.name and known.kind == "variant" and known.function and not known.twin
    }
    return {
        "questions": [described(question) for question in questions],
        "cases": [public_case(case, questions) for case in cases],
        "expected": [as_dict(open_answer(answer, cases)) for answer in expected],
        "rules": [rule_of(question, cases) for question in questions],
        "variants": variants,
        "hints": {known.id: known.hint for known in lesson.misconceptions if known.id in variants},
        "switched_off": list(exercise.switched_off),
    }


def described(question: Question) -> dict[str, Any]:
    """A question as plain values; most ask for the value, and then there is no word of the way."""
    return {name: value for name, value in vars(question).items() if (name, value) != ("way", "value")}


def seeded_answers(function: Callable[..., Any], questions: Sequence[Question]) -> list[Answer]:
    """All answers of a function; what it leaves to chance falls the same way in every build."""
    import keras

    keras.utils.set_random_seed(0)
    return list(answers_of(function, questions))


def public_case(case: Case, questions: list[Any]) -> dict[str, Any]:
    """A case as plain values."""
    number = next(i for i, question in enumerate(questions) if question is case.question)
    tolerance = ANYTHING if case.sealed else case.tolerance
    return {
        "name": f"{case.name}: for the grader to judge" if case.sealed else case.name,
        "sealed": case.sealed,
        "question": number,
        "part": case.part,
        "weight": case.weight,
        "tolerance": tolerance,
        "floor": case.floor,
        **({"together": case.together} if case.together else {}),
    }


def open_answer(answer: Answer, cases: list[Case]) -> Answer:
    """The expected answer with its sealed parts blanked: the shape stays, the numbers go."""
    sealed = {case.part for case in cases if case.sealed}
    if not sealed:
        return answer
    return Answer({key: np.zeros_like(value) if key in sealed else value for key, value in answer.value.items()})


def public_generator(assignment: str, exercise: str) -> np.random.Generator:
    """The generator of the public examples; the hidden inputs come from the same cases with a secret seed."""
    text = f"public\0{assignment}\0{exercise}"
    return np.random.default_rng(int.from_bytes(hashlib.sha256(text.encode()).digest()))


def same_fixture(one: bytes, other: bytes) -> bool:
    """Whether two fixtures agree: the same manifest, arrays within 1e-6 (machines round differently).

    A file that is no fixture at all, say one with a merge conflict in it, agrees with nothing.
    """
    try:
        return alike(one, other)
    except (EOFError, ValueError, KeyError, OSError, zipfile.BadZipFile):
        return False


def alike(one: bytes, other: bytes) -> bool:
    """Compare two readable fixtures."""
    with np.load(io.BytesIO(one)) as a, np.load(io.BytesIO(other)) as b:
        if a.files != b.files or str(a["manifest"]) != str(b["manifest"]):
            return False
        return all(
            a[name].shape == b[name].shape and np.allclose(a[name], b[name], rtol=SAME, atol=SAME, equal_nan=True)
            for name in a.files
            if name != "manifest"
        )
