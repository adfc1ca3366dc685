"""The house is in order: files that must not drift apart, and two commands that exist."""

import subprocess
import sys
import tomllib

import pytest
import yaml

from autograder.lessons import CHECKOUT, known_lessons
from autograder.settings import Settings, SettingsError, read_settings


def dependencies():
    """The instructor's run-time requirements."""
    return set(tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["dependencies"])


def conda():
    """environment.yml, split into conda's and pip's requirements."""
    content = yaml.safe_load((CHECKOUT / "environment.yml").read_text())["dependencies"]
    return [item for item in content if isinstance(item, str)], next(
        item["pip"] for item in content if isinstance(item, dict)
    )


def test_the_conda_environment_has_the_same_ranges_as_the_package():
    plain, pip = conda()
    assert dependencies() <= set(pip) | set(plain)


def test_the_conda_environment_names_nothing_that_the_package_does_not_need():
    _, pip = conda()
    assert {item for item in pip if not item.startswith("-")} <= dependencies()


def test_the_conda_environment_allows_the_same_pythons():
    plain, _ = conda()
    wanted = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]["requires-python"]
    assert f"python{wanted}" in plain


def test_every_requirement_has_a_version_for_ci():
    pinned = {line.partition("==")[0].lower() for line in (CHECKOUT / "constraints.txt").read_text().splitlines()}
    names = {item.partition(">=")[0].lower() for item in dependencies()}
    assert names <= pinned


COMMANDS = (
    "build", "init", "publish", "collect", "return", "grade", "report", "explain", "verify", "doctor", "new", "demo"
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_the_readme_or_its_guide_names_every_command(command):
    texts = [(CHECKOUT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md")]
    assert any(f"autograder {command}" in text for text in texts)


@pytest.mark.parametrize("command", [[], *([name] for name in COMMANDS)])
def test_every_command_explains_itself(command):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", *command, "--help"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_a_folder_that_is_no_course_is_told_with_what_to_do(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", "01_attention", "--root", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "autograder init" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_committed_settings_are_the_defaults_that_students_are_told():
    assert read_settings(CHECKOUT / "course.toml") == Settings(released=tuple(known_lessons()))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\nseconds = 3", "seconds_per_exercise"),
        ("[limits]\nseconds_per_exercise = 'long'", "wrong kind"),
        ("[limits]\nseconds_per_exercise = 0", "above 0"),
        ("[limits]\nseconds_per_submission = -1", "0 or a number above it"),
        ("[nonsense]\nx = 1", "sections"),
        ("[limits", "TOML"),
    ],
)
def test_a_wrong_setting_is_named_with_what_is_allowed(tmp_path, text, words):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(SettingsError, match=words):
        read_settings(tmp_path / "course.toml")


def test_no_limit_of_its_own_for_a_submission_may_be_set_as_it_is_by_default(tmp_path):
    (tmp_path / "course.toml").write_text("[limits]\nseconds_per_submission = 0")
    assert read_settings(tmp_path / "course.toml") == Settings()


def test_notebooks_are_committed_without_outputs():
    for path in (CHECKOUT / "course").glob("*/*.ipynb"):
        assert '"output_type"' not in path.read_text()
