"""Who may import whom: students' code never meets answers, and the command line starts fast."""

import ast
import subprocess
import sys

import pytest

from autograder.lessons import CHECKOUT

OURS = ("autograder", "solutions", "vitlab")
SLOW = ("keras", "matplotlib", "nbconvert", "nbgrader", "sqlalchemy", "tensorflow")
INSIDE_MODULES = (
    "child", "clock", "landlock", "namespaces", "notebook", "privileges", "start", "syscalls", "tree", "watchdog",
    "weights", "wire", "zygote",
)  # fmt: skip
INSIDE = [f"autograder/run/{name}.py" for name in INSIDE_MODULES]


def files(folder):
    """The Python files below a folder, as paths from the checkout; kept answers of students are none of ours."""
    found = (path.relative_to(CHECKOUT) for path in (CHECKOUT / folder).rglob("*.py"))
    return sorted(str(path) for path in found if "answers" not in path.parts)


def imported(path):
    """Every module that a file imports, at top level or inside a function."""
    found = set()
    for node in ast.walk(ast.parse((CHECKOUT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def ours(path):
    """The modules and names of ours that a file imports."""
    return {name for name in imported(path) if name.split(".")[0] in OURS}


def below(names, *allowed):
    """Whether all names are one of the allowed modules or inside one."""
    return all(any(name == module or name.startswith(f"{module}.") for module in allowed) for name in names)


def test_the_folders_are_not_empty():
    assert min(len(files(folder)) for folder in ("course/vitlab", "solutions", "autograder")) > 4


@pytest.mark.parametrize("path", files("course/vitlab"))
def test_vitlab_imports_nothing_else_of_ours(path):
    assert below(ours(path), "vitlab")


@pytest.mark.parametrize("path", files("course/vitlab"))
def test_vitlab_needs_nothing_but_keras_numpy_and_matplotlib(path):
    others = {name.split(".")[0] for name in imported(path)} - set(sys.stdlib_module_names)
    allowed = {"IPython", "keras", "matplotlib", "numpy", "vitlab"}
    assert others <= (allowed | {"tensorflow"} if path == "course/vitlab/data/batches.py" else allowed)


@pytest.mark.parametrize("path", files("solutions"))
def test_solutions_import_of_ours_only_the_records_and_what_students_are_given_for_training(path):
    given = (
        "vitlab.checkpoints", "vitlab.data", "vitlab.scenes", "vitlab.sequences", "vitlab.teachers", "vitlab.training",
    )  # fmt: skip
    assert below(ours(path), "solutions", "autograder.records", *given)


@pytest.mark.parametrize("path", files("autograder"))
def test_the_engine_never_imports_solutions(path):
    assert not {name for name in ours(path) if name.startswith("solutions")}


def test_one_module_of_the_engine_reaches_solutions_by_name():
    reaching = [
        path
        for path in files("autograder")
        for node in ast.walk(ast.parse((CHECKOUT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.startswith("solutions.")
    ]
    assert set(reaching) == {"autograder/lessons.py"}


@pytest.mark.parametrize("path", INSIDE)
def test_what_runs_in_the_sandbox_imports_of_ours_only_itself_and_vitlab(path):
    assert below(ours(path), "autograder.run", "vitlab")


@pytest.mark.parametrize("path", INSIDE)
def test_what_runs_in_the_sandbox_never_imports_the_public_answers(path):
    assert not {
        name for name in ours(path) if name.startswith(("vitlab.checking", "vitlab.fixtures", "vitlab.diagnose"))
    }


def test_the_records_import_nothing_of_ours():
    assert ours("autograder/records.py") == set()


def loaded_by(module):
    """The packages that are in memory after a module was imported."""
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stdout.split())


def test_the_command_line_starts_without_the_slow_libraries():
    assert loaded_by("autograder.cli") & {*SLOW, "distributed"} == set()


@pytest.mark.parametrize("module", ["autograder.crew.station", "autograder.grade.parcel"])
def test_a_worker_does_without_the_gradebooks_libraries(module):
    assert loaded_by(module) & {"nbgrader", "sqlalchemy", "nbconvert", "jupyter_server"} == set()


def test_the_class_report_does_without_keras_and_the_gradebooks_libraries():
    assert loaded_by("autograder.report.read") & {*SLOW, "distributed"} == set()
