"""check(obj): right answers pass, wrong ones are named, nothing raises, and everything is put back."""

import functools
import random
import types

import keras
import numpy as np
import pytest
import tensorflow as tf
from lessons import EXERCISES, LESSONS, NAMES, exercises_of, solutions_of
from vitlab import check, demo, fixtures
from vitlab.checking import examine, judge

from solutions.attention import reference

EVERY = [known for lesson in LESSONS for known in solutions_of(lesson, "misconceptions").MISCONCEPTIONS]
KNOWN = {known.id: known for known in EVERY if known.kind != "question"}
DISTINCT = [name for name, known in KNOWN.items() if known.kind == "variant" and not known.twin]
FIRST = [name for name in DISTINCT if KNOWN[name].exercise in {one.name for one in exercises_of(LESSONS[0])}]
TWINS = [name for name, known in KNOWN.items() if known.twin]
ACCEPTED = [name for name, known in KNOWN.items() if known.kind == "accepted"]


def named(name, function):
    """The function under an exercise's name."""
    function.__name__ = name
    return function


def written(source, name="softmax_rows", **namespace):
    """What a notebook's cell defines under `name`."""
    exec(compile(source, "<ipython-input-7-abc>", "exec"), namespace)
    return namespace[name]


def as_handed_in(id):
    """A misconception's function or layer, under the name of its exercise."""
    known = KNOWN[id]
    if isinstance(known.function, type):
        return type(known.exercise, (known.function,), {})
    return named(known.exercise, lambda *args, **kwargs: known.function(*args, **kwargs))


def figure_with(**changes):
    """A right figure() with some of its entries replaced; None leaves one out."""
    answers = {**reference.figure(), **changes}
    return named("figure", lambda: {key: value for key, value in answers.items() if value is not None})


# right and wrong answers


@pytest.mark.parametrize(("assignment", "exercise"), EXERCISES, ids=NAMES)
def test_the_reference_passes(assignment, exercise):
    result = examine(getattr(solutions_of(assignment, "reference"), exercise.name))
    assert (result.passed, result.misconception, result.hint) == (True, None, "")


@pytest.mark.parametrize("id", ACCEPTED)
def test_a_right_answer_in_another_style_passes(id):
    assert examine(as_handed_in(id)).passed


@pytest.mark.parametrize("id", FIRST)
def test_a_known_mistake_fails_and_reads_its_own_hint(id):
    result = examine(as_handed_in(id))
    assert (result.passed, result.misconception, result.hint) == (False, id, KNOWN[id].hint)


@pytest.mark.parametrize("id", DISTINCT)
def test_the_stored_answers_of_a_known_mistake_fail_and_are_named(id):
    fixture = fixtures.load(KNOWN[id].exercise)
    result = judge(KNOWN[id].exercise, fixture, fixture["variants"][id])
    assert (result.passed, result.misconception, result.hint) == (False, id, KNOWN[id].hint)


@pytest.mark.parametrize("id", TWINS)
def test_a_mistake_with_the_same_answers_reads_its_twins_hint(id):
    result = examine(as_handed_in(id))
    assert (result.passed, result.misconception) == (False, KNOWN[id].twin)


def test_a_mistake_that_nobody_foresaw_is_told_by_its_first_difference_alone():
    result = examine(named("attention_scores", lambda q, k, scale=None: reference.attention_scores(q, k, scale) + 1))
    assert (result.passed, result.misconception, result.hint) == (False, None, "")
    assert result.cases[0].message == "at [0, 0] expected 14, got 15"


def test_each_graded_case_is_told_once_by_its_name():
    names = [case.name for case in examine(reference.softmax_rows).cases]
    assert names[0] == "14 and 12 become 0.88 and 0.12"
    assert len(names) == len(set(names))


def test_a_partly_right_answer_passes_the_cases_that_it_gets_right():
    result = examine(named("softmax_rows", lambda scores, axis=-1: reference.softmax_rows(scores)))
    assert {case.passed for case in result.cases} == {True, False}


def test_exercises_are_listed_once_in_the_order_of_the_lessons():
    assert fixtures.exercises() == list(dict.fromkeys(exercise.name for _, exercise in EXERCISES))


@pytest.mark.parametrize("assignment", LESSONS)
def test_an_exercise_that_many_lessons_have_is_that_of_the_notebook_it_stands_in(assignment):
    notebook = {exercise.name: None for exercise in exercises_of(assignment)}
    figure = written("def figure():\n    return 1", "figure", **notebook)
    own = exercises_of(assignment)[-1].cases(np.random.default_rng(0))
    assert [case.name.partition(": for the grader")[0] for case in examine(figure).cases] == [case.name for case in own]


