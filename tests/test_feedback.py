"""The feedback page: what it says of each exercise, and what it makes of formulas."""

import re

import pytest
from feedback_pages import ASSIGNMENT, EXERCISES, HINT, MESSAGE, all_alike, exercise, html, notebook, page, png, verdict
from pages import tree_of

from autograder.feedback.exporter import html_of, points
from autograder.feedback.formulas import mathml
from autograder.feedback.items import page_of
from autograder.feedback.prose import prose
from autograder.grade.verdict import READABLE_CASE
from autograder.gradebook.nodes import code_cell, markdown_cell, stream
from autograder.gradebook.nodes import notebook as plain_notebook

WRONG = {"attention_scores": exercise("attention_scores", "partial", 0.5, hint=HINT)}


def text_of(node):
    """The words below a node."""
    return " ".join("".join(node.itertext()).split())


def by_id(made):
    """The elements of a page that have an id."""
    return {node.get("id"): node for node in tree_of(made).iter() if node.get("id")}


def rows(made):
    """The lines of the list at the top."""
    return [text_of(node) for node in next(tree_of(made).iter("nav")).iter("li")]


def test_the_list_names_every_exercise_with_its_points():
    found = rows(html(verdict(**WRONG)))
    assert len(found) == len(EXERCISES) + 1
    for line, (name, most) in zip(found, EXERCISES.items(), strict=False):
        assert name in line
        assert f"of {most:g}" in line
    assert "Question 1" in found[-1]
    assert not any("cell" in line.lower() for line in found)


def test_every_line_of_the_list_leads_to_its_exercise():
    made = html(verdict(**WRONG))
    links = [node.get("href") for node in next(tree_of(made).iter("nav")).iter("a")]
    assert {link.removeprefix("#") for link in links} == {*(f"check_{name}" for name in EXERCISES), "question_1"}
    assert all(link.removeprefix("#") in by_id(made) for link in links)


def test_a_wrong_exercise_shows_its_hint_its_failed_case_and_what_was_right():
    found = text_of(by_id(html(verdict(**WRONG)))["check_attention_scores"])
    for words in ("7.5 of 15", HINT, "a mask of 0 and 1", MESSAGE, "1 of 2 checks right", "one head"):
        assert words in found


def test_a_message_is_said_once_where_cases_share_it():
    assert text_of(by_id(html(verdict(**WRONG)))["check_attention_scores"]).count(MESSAGE) == 1
    same = exercise("figure").cases + 3 * exercise("figure", "failed").cases[1:]
    found = html(verdict(figure=exercise("figure", "failed", 0.0, cases=same)))
    assert text_of(by_id(found)["check_figure"]).count(MESSAGE) == 1


def test_an_exercise_shows_the_code_that_was_handed_in():
    document = notebook()
    cell = next(c for c in document["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "softmax_rows")
    cell["source"] = "def softmax_rows(scores, axis=-1):\n    return 41 + 1"
    found = by_id(html(verdict(), document))
    assert "return 41 + 1" in text_of(found["check_softmax_rows"])
    assert "return 41 + 1" not in text_of(found["check_masked_scores"])


def test_a_figure_stands_with_its_exercise_and_once():
    picture = png((255, 0, 255))
    made = html(verdict(), notebook(figures={"attention_scores": picture}))
    assert picture in [node.get("src").rpartition(",")[2] for node in by_id(made)["check_attention_scores"].iter("img")]
    assert made.count(picture) == 1


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("timeout", "out of time"),
        ("out_of_memory", "out of memory"),
        ("crashed", "ended early"),
        ("missing", "not written"),
        ("infra_error", "a person will look"),
        ("failed", "not right yet"),
    ],
)
def test_the_end_of_an_exercise_is_said_in_words(outcome, words):
    made = html(verdict(figure=exercise("figure", outcome, 0.0)))
    assert words in text_of(by_id(made)["check_figure"]).lower()
    assert words in next(line for line in rows(made) if "figure" in line)


def test_a_stand_in_is_explained():
    made = html(verdict(figure=exercise("figure", stand_ins=("softmax_rows",))))
    assert "the earlier mistake counts only once" in text_of(by_id(made)["check_figure"])


def test_work_that_cannot_be_read_says_so_once_and_nothing_of_it_as_code():
    found = all_alike("refused", READABLE_CASE, "It breaks at line 7. Save it again.")
    made = html(found, problem="It breaks at line 7. Save it again.")
    assert made.count("It breaks at line 7") == 1
    assert not list(tree_of(made).iter("section"))
    assert len(rows(made)) == len(EXERCISES) + 1


def test_an_untouched_notebook_is_not_called_unreadable():
    found = page(all_alike("missing", "the exercise was begun", "not written yet"))
    assert found.problem == ""
    assert found.next.id == "check_attention_scores"


