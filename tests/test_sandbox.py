"""What student code can do in the sandbox, tried on the real one."""

from pathlib import Path

import numpy as np
import pytest

from autograder.lessons import CHECKOUT
from autograder.records import Job, Question, Statement
from autograder.run import isolation, landlock

ONES = Question((np.ones((2, 3), "float32"),))


def run(worker, source, questions=(ONES,), seconds=10.0, switched_off=()):
    """Run one cell and ask f the questions."""
    return worker.run(Job("f", (Statement(source, "f", 1),), tuple(questions), tuple(switched_off), seconds))


def only_answer(worker, source, **more):
    """The answer to the one question."""
    return run(worker, source, **more).answers[0]


def processes_below(worker, running=None):
    """How many processes the worker has once a job is over."""
    if running:
        run(worker, running)
    return len(worker.descendants())


def test_a_function_gets_keras_tensors_and_returns_arrays(worker):
    answer = only_answer(worker, "from keras import ops\ndef f(x):\n    assert ops.is_tensor(x)\n    return x + 1")
    np.testing.assert_array_equal(answer.value, np.full((2, 3), 2, "float32"))


def test_an_endless_loop_is_a_timeout_and_the_next_job_runs(worker):
    found = run(worker, "def f(x):\n    while True: pass", seconds=1.0)
    assert (found.ended, found.answers) == ("timeout", ())
    assert "1 s" in found.message
    assert only_answer(worker, "def f(x): return 5").value == 5


def test_answers_before_a_timeout_are_kept(worker):
    source = "def f(n):\n    while n > 1: pass\n    return n"
    found = run(worker, source, [Question((1,)), Question((2,))], seconds=2.0)
    assert found.ended == "timeout"
    assert [answer.value for answer in found.answers] == [1]


@pytest.mark.parametrize("source", ["import os\ndef f(x): os._exit(0)", "import ctypes\ndef f(x): ctypes.string_at(0)"])
def test_ending_the_process_is_an_outcome(worker, source):
    assert run(worker, source).ended in ("crashed", "out_of_memory", "timeout")


def test_sys_exit_is_an_error_like_any_other(worker):
    assert only_answer(worker, "import sys\ndef f(x): sys.exit(3)").error.startswith("SystemExit: 3")


@pytest.mark.parametrize(
    "path",
    [CHECKOUT / "LICENSE", CHECKOUT / "solutions", CHECKOUT / "course", Path.home() / ".ssh", Path.home() / ".keras"],
)
def test_nothing_of_the_course_or_of_home_is_visible(worker, path):
    assert only_answer(worker, f"import os\ndef f(x): return os.path.exists({str(path)!r})").value is False


@pytest.mark.parametrize("module", ["solutions.attention.reference", "autograder.judge.score", "autograder.lessons"])
def test_answers_and_judge_cannot_be_imported(worker, module):
    answer = only_answer(worker, f"def f(x):\n    import {module}\n    return 1")
    assert answer.error.startswith("ModuleNotFoundError")


@pytest.mark.parametrize("path", ["/engine/x", "/usr/x", "/etc/x"])
def test_the_system_is_read_only(worker, path):
    assert "Error" in only_answer(worker, f"def f(x):\n    open({path!r}, 'w')").error


def test_there_is_a_private_folder_to_write_to_which_is_empty_for_the_next_job(worker):
    source = "import os, tempfile\ndef f(x):\n    n = len(os.listdir('.'))\n    tempfile.mkstemp(dir='.')\n    return n"
    assert [only_answer(worker, source).value for _ in range(2)] == [0, 0]


def test_there_is_no_network(worker):
    source = "import socket\ndef f(x):\n    socket.create_connection(('127.0.0.1', 22), 1)"
    assert "not permitted" in only_answer(worker, source).error


def test_a_process_left_behind_does_not_outlive_its_job(worker):
    source = (
        "import os, time\ndef f(x):\n    if os.fork() == 0:\n        os.setsid()\n        time.sleep(600)\n    return 1"
    )
    assert only_answer(worker, source).value == 1
    assert processes_below(worker) == processes_below(worker, running="def f(x): return 1")


def test_a_process_that_leaves_its_group_and_ignores_its_parent_dies_with_its_job(worker):
    source = (
        "import ctypes, os\ndef f(x):\n    ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)\n"
        "    if os.fork() == 0: os.setsid()\n    while True: pass"
    )
    assert run(worker, source, seconds=1.0).ended == "timeout"
    assert processes_below(worker) == processes_below(worker, running="def f(x): return 1")


def test_too_much_memory_is_an_error_in_words(worker):
    assert "MemoryError" in only_answer(worker, "def f(x): return len(bytearray(6 * 2**30))").error


def test_too_large_an_answer_is_refused_in_words(worker):
    assert "64 MB" in only_answer(worker, "import numpy as np\ndef f(x): return np.zeros((5000, 5000))").error


def test_all_answers_of_an_exercise_together_are_bounded(worker):
    source = "import numpy as np\ndef f(x): return np.zeros((3000, 1000))"
    found = run(worker, source, [Question((i,)) for i in range(4)])
    assert (found.ended, len(found.answers)) == ("crashed", 2)
    assert "64 MB" in found.message


@pytest.mark.parametrize(
    ("returned", "words"),
    [
        ("object()", "Received: object"),
        ("np.array([object()])", "dtype object"),
        ("np.array(['a'])", "dtype <U1"),
        ("np.array([1j])", "dtype complex128"),
        ("{1, 2}", "Received: set"),
        ("[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]", "nested"),
        ("keras.KerasTensor((2, 3))", "symbolic"),
    ],
)
def test_what_is_not_made_of_numbers_is_told(worker, returned, words):
    assert words in only_answer(worker, f"import keras, numpy as np\ndef f(x): return {returned}").error