def test_a_demo_names_what_a_cell_above_should_have_made(capsys):
    with demo():
        not_made_yet  # noqa: B018, F821
    assert "needs `not_made_yet`, which a cell above makes" in capsys.readouterr().out


def test_a_demo_in_which_numpy_meets_a_tensor_without_numbers_says_what_to_do_instead(capsys):
    """TensorFlow raises a NotImplementedError of its own there: the exercise is written, and its check is green."""
    with demo():
        tf.function(lambda x: np.sqrt(x))(tf.ones(3))
    said = capsys.readouterr().out
    assert "take `ops` there" in said
    assert "not written" not in said


def test_an_error_of_a_library_is_not_taken_for_an_exercise_that_is_not_written():
    def softmax_rows(scores, axis=-1):
        raise NotImplementedError("this library cannot do that")

    assert "not written" not in str(examine(softmax_rows))


# a student's code may do anything


class SpeechlessError(Exception):
    """An exception that cannot be put into words."""

    def __str__(self):
        raise RuntimeError("no words")


def raising(error):
    def fail(*args, **kwargs):
        raise error

    return fail


def returning(value):
    return lambda *args, **kwargs: value


def recursive(*args, **kwargs):
    return recursive(*args, **kwargs)


def ring():
    endless = []
    endless.append(endless)
    return endless


UNFIT = {
    "raises": raising(ValueError("no")),
    "raises without words": raising(KeyError()),
    "raises words that fail": raising(SpeechlessError()),
    "asserts": raising(AssertionError()),
    "leaves": raising(SystemExit(1)),
    "recurses forever": recursive,
    "takes no arguments": lambda: None,
    "returns None": returning(None),
    "returns an object": returning(object()),
    "returns objects in an array": returning(np.array([object(), None])),
    "returns complex numbers": returning(np.array([1j])),
    "returns a string": returning("0.88 and 0.12"),
    "returns a set": returning({1.0, 2.0}),
    "returns a dict": returning({1: object()}),
    "returns itself in a list": returning(ring()),
    "returns an empty list": returning([]),
    "returns a huge number": returning(10**400),
    "returns a number of 5000 digits": returning(10**5000),
    "returns a symbol": returning(keras.KerasTensor((2, 3))),
    "returns a layer": returning(keras.layers.Dense(3)),
    "returns a ragged list": returning([[1.0], [1.0, 2.0]]),
    "returns one number": returning(1),
    "returns one array thrice": returning((np.zeros(3),) * 3),
    "is a generator": lambda *args, **kwargs: (yield),
}


@pytest.mark.parametrize("name", ["softmax_rows", "scaled_dot_product_attention", "figure"])
@pytest.mark.parametrize("kind", UNFIT)
def test_check_never_raises_and_never_passes_unfit_code(kind, name):
    result = examine(named(name, lambda *args, **kwargs: UNFIT[kind](*args, **kwargs)))
    assert not result.passed
    assert all(case.message for case in result.cases if not case.passed)


class NoLayer:
    """Takes what the layer takes, and is none."""

    def __init__(self, dim, use_bias=False):
        self.dim = dim

    def __call__(self, x, mask=None, return_weights=False):
        return x


class Shapeless(keras.layers.Layer):
    """A layer without projections."""

    def __init__(self, dim, use_bias=False):
        super().__init__()

    def call(self, x, mask=None, return_weights=False):
        return x


@pytest.mark.parametrize("layer", [NoLayer, Shapeless, type("Empty", (), {}), keras.layers.Layer, dict])
def test_a_class_that_is_no_such_layer_fails_in_words(layer):
    result = examine(type("SelfAttention", (layer,), {}))
    assert not result.passed


def test_a_missing_sublayer_is_named_with_the_shape_of_its_weight():
    result = examine(type("SelfAttention", (Shapeless,), {}))
    assert result.cases[0].message.startswith("No weight at `wq.kernel`: expected one of shape (")


NOT_AN_EXERCISE = {
    "None": (None, "a NoneType"),
    "a number": (3, "a int"),
    "a string": ("softmax_rows", "a str"),
    "a partial": (functools.partial(reference.softmax_rows, axis=0), "a partial"),
    "a function of another name": (reference.random_vectors, "`random_vectors`"),
    "a class of another name": (keras.layers.Dense, "`Dense`"),
    "a layer, not its class": (reference.SelfAttention(3), "a SelfAttention"),
    "the result of a call": (np.zeros(3), "a ndarray"),
    "a module": (types, "`types`"),
    "a name that is no text": (types.SimpleNamespace(__name__=["softmax_rows"]), "`['softmax_rows']`"),
}


