"""A simulated class as verdicts: seeded, with everything that a report has to show. No sandbox, no Keras."""

from dataclasses import replace

import numpy as np

from autograder.grade.verdict import write_verdict
from autograder.records import CaseVerdict, ExerciseVerdict, TrainedVerdict, Verdict

ASSIGNMENT = "01_attention"
EXERCISES = {
    "attention_scores": (15.0, -1.2, [("no_scale", "Your scores are too large: what did the slide divide by?"),
                                      ("no_transpose", "Write the shapes below each other. Which axes must agree?")]),
    "softmax_rows": (15.0, -0.4, [("no_keepdims", "A sum along an axis removes that axis, unless you ask to keep it."),
                                  ("naive", "What is e to the power of 10,000 in float32?"),
                                  ("fixed_axis", "The caller may ask for any axis.")]),
    "masked_scores": (15.0, 0.0, [("multiplies", "A score of 0 is not a weight of 0. What does softmax make of it?"),
                                  ("reversed_mask", "1 means that a query MAY attend.")]),
    "scaled_dot_product_attention": (25.0, 0.5, [("softmax_over_queries", "Which sums must be 1: rows or columns?")]),
    "SelfAttention": (15.0, 0.9, [("width_of_input", "Whose width is it whose root divides the scores?")]),
    "figure": (5.0, 0.3, []),
}  # fmt: skip
CASES = ("a batch of two", "no batch axis", "large scores", "a mask of 0 and 1")
FLAGS = ("copied cell: softmax_rows", "moved: masked_scores is defined in cell 9", "renamed: 01_attention (1).ipynb")


def part(outcome, points, most, mistake=None, hint="", failed=()):
    """One exercise's verdict."""
    cases = tuple(CaseVerdict(name, name not in failed, "" if name not in failed else "at [0, 1] …") for name in CASES)
    return ExerciseVerdict(outcome, points, most, mistake, hint, cases=cases, seconds=0.1)


def verdict_of(student, exercises, flags=(), trained=None):
    """A verdict from its exercises."""
    return Verdict(
        ASSIGNMENT, student, "0" * 64, "0" * 64, "2026-03-02T10:00:00+00:00", {}, ("namespaces",), None,
        round(sum(found.points for found in exercises.values()), 2),
        sum(found.max_points for found in exercises.values()), tuple(flags), exercises, trained,
    )  # fmt: skip


def simulated_verdicts(count, seed=7):
    """Student to verdict: a class by a Rasch model, whose wrong answers are known mistakes two times in three."""
    rng = np.random.default_rng(seed)
    made = {}
    for i in range(count):
        student, ability = f"student-{i:03}", rng.normal(0.6, 1.2)
        exercises = {name: drawn(rng, name, ability) for name in EXERCISES}
        flags = [str(rng.choice(FLAGS))] if rng.random() < 0.06 else []
        made[student] = verdict_of(student, exercises, flags)
    for student, outcome in zip(list(made)[::29], ["missing", "refused", "infra_error"] * count, strict=False):
        made[student] = all_alike(student, outcome)
    return made


def drawn(rng, name, ability):
    """One exercise of a student of some ability (in logits)."""
    most, hardness, mistakes = EXERCISES[name]
    if rng.random() < 1 / (1 + np.exp(-(ability - hardness))):
        return part("passed", most, most)
    kind = rng.random()
    if kind < 0.08:
        return part("missing", 0.0, most, failed=CASES)
    if kind < 0.11:
        return part(str(rng.choice(["timeout", "crashed", "out_of_memory"])), 0.0, most, failed=CASES)
    right = int(rng.integers(0, len(CASES)))
    failed = CASES[right:]
    named = mistakes[min(int(rng.exponential(0.7)), len(mistakes) - 1)] if mistakes and kind < 0.7 else None
    mistake, hint = (f"{name}.{named[0]}", named[1]) if named else (None, "")
    points = round(most * right / len(CASES), 2)
    return part("partial" if right else "failed", points, most, mistake, hint, failed)


def all_alike(student, outcome):
    """A submission that ended in one way as a whole."""
    exercises = {name: part(outcome, 0.0, most, failed=CASES) for name, (most, *_) in EXERCISES.items()}
    return verdict_of(student, exercises)


def with_accuracy(verdict, accuracy, bar=(0.5, 0.3)):
    """The verdict with a trained item of 10 points."""
    full, zero = bar
    points = round(10 * min(1.0, max(0.0, (accuracy - zero) / (full - zero))), 2)
    outcome = "passed" if points == 10 else "partial" if points else "failed"
    limits = {"full_marks_at": full, "zero_at": zero}
    trained = TrainedVerdict(outcome, points, 10.0, "", accuracy, {}, limits, "cifar10", "cpu")
    return replace(verdict, trained=trained, points=verdict.points + points, max_points=verdict.max_points + 10)


def simulated_class(count, seed=7):
    """The same with a trained item, which some did not hand in."""
    rng = np.random.default_rng(seed)
    made = simulated_verdicts(count, seed)
    begun = {
        who for who, verdict in made.items() if {p.outcome for p in verdict.exercises.values()} & {"passed", "partial"}
    }
    accuracies = {who: float(np.clip(rng.normal(0.47, 0.07), 0.1, 0.8)) for who in made}
    return {
        who: with_accuracy(verdict, accuracies[who]) if who in begun and rng.random() < 0.93 else verdict
        for who, verdict in made.items()
    }


def write_all(root, verdicts):
    """Put the verdicts where a grading would, in a folder that is a course."""
    root.path.mkdir(parents=True, exist_ok=True)
    (root.path / "nbgrader_config.py").write_text("")
    (root.path / "secret_seed").write_text("0" * 64)
    for student, verdict in verdicts.items():
        write_verdict(root.verdict(ASSIGNMENT, student), verdict)
