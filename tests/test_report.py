"""The class report: its figures against independent arithmetic, its page against what students could write in it."""

import csv
import io
import json
import statistics
import subprocess
import sys
from dataclasses import replace

import pytest
from pages import tree_of
from verdicts import ASSIGNMENT, EXERCISES, all_alike, part, simulated_verdicts, verdict_of, with_accuracy, write_all

from autograder.report.charts import whole_percents
from autograder.report.csv_table import csv_of
from autograder.report.figures import discrimination, report_of
from autograder.report.groups import difficulty_words, discrimination_words
from autograder.report.page import page_of
from autograder.report.read import NoVerdicts, read_report
from autograder.root import CourseRoot

SCRIPT = "</script><script>window.hacked=1</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def verdicts():
    """A class of 60."""
    return simulated_verdicts(60)


@pytest.fixture(scope="module")
def report(verdicts):
    """Its report."""
    return report_of(ASSIGNMENT, verdicts)


@pytest.fixture(scope="module")
def page(report):
    """Its page."""
    return page_of(report, "Vision Transformers")


def correlation(xs, ys):
    """Pearson's correlation, term by term."""
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    together = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True))
    apart = sum((x - mean_x) ** 2 for x in xs) * sum((y - mean_y) ** 2 for y in ys)
    return together / apart**0.5


def graded(verdicts):
    """Those who wrote something and whom no fault of ours concerns, read off the outcomes."""
    nothing = {"missing", "refused"}
    outcomes = {student: {p.outcome for p in verdict.exercises.values()} for student, verdict in verdicts.items()}
    return [verdicts[who] for who, found in outcomes.items() if found - nothing and "infra_error" not in found]


@pytest.mark.parametrize("name", EXERCISES)
def test_discrimination_is_the_correlation_with_the_rest(verdicts, report, name):
    own = [verdict.exercises[name].points for verdict in graded(verdicts)]
    rest = [verdict.points - points for verdict, points in zip(graded(verdicts), own, strict=True)]
    found = next(item.discrimination for item in report.items if item.name == name)
    assert found == pytest.approx(correlation(own, rest), abs=1e-9)


@pytest.mark.parametrize("name", EXERCISES)
def test_difficulty_is_the_mean_share_of_the_points(verdicts, report, name):
    found = next(item.difficulty for item in report.items if item.name == name)
    shares = [verdict.exercises[name].points / EXERCISES[name][0] for verdict in graded(verdicts)]
    assert found == pytest.approx(statistics.fmean(shares))


def test_discrimination_of_hand_counted_points():
    own, rest = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert discrimination(own, rest) == pytest.approx(0.870388, abs=1e-6)
    assert discrimination(own, rest[::-1]) == pytest.approx(-0.870388, abs=1e-6)


@pytest.mark.parametrize(("own", "rest"), [([1, 2] * 4, [1, 2] * 4), ([1] * 12, [1, 2] * 6), ([1, 2] * 6, [5] * 12)])
def test_discrimination_says_nothing_of_few_students_or_of_equal_points(own, rest):
    assert discrimination(own, rest) is None


def test_the_spread_is_that_of_the_standard_library(verdicts, report):
    points = [verdict.points for verdict in graded(verdicts)]
    quarters = statistics.quantiles(points, n=4, method="inclusive")
    spread = report.spread
    found = [spread.lowest, spread.lower_quarter, spread.median, spread.upper_quarter, spread.highest]
    assert found == pytest.approx([min(points), *quarters, max(points)])


def test_every_student_with_a_misconception_is_named_once(verdicts, report):
    found = {(mistake.id, student) for mistake in report.mistakes for student in mistake.students}
    wanted = {(p.misconception, who) for who, v in verdicts.items() for p in v.exercises.values() if p.misconception}
    assert found == wanted
    assert sum(len(mistake.students) for mistake in report.mistakes) == len(wanted)


@pytest.mark.parametrize("explained", [True, False])
def test_topics_of_a_kind_concern_most_students_first_and_never_one_alone(report, explained):
    counts = [len(topic.students) for topic in report.topics if bool(topic.mistakes) == explained]
    assert counts == sorted(counts, reverse=True)
    assert min(counts) >= 2