@pytest.mark.parametrize(("thing", "words"), NOT_AN_EXERCISE.values(), ids=NOT_AN_EXERCISE)
def test_what_is_no_exercise_is_told_which_ones_there_are(thing, words):
    result = examine(thing)
    assert (result.passed, result.cases) == (False, ())
    assert result.title.startswith("check() expected one of the exercises ")
    assert "softmax_rows" in result.title
    assert result.title.endswith(f"Received: {words}.")


def test_a_lambda_is_told_to_become_a_def():
    result = examine(lambda scores, axis=-1: scores)
    assert not result.passed
    assert "with def" in result.title


def test_a_function_that_is_not_written_yet_is_told_so():
    stub = written("def softmax_rows(scores, axis=-1):\n    raise NotImplementedError()\n")
    result = examine(stub)
    assert (result.passed, result.cases) == (False, ())
    assert str(result).startswith("softmax_rows: not written yet")
    assert "raise NotImplementedError()" in str(result)


def test_a_layer_that_is_not_written_yet_is_told_so():
    source = (
        "class SelfAttention(Layer):\n    def __init__(self, dim, use_bias=False):\n        raise NotImplementedError()"
    )
    stub = written(source, "SelfAttention", Layer=keras.layers.Layer)
    assert examine(stub).title.startswith("SelfAttention: not written yet")


# an exercise that calls another

CALLER = "def scaled_dot_product_attention(q, k, v, mask=None):\n    return softmax_rows(q), 1"
CALLED = "def softmax_rows(scores, axis=-1):\n    return scores"


def test_a_failing_exercise_names_the_failing_one_that_it_calls():
    caller = written(f"{CALLED}\n{CALLER}", "scaled_dot_product_attention")
    assert examine(caller).note.startswith("softmax_rows, which you call, fails its own check")


def test_a_failing_exercise_does_not_blame_a_right_one():
    caller = written(CALLER, "scaled_dot_product_attention", softmax_rows=reference.softmax_rows)
    result = examine(caller)
    assert (result.passed, result.note) == (False, "")


def test_two_failing_exercises_that_call_each_other_are_told_once():
    called = "def softmax_rows(scores, axis=-1):\n    scaled_dot_product_attention\n    return scores"
    caller = written(f"{called}\n{CALLER}", "scaled_dot_product_attention")
    assert examine(caller).note.startswith("softmax_rows, which you call, fails its own check")


def test_a_wrong_callable_that_is_no_function_fails_in_words():
    assert not examine(named("softmax_rows", functools.partial(lambda scores, axis: scores, axis=-1))).passed


def test_a_right_callable_that_is_no_function_passes():
    assert examine(named("masked_scores", functools.partial(reference.masked_scores))).passed


def test_a_wrong_class_of_a_module_that_is_gone_fails_in_words():
    source = "class SelfAttention:\n    def __init__(self, dim, use_bias=False):\n        pass"
    assert not examine(written(source, "SelfAttention", __name__="a_module_that_is_gone")).passed


# what check changes, it puts back


@pytest.fixture
def settings():
    """Keras's settings as they were, whatever the test sets."""
    policy, floatx = keras.config.dtype_policy(), keras.config.floatx()
    yield
    keras.config.set_floatx(floatx)
    keras.config.set_dtype_policy(policy)


@pytest.mark.parametrize("policy", ["mixed_float16", "bfloat16", "float64"])
def test_a_right_layer_passes_under_any_dtype_policy(settings, policy):
    keras.config.set_dtype_policy(policy)
    assert examine(reference.SelfAttention).passed


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_the_dtype_policy_is_as_before(settings, policy):
    keras.config.set_dtype_policy(policy)
    examine(reference.softmax_rows)
    assert keras.config.dtype_policy().name == policy


def test_floatx_is_as_before(settings):
    keras.config.set_floatx("float64")
    examine(reference.softmax_rows)
    assert keras.config.floatx() == "float64"


def meddle(scores, axis=-1):
    random.seed(1)
    np.random.seed(1)
    keras.config.set_floatx("float16")
    keras.config.set_dtype_policy("mixed_bfloat16")
    raise ValueError("and then it fails")


def test_settings_that_the_code_changes_are_as_before(settings):
    before = keras.config.floatx(), keras.config.dtype_policy().name
    examine(named("softmax_rows", meddle))
    assert (keras.config.floatx(), keras.config.dtype_policy().name) == before


