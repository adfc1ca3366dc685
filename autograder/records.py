"""The records that lessons are written in and that flow through the engine. Plain and frozen, no behaviour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

Value = Any
"""What crosses the wire: None, bool, int, float, str, NumPy array, and lists, tuples and str-keyed dicts of these."""

TRAINED = "trained"
"""Under this name the trained item's points stand beside those of the exercises; its graded cell is check_trained."""

Outcome = Literal[
    "passed", "partial", "failed", "missing", "timeout", "out_of_memory", "crashed", "refused", "infra_error"
]


@dataclass(frozen=True, eq=False)
class Question:
    """What a submission is asked: a call of a function, or of a layer after its weights were overwritten."""

    args: tuple[Value, ...] = ()
    kwargs: dict[str, Value] = field(default_factory=dict)
    init: dict[str, Value] | None = None
    """Constructor's arguments; None means that the object is called as it is."""
    weights: dict[str, Value] = field(default_factory=dict)
    """Attribute path ("wq.kernel") to the array that replaces the weight; to None, where the point is how it starts."""
    method: str | None = None
    """Of a layer: asked in place of the layer itself, after that was called once and its weights were overwritten."""
    way: Literal["value", "gradients", "evaluation", "training"] = "value"
    """What is asked for: the value; the gradients of a function's value, a number, with respect to its float arrays; of
    a model called with (images, labels), the loss in evaluation; or, with both (steps, ...), what training makes of it:
    a dict of the last "loss" and of every weight by its path."""


@dataclass(frozen=True, eq=False)
class Case:
    """One named property: a question and how its answer is compared with the reference's."""

    name: str
    question: Question
    weight: float = 1.0
    """Share of the exercise's points; 0 means that the case only helps to name a mistake."""
    part: str | int | None = None
    """Key or index of the part of the answer that is compared; None compares all of it. A key that the right answer
    does not have must not be in a student's, either."""
    tolerance: float = 1e-5
    """Absolute and relative."""
    floor: float | None = None
    """Numbers at or below the floor are all alike (a forbidden score may be -1e9 or -inf)."""
    sealed: bool = False
    """Students are told that the answer came, never what was expected: the answer to a question of few choices."""
    chance: bool = False
    """Wrong answers differ from call to call (dropout): to name a mistake, it only counts that they are wrong."""
    together: str | None = None
    """Name of another graded case of the exercise. This one passes only where that one does: by itself it could be
    right in a wrong answer, too (a loss that is always 0)."""


@dataclass(frozen=True)
class Exercise:
    """How one exercise is judged: its generator of cases and the library calls that it asks to build."""

    name: str
    cases: Callable[[Any], list[Case]]
    """NumPy generator -> cases; the same function makes public examples and hidden inputs."""
    switched_off: tuple[str, ...] = ()
    """Dotted names of library calls that raise while the exercise is run."""


@dataclass(frozen=True)
class Misconception:
    """A wrong answer that students give, with the hint that leads out of it.

    kind "variant": must fail and be named; "accepted": looks wrong, is right, must pass; "question": no function.
    """

    id: str
    exercise: str
    kind: Literal["variant", "accepted", "question"]
    hint: str
    function: Callable[..., Any] | None = None
    twin: str | None = None
    """Id of a variant that gives the same answers to every question, so that its hint is the one to show."""


class NoData(Exception):
    """A data set is not on this machine; the message says where it is expected."""


@dataclass(frozen=True)
class Argument:
    """What a constructor's argument may be in artifacts/<name>.json: a number in a range, or one of some words."""

    low: float = 0.0
    high: float = 0.0
    """Both ends belong to the range; equal ends fix the number."""
    whole: bool = True
    divides: str | None = None
    """Another argument that this whole number must divide."""
    choices: tuple[str, ...] = ()
    """For a text; low and high are then of no meaning."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Where a trained item's numbers come from. Both functions raise NoData where it is not on this machine."""

    name: str
    """As bars name it, e.g. "cifar10"."""
    training: Callable[[str], Any]
    """Budget -> the data that a training function gets."""
    unseen: Callable[[Any], tuple[Any, Any]]
    """NumPy generator -> inputs and labels that students' models were not trained on."""