def test_what_a_hint_explains_comes_before_what_nobody_has_recognised(report):
    explained = [bool(topic.mistakes) for topic in report.topics]
    assert explained == sorted(explained, reverse=True)
    assert set(explained) == {True, False}


def test_mistakes_that_share_a_hint_are_one_topic():
    found = {}
    for i, name in enumerate(["no_scale", "no_scale_at_all", "no_scale"]):
        exercise = part("failed", 0.0, 15.0, f"attention_scores.{name}", "What did the slide divide by?")
        found[f"s{i}"] = verdict_of(f"s{i}", {"attention_scores": exercise})
    topics = report_of(ASSIGNMENT, found).topics
    assert [(topic.title, topic.students) for topic in topics] == [("no scale, or no scale at all", ("s0", "s1", "s2"))]


def test_groups_of_each_exercise_add_up_to_those_who_wrote_something(report):
    assert {sum(item.groups.values()) for item in report.items} == {report.begun}


def test_who_is_worth_a_look_and_why():
    right = part("passed", 15.0, 15.0)
    found = {
        "fine": verdict_of("fine", {"a": right}),
        "flagged": verdict_of("flagged", {"a": right}, ["copied cell: a"]),
        "slow": verdict_of("slow", {"a": right, "b": part("timeout", 0.0, 5.0)}),
        "idle": all_alike("idle", "missing"),
        "torn": all_alike("torn", "refused"),
        "ours": verdict_of("ours", {"a": right, "b": part("infra_error", 0.0, 5.0)}),
    }
    looks = {look.student: " ".join(look.reasons) for look in report_of(ASSIGNMENT, found).looks}
    assert set(looks) == set(found) - {"fine"}
    for student, words in {
        "flagged": "copied cell", "slow": "never ended", "idle": "help to begin", "torn": "ask for it again",
        "ours": "grade again",
    }.items():  # fmt: skip
        assert words in looks[student]


def test_a_fault_of_ours_counts_neither_in_points_nor_in_correlations(verdicts):
    ours = {f"x{i}": all_alike(f"x{i}", "infra_error") for i in range(9)}
    with_ours, without = report_of(ASSIGNMENT, {**verdicts, **ours}), report_of(ASSIGNMENT, verdicts)
    assert with_ours.points == without.points
    assert [item.discrimination for item in with_ours.items] == [item.discrimination for item in without.items]


def item(verdicts, name):
    """The figures of one exercise."""
    return next(item for item in report_of(ASSIGNMENT, verdicts).items if item.name == name)


def test_an_exercise_that_is_worth_nothing_has_a_place_on_the_page_and_no_difficulty():
    parts = {"a": part("passed", 15.0, 15.0), "b": part("missing", 0.0, 0.0)}
    verdicts = {f"s{i}": verdict_of(f"s{i}", parts) for i in range(12)}
    report = report_of(ASSIGNMENT, verdicts)
    assert [item.difficulty for item in report.items] == [1.0, None]
    assert report.topics == ()
    assert "s11" in page_of(report, "")


def later(verdicts, name):
    """A class in which every second student began before there was an exercise, so that a person decides there."""
    left = replace(part("missing", 0.0, EXERCISES[name][0]), by_hand=True)
    made = dict(verdicts)
    for student in list(verdicts)[::2]:
        made[student] = verdict_of(student, {**verdicts[student].exercises, name: left})
    return made


def test_what_a_person_decides_is_neither_hard_nor_left_out_by_the_student():
    right = {name: part("passed", most, most) for name, (most, *_) in EXERCISES.items()}
    report = report_of(ASSIGNMENT, later({f"s{i}": verdict_of(f"s{i}", right) for i in range(6)}, "figure"))
    assert {item.difficulty for item in report.items} == {1.0}
    assert report.topics == ()


def test_what_a_person_decides_tells_no_students_apart(verdicts):
    some = later(verdicts, "figure")
    others = {student: verdict for student, verdict in verdicts.items() if some[student] is verdict}
    assert item(some, "figure").discrimination == item(others, "figure").discrimination