def test_a_late_penalty_is_said_with_both_sums():
    made = html(verdict(), late=12.5, by_hand={"question_1": 5.0})
    assert "12.5 points less" in text_of(by_id(made)["top"])
    assert "87.5 of 100 points" in text_of(by_id(made)["top"])
    assert "it would be 100" in text_of(by_id(made)["top"])
    assert "−12.5" in rows(made)[-1]


def test_an_answer_waits_for_a_person_until_one_has_graded_it():
    waiting, graded = (html(verdict(), by_hand=given) for given in ({}, {"question_1": 4.0}))
    assert "so far" in text_of(by_id(waiting)["top"])
    assert "– of 5" in rows(waiting)[-1]
    assert "so far" not in text_of(by_id(graded)["top"])
    assert "4 of 5" in rows(graded)[-1]


def test_a_persons_other_points_are_told_beside_the_checks_own():
    found = text_of(by_id(html(verdict(**WRONG), by_hand={"check_attention_scores": 11.0}))["check_attention_scores"])
    assert "11 of 15" in found
    assert "the checks alone came to 7.5" in found


@pytest.mark.parametrize(("score", "words"), [(4.0, "all right"), (1.5, "partly right"), (0.0, "not right yet")])
def test_a_plain_nbgrader_cell_is_told_by_its_points(score, words):
    solution, check = code_cell("x = 1", []), code_cell("assert x == 2", [stream("AssertionError <b>")])
    solution.metadata.nbgrader = {"grade_id": "f", "solution": True, "grade": False}
    about = {"grade_id": "test_f", "grade": True, "points": 4.0, "score": score, "by_machine": score, "by_hand": None}
    check.metadata.nbgrader = about
    cells = [markdown_cell("# Homework"), solution, check]
    marks = {"notebook": "hw", "student": "ada", "score": score, "max_score": 4.0, "late_penalty": 0.0}
    found = page_of(plain_notebook(cells, {}), marks)
    assert [(item.name, item.words) for item in found.items] == [("Test f", words)]
    text = text_of(by_id(html_of(found))["test_f"])
    assert "x = 1" in text
    assert "AssertionError <b>" in text


def test_a_comment_stands_with_its_answer():
    made = html(verdict(), by_hand={"question_1": 4.0}, comments={"question_1": "Well *said*."})
    assert "Well said." in text_of(by_id(made)["question_1"])


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        ({"masked_scores": exercise("masked_scores", "missing", 0.0)}, "check_masked_scores"),
        (
            {
                "attention_scores": exercise("attention_scores", "missing", 0.0),
                "softmax_rows": exercise("softmax_rows", "failed", 0.0),
                "figure": exercise("figure", "failed", 0.0, hint=HINT),
            },
            "check_figure",
        ),
    ],
)
def test_where_to_look_first_is_what_has_a_hint_then_what_was_tried(parts, name):
    assert page(verdict(**parts)).next.id == name


def test_who_has_everything_right_is_told_so():
    assert "Well done" in html(verdict(), by_hand={"question_1": 5.0})
    assert "Well done" not in html(verdict(**WRONG), by_hand={"question_1": 5.0})


def test_the_page_names_the_lesson():
    assert page(verdict()).title.startswith("Lesson 1")
    assert page(all_alike("refused", READABLE_CASE, "x"), problem="x").title == ASSIGNMENT


def test_the_page_loads_nothing_and_runs_nothing():
    made = html(verdict(**WRONG), notebook(figures={"figure": png((1, 2, 3))}))
    tree = tree_of(made)
    policy = next(node.get("content") for node in tree.iter("meta") if node.get("http-equiv"))
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not [node for tag in ("script", "link", "iframe", "object", "embed") for node in tree.iter(tag)]
    assert {node.get("src")[:11] for node in tree.iter("img")} == {"data:image/"}
    assert not re.search(r"url\(|@import", made)


def test_a_formula_of_the_lecture_becomes_mathml():
    assert mathml(r"\frac{q^T k}{\sqrt{d}}").startswith("<math")
    assert "<msqrt" in mathml(r"\frac{q^T k}{\sqrt{d}}")
    assert "$" not in prose("Scores are $q k$ and\n\n$$w_j = e^{s_j}$$\n")


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{score}{x}",
        r"\text{<script>alert(1)</script>}",
        r"\text{<img src=x onerror=alert(1)>}",
        r"\color{red' onclick='alert(1)}x",
        r"\unknown{x}",
        r"\frac{",
        "x" * 5_000,
        "{" * 1_500,
    ],
)
def test_tex_that_is_no_formula_is_shown_as_typed(tex):
    elements = [node.tag for node in tree_of(mathml(tex)).iter()]
    assert elements == ["html", "head", "body", "code"]
    assert text_of(tree_of(mathml(tex))) == tex


@pytest.mark.parametrize(("number", "words"), [(4.736842, "4.74"), (10.0, "10"), (0.0, "0"), (0.5, "0.5")])
def test_points_are_written_as_people_do(number, words):
    assert points(number) == words
