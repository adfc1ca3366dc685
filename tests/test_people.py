"""The roster's names reach the gradebook, so that the formgrader lists people and not "None, None"."""

import pytest

from autograder.build.init import create_gradebook
from autograder.collect.people import in_two, introduce
from autograder.collect.roster import Student
from autograder.gradebook.steps import api_of
from autograder.root import open_root

ADA = Student("ada", name="Ada Lovelace", email="ada@example.edu")


@pytest.fixture
def root(tmp_path):
    """A course without lessons."""
    (tmp_path / "source").mkdir()
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'vitlab'\n")
    (tmp_path / "secret_seed").write_text("")
    create_gradebook(tmp_path)
    return open_root(tmp_path)


def people(root):
    with api_of(root.path) as api, api.gradebook as book:
        return {one.id: (one.first_name, one.last_name, one.email) for one in book.students}


def test_names_and_addresses_of_the_roster_are_the_gradebooks(root):
    assert introduce(root, [ADA, Student("bob")]) == ["ada"]
    assert people(root) == {"ada": ("Ada", "Lovelace", "ada@example.edu")}


def test_what_a_teacher_has_entered_stays_and_only_gaps_are_filled(root):
    with api_of(root.path) as api, api.gradebook as book:
        book.add_student("ada", first_name="Augusta Ada")
    introduce(root, [ADA])
    assert people(root) == {"ada": ("Augusta Ada", "Lovelace", "ada@example.edu")}
    assert introduce(root, [ADA]) == []


@pytest.mark.parametrize(
    ("name", "both"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace")),
        ("Lovelace, Ada", ("Ada", "Lovelace")),
        ("Ludwig van der Berg", ("Ludwig van der", "Berg")),
        ("van der Berg, Ludwig", ("Ludwig", "van der Berg")),
        ("Plato", ("", "Plato")),
        ("", ("", "")),
    ],
)
def test_a_name_has_two_parts_in_either_order(name, both):
    assert in_two(name) == both