def test_an_array_that_lies_about_itself_crosses_as_plain_numbers(worker):
    source = (
        "import numpy as np\nclass Liar(np.ndarray):\n    def __eq__(self, other): return True\n"
        "    shape = (99,)\ndef f(x): return np.zeros(3).view(Liar)"
    )
    answer = only_answer(worker, source)
    assert answer.error or (type(answer.value), answer.value.shape) == (np.ndarray, (3,))


def test_a_forged_frame_ends_only_its_own_job(worker):
    source = (
        "import os\ndef f(x):\n    for n in range(3, 20):\n        try: os.write(n, b'\\xff' * 64)\n"
        "        except OSError: pass\n    return 1"
    )
    assert run(worker, source).ended == "crashed"
    assert only_answer(worker, "def f(x): return 7").value == 7


def test_an_exception_names_its_line_in_the_cell(worker):
    answer = only_answer(worker, "def f(x):\n    y = x\n    raise ValueError('my own words')")
    assert answer.error == "ValueError: my own words (line 3 of your cell)"


def test_an_import_that_fails_is_named_where_its_name_is_used(worker):
    statements = (
        Statement("import einops_is_missing as e", "cell 2", 1),
        Statement("def f(x): return e.rearrange(x)", "f", 1),
    )
    error = worker.run(Job("f", statements, (ONES,), (), 10.0)).answers[0].error
    assert "NameError" in error
    assert "einops_is_missing" in error


def test_a_switched_off_call_is_refused_and_flagged(worker):
    source = "import keras\ndef f(x): return keras.ops.softmax(x)"
    found = run(worker, source, switched_off=("keras.ops.softmax",))
    assert "switched off" in found.answers[0].error
    assert found.reached == ("keras.ops.softmax",)


def test_checks_in_a_submission_do_nothing(worker):
    assert only_answer(worker, "from vitlab import check\nfound = check(1)\ndef f(x): return found").value is None


def test_prints_and_warnings_do_no_harm(worker):
    source = (
        "import sys, warnings\ndef f(x):\n    print('x' * 10**7, file=sys.stderr)\n    warnings.warn('w')\n    return 1"
    )
    assert only_answer(worker, source).value == 1


def test_a_tf_function_with_a_loop_over_tensors_works(worker):
    source = (
        "import tensorflow as tf\n@tf.function\ndef f(x):\n    total = tf.zeros((3,))\n"
        "    for row in x:\n        total += row\n    return total"
    )
    np.testing.assert_array_equal(only_answer(worker, source).value, [2.0, 2.0, 2.0])


def test_a_zygote_that_dies_is_replaced_and_the_job_runs(worker):
    worker.process.kill()
    worker.process.wait()
    assert only_answer(worker, "def f(x): return 11").value == 11


@pytest.fixture
def bare_machine(monkeypatch):
    """A machine with neither namespaces nor Landlock."""
    monkeypatch.setattr(isolation, "namespaces_problem", lambda: "bubblewrap (bwrap) is not installed")
    monkeypatch.setattr(landlock, "version", lambda: 0)


def test_below_the_floor_nothing_is_chosen(bare_machine):
    with pytest.raises(isolation.NotIsolated, match=r"bubblewrap.*not installed.*apt install bubblewrap"):
        isolation.choose()


def test_below_the_floor_trusted_students_can_be_graded(bare_machine):
    assert isolation.choose(trusted=True) == isolation.TRUSTED


def test_trust_takes_no_layer_away_where_there_are_some(worker):
    assert isolation.choose(trusted=True) == worker.active


def test_without_namespaces_landlock_and_seccomp_take_over(monkeypatch):
    monkeypatch.setattr(isolation, "namespaces_problem", lambda: "refused by this system")
    monkeypatch.setattr(landlock, "version", lambda: 3)
    assert isolation.choose() == isolation.FALLBACK


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_told_to_use_a_linux_machine(monkeypatch, system):
    monkeypatch.setattr(isolation.sys, "platform", system)
    with pytest.raises(isolation.NotIsolated, match="container or virtual machine"):
        isolation.choose()


def test_time_lost_to_other_programs_is_given_back(worker, monkeypatch):
    source = "import time\ndef f(x):\n    time.sleep(1.4)\n    return 3"
    assert run(worker, source, seconds=1.0).ended == "timeout"
    monkeypatch.setattr(worker, "lost_to_others", lambda known: 0.9)
    assert only_answer(worker, source, seconds=1.0).value == 3


def test_a_job_that_makes_its_own_crowd_gets_nothing_back(worker):
    source = "import os\ndef f(x):\n    [os.fork() for _ in range(3)]\n    while True: pass"
    found = run(worker, source, seconds=2.0)
    assert found.ended == "timeout"
    assert found.seconds < 2.5


@pytest.mark.parametrize("folder", [".", "/dev", "/dev/shm", "/tmp"])
def test_nothing_passes_from_one_job_to_the_next(worker, folder):
    write = f"open('{folder}/left', 'w')"
    source = f"import os\ndef f(x):\n    found = os.path.exists('{folder}/left')\n    {write}\n    return found"
    answers = [only_answer(worker, source) for _ in range(2)]
    assert [answer.value for answer in answers if answer.error is None] in ([], [False, False])