def test_what_a_person_decides_is_not_missing_from_the_rest():
    names = ("a", "b", "c")
    outcomes = [("passed", 10.0), ("failed", 0.0)] * 6
    alike = {f"s{i}": verdict_of(f"s{i}", {n: part(*end, 10.0) for n in names}) for i, end in enumerate(outcomes)}
    waits = replace(part("missing", 0.0, 10.0), by_hand=True)
    some = {who: verdict_of(who, {**v.exercises, "c": waits}) if who < "s6" else v for who, v in alike.items()}
    assert item(some, "a").discrimination == pytest.approx(1.0)


def test_accuracies_are_held_against_the_bar():
    base = verdict_of("s", {"a": part("passed", 15.0, 15.0)})
    found = {f"s{i}": with_accuracy(base, accuracy) for i, accuracy in enumerate([0.2, 0.4, 0.5, 0.61])}
    found["without"] = base
    trained = report_of(ASSIGNMENT, found).trained
    assert trained.accuracies == {"s0": 0.2, "s1": 0.4, "s2": 0.5, "s3": 0.61}
    assert (trained.reached, trained.full_marks_at, trained.zero_at, trained.dataset) == (2, 0.5, 0.3, "cifar10")


@pytest.mark.parametrize(
    ("shares", "ends"),
    [
        ([0.983, 0.833], [0.83, 0.99]),
        ([0.212, 0.516, 0.7], [0.21, 0.71]),
        ([1.0, 1.0], [0.95, 1.0]),
        ([0.0], [0.0, 0.01]),
    ],
)
def test_the_plot_of_accuracies_ends_at_whole_percentages(shares, ends):
    assert whole_percents(shares) == ends


def test_a_model_short_of_its_bar_is_no_riddle():
    base = verdict_of("s", {"a": part("passed", 15.0, 15.0)})
    report = report_of(ASSIGNMENT, {f"s{i}": with_accuracy(base, 0.4) for i in range(5)})
    assert report.topics == ()
    assert report.items[-1].unexplained == ()


@pytest.mark.parametrize(
    ("share", "words"), [(1.0, "easy"), (0.9, "easy"), (0.5, "medium"), (0.29, "very hard"), (None, "cannot")]
)
def test_difficulty_in_words(share, words):
    assert difficulty_words(share).startswith(words)


@pytest.mark.parametrize(
    ("number", "words"),
    [(0.4, "separates well"), (0.39, "separates"), (0.0, "hardly"), (-0.01, "rev"), (None, "cannot")],
)
def test_discrimination_in_words(number, words):
    assert discrimination_words(number).startswith(words)


def hostile():
    """A class whose names, flags and messages are markup and formulas."""
    exercise = replace(part("failed", 0.0, 15.0), hint=SCRIPT, misconception=f"a.{SCRIPT}", cases=())
    names = [SCRIPT, "=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1+1", "\t=1", "plain"]
    return {name: verdict_of(name, {"a": exercise}, [SCRIPT]) for name in names}


def test_nothing_that_students_write_becomes_markup():
    tree = tree_of(page_of(report_of(ASSIGNMENT, hostile(), [SCRIPT], [SCRIPT]), SCRIPT))
    assert list(tree.iter("img")) == []
    assert len(list(tree.iter("script"))) == 3
    assert not [node for node in tree.iter() if any(name.startswith("on") for name in node.attrib)]


def test_names_of_students_are_shown_as_they_are():
    text = "".join(tree_of(page_of(report_of(ASSIGNMENT, hostile()), "")).itertext())
    assert SCRIPT in text


def test_no_cell_of_the_table_is_a_formula():
    rows = list(csv.reader(io.StringIO(csv_of(report_of(ASSIGNMENT, hostile())))))
    students = [row[0] for row in rows[1:]]
    assert sum(name.startswith("'") for name in students) == 7
    assert {name for name in students if not name.startswith("'")} == {SCRIPT, "plain"}


