"""nbgrader's formgrader in a real browser, in a course made by `autograder init`: its buttons are our engine's doors.

A teacher's day in the order of a day: each fixture presses what the one before it has prepared, each test looks at what
was there to see.
"""

from dataclasses import dataclass

import pytest
from chromium import MISSING, is_here, open_browser, resize
from classroom import ASSIGNMENT, hand_in, scores
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from server import Desk, lab

from autograder.build.init import init_course
from autograder.demo.run import material_of
from autograder.grade.verdict import read_verdict
from autograder.root import CourseRoot, open_root
from autograder.run import isolation
from autograder.simulate import as_bytes

pytestmark = [
    pytest.mark.skipif(not is_here(), reason=MISSING),
    pytest.mark.skipif(isolation.strongest() is None, reason=f"no isolation here: {isolation.missing()}"),
]
UNSCALED = "def attention_scores(q, k, scale=None):\n    return ops.einsum('...id,...jd->...ij', q, k)"
COMMENT = "Well seen. What would *scaling* change?"


@dataclass
class Day:
    """A course and a teacher who works at it."""

    root: CourseRoot
    desk: Desk


@pytest.fixture(scope="module")
def day(tmp_path_factory):
    """JupyterLab in a new course, and a browser that shows it."""
    folder = tmp_path_factory.mktemp("formgrader")
    init_course(folder / "course")
    log = folder / "jupyter" / "log.txt"
    log.parent.mkdir()
    with lab(folder / "course", log) as (address, token), open_browser() as driver:
        resize(driver, 1280, 1000)
        yield Day(open_root(folder / "course"), Desk(driver, address, token, log))


@pytest.fixture(scope="module")
def menu(day):
    """What JupyterLab's menu of nbgrader offers."""
    day.desk.find(By.XPATH, "//li[contains(@class, 'lm-MenuBar-item') and normalize-space() = 'Nbgrader']").click()
    labels = day.desk.find(By.CSS_SELECTOR, ".lm-Menu-content").text.splitlines()
    day.desk.find(By.XPATH, "//div[contains(@class, 'lm-Menu-itemLabel') and normalize-space() = 'Formgrader']").click()
    frame = day.desk.find(By.CSS_SELECTOR, "iframe[src*='formgrader']")
    day.desk.driver.switch_to.frame(frame)
    shown = day.desk.find(By.XPATH, f"//td[normalize-space() = '{ASSIGNMENT}']").text
    day.desk.driver.switch_to.default_content()
    return labels, shown


@pytest.fixture(scope="module")
def released(day):
    """After Generate: the release's files."""
    day.desk.open("manage_assignments")
    day.desk.press(ASSIGNMENT, "assign")
    return sorted(path.name for path in day.root.release(ASSIGNMENT).parent.iterdir())


@pytest.fixture(scope="module")
def material(day, released):
    """What students write with."""
    return material_of(day.root, ASSIGNMENT)


def with_answer(notebook):
    """The notebook with an answer to the question in words."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "question_1":
            cell["source"] = "It blends the values. " * 8
    return as_bytes(notebook)


def autograde(day, student):
    """Press Autograde for a student; the points that the row then shows."""
    day.desk.open(f"manage_submissions/{ASSIGNMENT}")
    day.desk.press(student, "autograde")
    return day.desk.cell(student, "score")


@pytest.fixture(scope="module")
def autograded(day, material):
    """After Autograde: student to the points that the formgrader shows."""
    hand_in(day.root, "ada", with_answer(material.solved()))
    hand_in(day.root, "bob", with_answer(material.solved(attention_scores=UNSCALED)))
    return {student: autograde(day, student) for student in ("ada", "bob")}


@pytest.fixture(scope="module")
def graded_by_hand(day, autograded):
    """After a person has read bob's answer: 4 of 5 points and a comment. What the page then shows."""
    desk = day.desk
    desk.open(f"manage_students/bob/{ASSIGNMENT}")
    desk.find(By.LINK_TEXT, ASSIGNMENT, inside=desk.find(By.CSS_SELECTOR, "td.name")).click()
    box = desk.find(By.ID, "question_1")
    shown = {element.get_attribute("id"): element.get_attribute("placeholder") for element in score_boxes(desk)}
    box.send_keys("4", Keys.TAB)
    desk.wait(lambda _: scores(day.root)["bob", "question_1"][1] == 4, "the points to be saved")
    comment = desk.find(By.ID, "question_1-comment")
    comment.send_keys(COMMENT, Keys.TAB)
    desk.wait(lambda _: COMMENT in comments(day.root, "bob"), "the comment to be saved")
    desk.driver.refresh()
    desk.wait(lambda _: desk.find(By.ID, "question_1").get_attribute("value"), "the points to be shown")
    return {"automatic": shown, "by hand": desk.find(By.ID, "question_1").get_attribute("value")}


