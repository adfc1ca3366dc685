"""Which code is run together with other exercises first: what asks for nothing but numbers."""

import pytest
from lessons import LESSONS, loaded

from autograder.lessons import CHECKOUT
from autograder.read.ordinary import is_ordinary
from autograder.records import Statement


def of(source):
    return is_ordinary([Statement(source, "cell", 1)])


@pytest.mark.parametrize(
    "source",
    [
        "from keras import ops\nimport numpy as np\ndef f(x): return ops.matmul(x, np.eye(3))",
        "import tensorflow as tf\nimport tensorflow.math",
        "from functools import partial\nfrom typing import Any",
        "class A(keras.layers.Layer):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)",
    ],
)
def test_an_answer_is_ordinary(source):
    assert of(source)


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import os.path as numpy",
        "from threading import Thread",
        "from . import keras",
        "__import__('os')",
        "open('/etc/passwd')",
        "().__class__.__bases__",
        "def f():\n    import subprocess",
    ],
)
def test_what_reaches_further_is_not(source):
    assert not of(source)


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_references_are_ordinary(lesson):
    folder = lesson.partition("_")[2]
    assert of((CHECKOUT / "solutions" / folder / "reference.py").read_text(encoding="utf-8"))
    assert loaded(lesson).exercises