def test_the_random_state_of_python_is_as_before(settings):
    before = random.getstate()
    examine(named("softmax_rows", meddle))
    assert random.getstate() == before


def test_the_random_state_of_numpy_is_as_before(settings):
    before = np.random.get_state()[1].copy()
    examine(named("softmax_rows", meddle))
    assert np.array_equal(np.random.get_state()[1], before)


def test_a_warning_of_the_students_code_is_no_error():
    source = "import warnings\ndef softmax_rows(s, axis=-1):\n    warnings.warn('old')\n    return right(s, axis)"
    assert examine(written(source, right=reference.softmax_rows)).passed


# library calls that are what the exercise builds

LIBRARY_CALLS = {
    "ops.softmax": "from keras import ops\ndef softmax_rows(s, axis=-1):\n    return ops.softmax(s, axis)",
    "by name": "from keras.ops import softmax\ndef softmax_rows(s, axis=-1):\n    return softmax(s, axis)",
    "another name": "from keras.ops import softmax as f\ndef softmax_rows(s, axis=-1):\n    return f(s, axis)",
    "inside": "def softmax_rows(s, axis=-1):\n    from keras.ops import softmax\n    return softmax(s, axis)",
    "activations": "import keras\ndef softmax_rows(s, axis=-1):\n    return keras.activations.softmax(s, axis)",
    "a layer": "import keras\ndef softmax_rows(s, axis=-1):\n    return keras.layers.Softmax(axis)(s)",
    "tensorflow": "import tensorflow as tf\ndef softmax_rows(s, axis=-1):\n    return tf.nn.softmax(s, axis)",
    "log_softmax": "from keras import ops\ndef softmax_rows(s, axis=-1):\n    return ops.exp(ops.log_softmax(s, axis))",
}


@pytest.mark.parametrize("source", LIBRARY_CALLS.values(), ids=LIBRARY_CALLS)
def test_the_librarys_softmax_is_told_to_be_switched_off(source):
    result = examine(written(source))
    assert not any(case.passed for case in result.cases)
    assert "is what you build in this exercise, so it is switched off." in result.cases[0].message


@pytest.mark.parametrize("source", LIBRARY_CALLS.values(), ids=LIBRARY_CALLS)
def test_the_librarys_softmax_works_again_afterwards(source):
    function = written(source)
    examine(function)
    assert np.allclose(function(keras.ops.zeros((1, 2))), 0.5)


def test_a_name_in_the_notebook_holds_the_librarys_function_again():
    before = keras.ops.softmax
    function = written(LIBRARY_CALLS["by name"])
    examine(function)
    assert function.__globals__["softmax"] is before is keras.ops.softmax


def test_fused_attention_is_switched_off_but_softmax_is_not():
    source = "from keras import ops\ndef {name}(q, k, v, mask=None):\n    return {call}"
    fused = written(source.format(name="f", call="ops.dot_product_attention(q, k, v)"), "f")
    plain = written(source.format(name="f", call="(ops.softmax(q), ops.softmax(k))"), "f")
    told = [examine(named("scaled_dot_product_attention", function)).cases[0].message for function in (fused, plain)]
    assert ["switched off" in words for words in told] == [True, False]


# sealed answers


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ({"answer_1": 16.0}, {"answer_1": 2.0}),
        ({"answer_1": 16}, {"answer_1": -1e12}),
        ({"answer_2": [0, 1]}, {"answer_2": [1, 0]}),
        ({"answer_2": np.array([0, 1])}, {"answer_2": np.array([1, 1])}),
    ],
)
def test_check_treats_right_and_wrong_sealed_answers_alike(right, wrong):
    assert examine(figure_with(**right)) == examine(figure_with(**wrong))


@pytest.mark.parametrize(
    "wrong",
    [
        {"answer_1": None},
        {"answer_1": "eight"},
        {"answer_1": [1.0]},
        {"answer_1": np.nan},
        {"answer_1": np.inf},
        {"answer_2": None},
        {"answer_2": 1},
        {"answer_2": [1, 0, 1]},
        {"answer_2": [np.nan, 1]},
    ],
)
def test_a_sealed_answer_of_the_wrong_kind_fails_without_the_answer_in_the_text(wrong):
    result = examine(figure_with(**wrong))
    text = str(result) + result._repr_html_()
    assert not result.passed
    assert "16" not in text
    assert "0, 1" not in text


# what people read