@dataclass(frozen=True, eq=False)
class Requirement:
    """What a model must show besides its accuracy, measured on its own outputs. One that does not earns nothing.

    The numbers themselves come with the bar, from the reference's own trainings.
    """

    name: str
    measure: Callable[[Any, Any], float]
    """Outputs, labels -> a number."""
    message: str
    """What a student reads whose model does not show it; the number and its range are added."""
    asked: Literal["at least", "at most", "between"]
    """Which ends the range has."""
    seen: bool = False
    """Measured on training inputs, in place of unseen ones."""


@dataclass(frozen=True, eq=False)
class Control:
    """What the right model must lose when it is changed, measured on the reference model with the student's weights."""

    name: str
    change: Callable[[dict[str, Value]], dict[str, Value]]
    """Arguments in the JSON -> further or other arguments of the reference's builder."""
    at_most: float
    message: str
    """What a student reads whose weights pass without it."""


@dataclass(frozen=True, eq=False)
class Target:
    """Further labels that a trained model is measured by, with a bar of their own: what a teacher would say."""

    name: str
    """Of the measure, as students read it; with the item's name before it, of its bars: train_distilled_agreement."""
    labels: Callable[[Any], Any]
    """Inputs -> labels, as the item's score takes them."""
    baselines: dict[str, Callable[[Any, int], Any]]
    """As in Trained."""


def alone(inputs: Any) -> tuple[Any, ...]:
    """A model that is called with the inputs and nothing else."""
    return (inputs,)


@dataclass(frozen=True, eq=False)
class Trained:
    """A lesson's trained item: how the model handed in is rebuilt, asked and judged, and how its bar is calibrated."""

    name: str
    """Of the training function; names the artifacts and the bars."""
    builder: str
    """Name of the class or function that makes the model."""
    given: str
    """Source that defines the builder where it is given; "" takes it from the student's notebook."""
    reference: Callable[..., Any]
    """The reference's builder: arguments -> a model."""
    arguments: dict[str, Argument]
    paths: Callable[[dict[str, Value]], tuple[str, ...]]
    """Arguments -> attribute paths of all weights, e.g. "blocks.0.fc1.kernel"; a layer's name will do for an attribute,
    and `weights.0` stands for the first of a layer's own."""
    datasets: tuple[Dataset, ...]
    """The first that is on the grader's machine is used."""
    score: Callable[[Any, Any], float]
    """Outputs, labels -> accuracy, 0 to 1."""
    standard: dict[str, Value]
    """Arguments of the models that training and baselines return."""
    train: Callable[[Any, int], Any]
    """Data, seed -> the reference's trained model, as it is measured. For calibration."""
    baselines: dict[str, Callable[[Any, int], Any]]
    """Models that miss the point, in order of preference; the last is untrained."""
    controls: tuple[Control, ...] = ()
    requirements: tuple[Requirement, ...] = ()
    budgets: tuple[str, ...] = ("cpu",)
    promised: float = 1.0
    """Accuracy that earns full marks even where the reference's bound lies above it."""
    asked: Callable[[Any], tuple[Any, ...]] = alone
    """Inputs -> what the model handed in is called with: arrays of that length, none of which holds a label."""
    targets: tuple[Target, ...] = ()
    """Beside the true labels. The points are shared out evenly between those and each of these."""
    measured: Callable[..., Any] | None = None
    """Arguments -> our own model with the same weights, called with the inputs alone, whose outputs are scored. None:
    what the model handed in answers is scored as it is."""


@dataclass(frozen=True)
class Bar:
    """How accuracy becomes points: an entry of solutions/<lesson>/bars.json."""

    item: str
    dataset: str
    budget: str
    seeds: int
    mean: float
    sd: float
    baseline: str
    baseline_mean: float
    full_marks_at: float
    zero_at: float
    versions: dict[str, str]
    machine: str
    seconds: float
    ranges: dict[str, list[float | None]] = field(default_factory=dict)
    """Of each requirement, by its name: the lowest and the highest number that meets it; None where there is no end."""