def test_the_table_has_a_row_for_each_student_and_a_column_for_each_exercise(verdicts, report):
    rows = list(csv.DictReader(io.StringIO(csv_of(report))))
    assert [row["student"] for row in rows] == sorted(verdicts)
    for row in rows:
        wanted = verdicts[row["student"]]
        assert float(row["points"]) == wanted.points
        assert {name: float(row[name]) for name in EXERCISES} == {n: p.points for n, p in wanted.exercises.items()}


def test_the_page_asks_the_network_for_nothing(page):
    tree = tree_of(page)
    policy = next(node.get("content") for node in tree.iter("meta") if node.get("http-equiv"))
    assert policy.startswith("default-src 'none'")
    assert not [node for node in tree.iter() if node.get("src") or node.tag == "link"]
    assert not [node for node in tree.iter("a") if not node.get("href").startswith("#")]


def test_every_link_of_the_page_has_a_place(page):
    tree = tree_of(page)
    places = {node.get("id") for node in tree.iter()}
    assert {node.get("href")[1:] for node in tree.iter("a")} <= places
    charts = json.loads(next(node.text for node in tree.iter("script") if node.get("id") == "charts"))
    assert set(charts) <= places


def test_the_bar_of_an_exercise_is_made_of_all_its_students(page, report):
    bars = [node for node in tree_of(page).iter("span") if node.get("class") == "stack"]
    assert len(bars) == len(report.items)
    for bar, item in zip(bars, report.items, strict=True):
        widths = [float(part.get("style").removeprefix("width: ").removesuffix("%")) for part in bar]
        assert sum(widths) == pytest.approx(100, abs=0.1)
        assert [part.get("title") for part in bar] == [f"{count} {group}" for group, count in item.groups.items()]


def test_the_first_section_is_what_to_talk_about(page, report):
    first = next(tree_of(page).iter("section"))
    assert first.get("id") == "talk"
    text = " ".join("".join(first.itertext()).split())
    for topic in report.topics:
        assert topic.title in text
        assert topic.text in text


@pytest.mark.parametrize("outcome", ["missing", "refused", "infra_error", "passed"])
def test_a_class_of_one_kind_has_a_page(outcome):
    verdicts = {"ada": all_alike("ada", outcome)}
    assert "ada" in page_of(report_of(ASSIGNMENT, verdicts), "")


def test_the_students_name_is_that_of_the_file(tmp_path):
    root = CourseRoot(tmp_path)
    write_all(root, {"ada": all_alike("somebody-else", "passed")})
    assert [row.student for row in read_report(root, ASSIGNMENT).rows] == ["ada"]


def test_a_broken_verdict_and_an_ungraded_student_are_named(tmp_path):
    root = CourseRoot(tmp_path)
    write_all(root, {"ada": all_alike("ada", "passed")})
    root.verdict(ASSIGNMENT, "bob").write_text("{")
    root.submission(ASSIGNMENT, "cleo").mkdir(parents=True)
    report = read_report(root, ASSIGNMENT)
    assert (report.unread, report.ungraded) == (("bob.json",), ("cleo",))


def test_without_verdicts_it_is_said_what_to_run(tmp_path):
    with pytest.raises(NoVerdicts, match="autograder grade"):
        read_report(CourseRoot(tmp_path), ASSIGNMENT)


def test_the_command_writes_page_table_and_data_without_keras_or_nbgrader(tmp_path):
    write_all(CourseRoot(tmp_path), simulated_verdicts(30))
    program = (
        "import sys; from autograder.cli import main\n"
        f"sys.argv = 'autograder report {ASSIGNMENT} --root {tmp_path} --json {tmp_path}/x.json'.split()\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(sorted({'keras', 'tensorflow', 'nbgrader', 'distributed'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=120)
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout + done.stderr
    assert (tmp_path / "reports" / f"{ASSIGNMENT}.html").is_file()
    assert (tmp_path / "reports" / f"{ASSIGNMENT}.csv").is_file()
    assert len(json.loads((tmp_path / "x.json").read_text())["rows"]) == 30