UNSAFE = "<script>alert('x')</script>"
KERAS_AND_TENSORFLOW = """in user code:

    File "/home/somebody/keras/src/backend/tensorflow/nn.py", line 840, in _conv_xla  *
        return _conv()

    ValueError: Depth of input (3) is not a multiple of input depth of filter (4) for '{{node convolution}} = Conv2D[T=1](a, b)' with input shapes: [2,5,7,3], [1,1,4,3].
"""  # noqa: E501


def test_an_error_inside_the_backend_is_told_without_the_backend_s_files():
    message = examine(named("softmax_rows", raising(ValueError(KERAS_AND_TENSORFLOW)))).cases[0].message
    assert "somebody" not in message
    assert "ValueError: Depth of input (3) is not a multiple of input depth of filter (4) with input shapes" in message


def test_html_escapes_the_text_of_an_exception():
    page = examine(named("softmax_rows", raising(ValueError(UNSAFE))))._repr_html_()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_html_escapes_the_keys_of_an_answer():
    page = examine(named("figure", returning({UNSAFE: 1.0})))._repr_html_()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_html_escapes_the_name_of_what_is_no_exercise():
    page = examine(types.SimpleNamespace(__name__=UNSAFE))._repr_html_()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_html_escapes_the_answers_text():
    page = examine(named("softmax_rows", returning(UNSAFE)))._repr_html_()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page


def test_the_text_of_a_result_is_plain():
    text = str(examine(as_handed_in("masked_scores.adds_mask")))
    assert "Hint: " in text
    assert "<" not in text
    assert "\x1b" not in text


def test_the_text_tells_the_first_difference_and_the_hint():
    lines = str(examine(as_handed_in("softmax_rows.no_exponential"))).splitlines()
    assert lines[0].startswith("softmax_rows: ")
    assert lines[1].startswith("  wrong  14 and 12 become 0.88 and 0.12")
    assert lines[-2].startswith(
        "First difference, in '14 and 12 become 0.88 and 0.12': at [0, 0] expected 0.880797, got 0.538"
    )
    assert lines[-1] == f"Hint: {KNOWN['softmax_rows.no_exponential'].hint}"


def test_check_prints_its_result_where_there_is_no_notebook(capsys):
    result = check(reference.masked_scores)
    assert capsys.readouterr().out == f"{result}\n"


def test_check_returns_what_it_shows(capsys):
    assert check(reference.masked_scores) == examine(reference.masked_scores)


def test_an_exception_is_told_with_the_line_of_the_students_cell():
    source = "# first\n\ndef softmax_rows(scores, axis=-1):\n    shape = scores.shape\n    return shape.nothing"
    message = examine(written(source)).cases[0].message
    assert message.startswith("AttributeError: ")
    assert message.endswith(" (line 5 of your cell)")


def test_the_line_is_the_students_own_where_keras_raises():
    source = (
        "from keras import ops\ndef softmax_rows(scores, axis=-1):\n    return ops.matmul(scores, ops.ones((999, 2)))"
    )
    assert "(line 3 of your cell)" in examine(written(source)).cases[0].message


def test_the_line_of_a_layer_is_that_of_its_call():
    source = (
        "class SelfAttention(Layer):\n"
        "    def __init__(self, dim, use_bias=False):\n"
        "        super().__init__()\n"
        "    def call(self, x, mask=None, return_weights=False):\n"
        "        return self.wq(x)\n"
    )
    layer = written(source, "SelfAttention", Layer=keras.layers.Layer)
    assert "(line 5 of your cell)" in examine(layer).cases[0].message


def test_a_long_exception_is_cut():
    message = examine(named("softmax_rows", raising(ValueError("x" * 5000)))).cases[0].message
    assert len(message) < 260


PLAIN = {"sealed": False, "part": None, "tolerance": 1e-5, "floor": None}


def test_a_case_that_counts_together_with_another_is_shown_as_in_the_grader():
    fixture = {
        "cases": [
            {"name": "a rule", "question": 0, "weight": 3.0, **PLAIN},
            {"name": "a corner", "question": 1, "weight": 1.0, "together": "a rule", **PLAIN},
        ],
        "expected": [{"value": 2.0}, {"value": 0.0}],
        "variants": {},
        "rules": [{"tolerance": 1e-5, "floor": None}] * 2,
        "hints": {},
    }
    assert [case.passed for case in judge("f", fixture, [{"value": 2.0}, {"value": 0.0}]).cases] == [True, True]
    wrong = judge("f", fixture, [{"value": 0.0}, {"value": 0.0}])
    assert [case.passed for case in wrong.cases] == [False, False]
    assert "counts only together with “a rule”" in wrong.cases[1].message
    assert [line.split()[0] for line in str(wrong).splitlines()[1:3]] == ["wrong", "(ok)"]