@dataclass(frozen=True)
class Lesson:
    """All that the engine knows of one assignment."""

    assignment: str
    references: dict[str, Any]
    exercises: dict[str, Exercise]
    misconceptions: tuple[Misconception, ...]
    stand_ins: dict[str, str]
    """Exercise to source text over the library's public API, used where an earlier exercise failed."""
    points: dict[str, float]
    fingerprint: str
    """Hash of everything that decides a verdict on the lesson's side."""
    trained: Trained | None = None
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Statement:
    """One top-level statement of a notebook, ready to run."""

    source: str
    cell: str
    """How a person finds the cell: its grade id, or "cell 7"."""
    line: int
    """Line in the cell where the statement begins."""


@dataclass(frozen=True)
class Job:
    """What a worker is asked to run for one exercise of one submission."""

    target: str
    statements: tuple[Statement, ...]
    questions: tuple[Question, ...]
    switched_off: tuple[str, ...]
    seconds: float
    weights: bytes | None = None
    """A .weights.h5 file: the target makes a model, which loads it before the one question is asked."""
    paths: tuple[str, ...] = ()
    """Of the weights that come back with the model's outputs."""
    notebook: bool = False
    """The statements are the cells of a plain notebook, and each answer says how one of them ended."""
    files: tuple[tuple[str, bytes], ...] = ()
    """Path and content of what the notebook finds in its folder."""


@dataclass(frozen=True)
class Limits:
    """What a child may use; the defaults are those told to students."""

    memory_bytes: int = 4 * 2**30
    processes: int = 256
    disk_bytes: int = 256 * 2**20
    returned_bytes: int = 64 * 2**20
    """Of all answers of one exercise together."""


@dataclass(frozen=True)
class Answer:
    """A question's answer: a value, or the words of an error."""

    value: Value = None
    error: str | None = None
    weight_error: bool = False
    """The error says that a weight is missing or misshapen, in the engine's own words."""


@dataclass(frozen=True)
class Run:
    """What came back from a worker: one answer for each question that was answered before the end."""

    ended: Literal["finished", "timeout", "out_of_memory", "crashed", "refused", "infra_error"]
    answers: tuple[Answer, ...] = ()
    message: str = ""
    reached: tuple[str, ...] = ()
    """Switched-off library calls that the code tried."""
    seconds: float = 0.0
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseVerdict:
    """A case as the student reads it."""

    name: str
    passed: bool
    message: str = ""


@dataclass(frozen=True)
class ExerciseVerdict:
    """An exercise's outcome, points and reasons."""

    outcome: Outcome
    points: float
    max_points: float
    misconception: str | None = None
    hint: str = ""
    stand_ins: tuple[str, ...] = ()
    cases: tuple[CaseVerdict, ...] = ()
    seconds: float = 0.0
    by_hand: bool = False
    """A person is to decide: the cell is marked for manual grading."""
    self_reported: bool = False
    """Tests and student code shared a process, as in plain nbgrader: the score is what the run says of itself."""


@dataclass(frozen=True)
class TrainedVerdict:
    """The trained item's outcome, points and reasons."""

    outcome: Outcome
    points: float
    max_points: float
    message: str
    accuracy: float | None = None
    measures: dict[str, float] = field(default_factory=dict)
    bar: dict[str, float] | None = None
    """full_marks_at and zero_at."""
    dataset: str | None = None
    budget: str | None = None
    weights_sha256: str | None = None
    """Of the arrays that were loaded: equal ones in a class are flagged."""
    seconds: float = 0.0
    by_hand: bool = False
    """As in ExerciseVerdict."""


@dataclass(frozen=True)
class Verdict:
    """A submission's verdict: what is written to verdicts/<assignment>/<student>.json and into the gradebook."""

    assignment: str
    student: str
    submission_sha256: str
    key: str
    graded_at: str
    versions: dict[str, str]
    layers: tuple[str, ...]
    release_id: str | None
    points: float
    max_points: float
    flags: tuple[str, ...]
    exercises: dict[str, ExerciseVerdict]
    trained: TrainedVerdict | None = None
    judged_by: str | None = None
    """Id of the release whose cases and reference decided; release_id is what the notebook says of itself."""
    schema: int = 1