def score_boxes(desk):
    """The boxes for points, once the page has filled them."""
    desk.wait(
        lambda driver: driver.find_element(By.CSS_SELECTOR, "input.score").get_attribute("placeholder"), "the points"
    )
    return desk.driver.find_elements(By.CSS_SELECTOR, "input.score")


def comments(root, student):
    """What a person has written to a student."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root.path / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(ASSIGNMENT, ASSIGNMENT, student)
        return [comment.manual_comment for comment in notebook.comments]


@pytest.fixture(scope="module")
def feedback(day, graded_by_hand):
    """After Generate feedback: bob's page."""
    day.desk.open(f"manage_submissions/{ASSIGNMENT}")
    day.desk.press("bob", "generate-feedback")
    return day.root.path / "feedback" / "bob" / ASSIGNMENT / f"{ASSIGNMENT}.html"


@pytest.fixture(scope="module")
def regraded(day, material, feedback):
    """After bob has handed in again, with the mistake mended, and Autograde: the points that are shown."""
    hand_in(day.root, "bob", with_answer(material.solved()))
    return autograde(day, "bob")


def test_jupyterlabs_menu_opens_the_formgrader(menu):
    labels, shown = menu
    assert "Formgrader" in labels
    assert shown == ASSIGNMENT


def test_generate_makes_the_release_with_the_wheel_beside_it(released):
    assert released[0] == f"{ASSIGNMENT}.ipynb"
    assert released[1].endswith(".whl")


def test_autograde_gives_the_points_of_the_verdict(day, autograded):
    for student, shown in autograded.items():
        points = read_verdict(day.root.verdict(ASSIGNMENT, student)).points
        assert shown == f"{round(points, 2):g} / 100"
    assert autograded["ada"] == "95 / 100"


def test_autograde_puts_the_verdicts_points_into_the_gradebook_cell_by_cell(day, autograded):
    found = scores(day.root)
    for student in autograded:
        parts = read_verdict(day.root.verdict(ASSIGNMENT, student)).exercises
        assert {name: found[student, f"check_{name}"][0] for name in parts} == {n: p.points for n, p in parts.items()}


def test_the_page_for_grading_shows_the_automatic_points_of_each_exercise(day, graded_by_hand):
    shown = graded_by_hand["automatic"]
    assert float(shown["check_attention_scores"]) < 15
    assert float(shown["check_softmax_rows"]) == 15


def test_points_by_hand_are_kept_and_shown_again(graded_by_hand):
    assert graded_by_hand["by hand"] == "4"


def test_the_feedback_button_makes_our_page_with_both_kinds_of_points(day, feedback):
    driver = day.desk.driver
    driver.get(feedback.as_uri())
    assert "attention_scores" in driver.find_element(By.TAG_NAME, "nav").text
    written = driver.find_element(By.ID, "question_1").text
    assert "4 of 5" in written
    assert "What would scaling change?" in written
    assert driver.find_element(By.CSS_SELECTOR, "#check_attention_scores .hint").is_displayed()
    assert driver.find_elements(By.TAG_NAME, "script") == []


def test_a_regrade_replaces_the_automatic_points_and_keeps_those_by_hand(day, regraded):
    assert regraded == "99 / 100"
    found = scores(day.root)
    assert found["bob", "check_attention_scores"][0] == 15
    assert found["bob", "question_1"][1] == 4
