"""Collecting: every system's names as that system means them, and nothing in a bad archive stops the rest.

All archives are invented (tests/archives.py)."""

import contextlib
import io
import json
import shutil
import struct
import subprocess
import sys
import zipfile
from datetime import UTC, datetime

import pytest
from archives import ASSIGNMENT, GRADESCOPE, NOTEBOOK, bundle, link, notebook, special, zipped
from hypothesis import given, settings
from hypothesis import strategies as st
from nbgrader.utils import parse_utc

from autograder.collect.choose import choose, kind_of
from autograder.collect.collect import CollectError, collect
from autograder.collect.report import collected_table, read_record, record_file, summary
from autograder.collect.roster import Directory, RosterError, Student, read_roster
from autograder.collect.store import stored_time
from autograder.collect.systems import SYSTEMS, Person, Piece
from autograder.collect.unpack import ArchiveError, BadEntry, Entry, list_zip, why_not
from autograder.root import open_root


@pytest.fixture
def root(tmp_path):
    """As much of a course as collecting needs."""
    path = tmp_path / "course"
    (path / "source" / ASSIGNMENT).mkdir(parents=True)
    (path / "source" / ASSIGNMENT / NOTEBOOK).write_bytes(notebook())
    (path / "submitted").mkdir()
    for name in ("nbgrader_config.py", "secret_seed"):
        (path / name).write_text("")
    return open_root(path)


@pytest.fixture
def take(root, tmp_path):
    """Collects an archive of these files, and returns the rows by student."""

    def run(system, files, roster="", **given):
        archive = tmp_path / "download.zip"
        archive.write_bytes(files if isinstance(files, bytes) else zipped(files))
        file = None
        if roster:
            file = tmp_path / "roster.csv"
            file.write_text(roster, encoding="utf-8")
        run.report = collect(root, archive, ASSIGNMENT, system, file, **given)
        return {row.student: row for row in run.report.rows}

    return run


def stored(root, student):
    """Path to content of what lies in a student's submission."""
    folder = root.submission(ASSIGNMENT, student)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# each system's names


def test_a_canvas_download_is_collected_by_user_number(take, root):
    rows = take("canvas", {f"lovelaceada_101_5551_{NOTEBOOK}": notebook()})
    assert (rows["101"].outcome, rows["101"].late) == ("collected", False)
    assert stored(root, "101") == {NOTEBOOK: notebook()}


def test_canvas_says_who_is_late(take):
    rows = take("canvas", {f"lovelaceada_LATE_101_5551_{NOTEBOOK}": notebook()})
    assert rows["101"].late
    assert rows["101"].name == "lovelaceada"
    assert "not how late" in rows["101"].note


def test_canvas_names_may_hold_underscores_digits_and_letters_of_any_script(take):
    names = {"8": "o_brien2", "9": "김하나", "10": "हिन्दी", "11": "ทดสอบ"}
    rows = take("canvas", {f"{name}_LATE_{i}_77_{NOTEBOOK}": notebook() for i, name in names.items()})
    assert {i: (row.name, row.late) for i, row in rows.items()} == {i: (name, True) for i, name in names.items()}


@pytest.mark.parametrize(("late", "prefix"), [(False, ""), (True, "LATE_")])
def test_an_anonymous_canvas_download_is_collected(take, late, prefix):
    rows = take("canvas", {f"{prefix}anon_Ab3dE_5551_{NOTEBOOK}": notebook()}, "id,system_id\nada,anon_Ab3dE\n")
    assert (rows["ada"].outcome, rows["ada"].late) == ("collected", late)


def test_of_canvas_resubmissions_the_newest_counts_and_the_older_is_named(take, root):
    first, second = f"lovelaceada_101_5551_{NOTEBOOK}", f"lovelaceada_101_6002_{ASSIGNMENT}-1.ipynb"
    rows = take("canvas", {second: notebook("new"), first: notebook("old")})
    assert stored(root, "101")[NOTEBOOK] == notebook("new")
    assert (rows["101"].repeated, rows["101"].renamed) == ((NOTEBOOK,), (f"{ASSIGNMENT}-1.ipynb",))


def test_of_canvas_resubmissions_10_is_newer_than_9(take, root):
    files = {f"a_101_5551_{ASSIGNMENT}-{i}.ipynb": notebook(f"attempt {i}") for i in (9, 10, 2)}
    take("canvas", files)
    assert stored(root, "101")[NOTEBOOK] == notebook("attempt 10")


def test_a_text_entry_on_canvas_is_named(take):
    take("canvas", {"lovelaceada_101_text.html": b"hello", "lovelaceada_102_link.html": b"hello"})
    assert {one.reason for one in take.report.refused} == {"a text or a link was handed in, no file"}


MOODLE = {
    "folders, 4.1 and newer": f"Ada Lovelace_31_assignsubmission_file/{NOTEBOOK}",
    "folders, older": f"Ada Lovelace_31_assignsubmission_file_/{NOTEBOOK}",
    "folders of the student's": f"Ada Lovelace_31_assignsubmission_file/work/{NOTEBOOK}",
    "no folders": f"Ada Lovelace_31_assignsubmission_file_{NOTEBOOK}",
    "in another folder": f"VIT-Attention-9/Ada Lovelace_31_assignsubmission_file/{NOTEBOOK}",
}


@pytest.mark.parametrize("name", MOODLE.values(), ids=MOODLE)
def test_a_moodle_download_is_collected_by_participant_number(take, root, name):
    rows = take("moodle", {name: notebook()})
    assert (rows["31"].outcome, rows["31"].name) == ("collected", "Ada Lovelace")
    assert stored(root, "31") == {NOTEBOOK: notebook()}


def test_an_online_text_on_moodle_is_named(take):
    take("moodle", {"Ada Lovelace_31_assignsubmission_onlinetext/onlinetext.html": b"hello"})
    assert [one.reason for one in take.report.refused] == ["a text was handed in, no file"]


def gradescope(files):
    """An export with its metadata."""
    top = "assignment_9_export"
    return {f"{top}/submission_metadata.yml": GRADESCOPE} | {f"{top}/{name}": data for name, data in files.items()}


def test_a_gradescope_export_counts_the_newest_submission_with_its_time(take, root):
    rows = take(
        "gradescope",
        gradescope({f"submission_7003/{NOTEBOOK}": notebook("new"), f"submission_7001/{NOTEBOOK}": notebook("old")}),
    )
    assert stored(root, "101")[NOTEBOOK] == notebook("new")
    assert stored(root, "101")["timestamp.txt"] == b"2026-03-02 11:00:00.000000 UTC\n"
    assert rows["101"].repeated == (f"assignment_9_export/submission_7001/{NOTEBOOK}",)


def test_nothing_of_an_older_submission_is_mixed_into_a_newer_one(take, root):
    take(
        "gradescope",
        gradescope({f"submission_7003/{NOTEBOOK}": notebook(), "submission_7001/train_vit.weights.h5": b"old"}),
    )
    assert set(stored(root, "101")) == {NOTEBOOK, "timestamp.txt"}


def test_a_groups_submission_is_each_members(take, root):
    rows = take("gradescope", gradescope({f"submission_7002/{NOTEBOOK}": notebook()}))
    assert stored(root, "102") == stored(root, "alan@example.edu")
    assert rows["102"].submitted_at == "2026-03-03 00:30:00+00:00"


def test_submitters_whom_gradescope_gives_no_number_and_no_address_are_told_apart(take, root):
    metadata = "".join(
        f"submission_{i}:\n  :submitters:\n  - :name: {name}\n    :sid:\n    :email:\n  :created_at: 2026-03-0{i}\n"
        for i, name in ((1, "Ada Lovelace"), (2, "Alan Turing"))
    )
    files = {f"submission_{i}/{NOTEBOOK}": notebook(f"of {i}") for i in (1, 2)}
    roster = "id,name\nada,Ada Lovelace\nalan,Alan Turing\n"
    take("gradescope", {"submission_metadata.yml": metadata, **files}, roster)
    assert [stored(root, name)[NOTEBOOK] for name in ("ada", "alan")] == [notebook("of 1"), notebook("of 2")]


def test_a_gradescope_folder_that_nobody_handed_in_is_named(take):
    take("gradescope", gradescope({f"submission_9999/{NOTEBOOK}": notebook()}))
    assert [one.file for one in take.report.refused] == [f"assignment_9_export/submission_9999/{NOTEBOOK}"]


@pytest.mark.parametrize(
    "metadata",
    [None, b"", b"- a\n- b", b"a: [", b"\xff\xfe\x00", b"submission_1: 3", b"x: !!python/object/apply:os.system [ls]"],
)
def test_a_gradescope_export_without_readable_metadata_is_told(take, metadata):
    files = {f"submission_7001/{NOTEBOOK}": notebook()}
    with pytest.raises(ArchiveError, match="again"):
        take("gradescope", files if metadata is None else {**files, "submission_metadata.yml": metadata})


def test_metadata_in_a_students_own_folder_is_not_believed(take):
    with pytest.raises(ArchiveError):
        take("gradescope", {"export/submission_7001/submission_metadata.yml": GRADESCOPE})


@pytest.mark.parametrize(
    ("name", "content"),
    [(f"ada/{NOTEBOOK}", notebook()), ("ada.ipynb", notebook()), ("ada.zip", bundle()), ("ada/work.zip", bundle())],
)
def test_a_plain_archive_has_a_folder_or_a_file_for_each_student(take, root, name, content):
    take("plain", {name: content})
    assert stored(root, "ada")[NOTEBOOK] == notebook()


def test_a_folder_that_a_browser_unpacked_is_as_good_as_the_zip(root, tmp_path):
    folder = tmp_path / "unpacked" / "ada"
    folder.mkdir(parents=True)
    (folder / NOTEBOOK).write_bytes(notebook())
    (folder / "train_vit.weights.h5").symlink_to(root.path / "secret_seed")
    report = collect(root, tmp_path / "unpacked", ASSIGNMENT, "plain")
    assert stored(root, "ada") == {NOTEBOOK: notebook()}
    assert [one.file for one in report.refused] == ["ada/train_vit.weights.h5"]


@given(st.text(min_size=1, max_size=60), st.sampled_from(sorted(set(SYSTEMS) - {"gradescope"})))
@settings(deadline=None, max_examples=200)
def test_every_file_of_a_download_is_somebodys_or_named(name, system):
    pieces, refusals = SYSTEMS[system]([Entry(name, lambda limit: b"")])
    assert len(pieces) + len(refusals) == 1


NAMES = st.text(st.characters(categories=("L",)), min_size=1, max_size=9).map(str.lower)


@given(NAMES, st.booleans(), st.integers(1, 10**9), st.integers(1, 10**9), st.text("ab_1-. ()", min_size=1))
@settings(deadline=None, max_examples=200)
def test_canvas_names_are_taken_apart_as_canvas_puts_them_together(name, late, user, attachment, file):
    parts = [name, *(["LATE"] if late else []), str(user), str(attachment), file]
    ((piece,), _) = SYSTEMS["canvas"]([Entry("_".join(parts), lambda limit: b"")])
    assert (piece.person.system_id, piece.late, piece.file) == (str(user), late, file)


# bundles and loose files


def test_a_bundle_gives_notebook_and_artifacts(take, root):
    take("canvas", {"lovelaceada_101_5551_submission.zip": bundle()})
    assert set(stored(root, "101")) == {NOTEBOOK, "artifacts/train_vit.weights.h5", "artifacts/train_vit.json"}


def test_loose_files_find_their_places_whatever_canvas_and_browsers_made_of_their_names(take, root):
    names = [f"{ASSIGNMENT}-1.ipynb", "train_vit.weights-1.h5", "train_vit (2).json"]
    take("canvas", {f"a_101_{i}_{name}": notebook() for i, name in enumerate(names)})
    assert set(stored(root, "101")) == {NOTEBOOK, "artifacts/train_vit.weights.h5", "artifacts/train_vit.json"}


@pytest.mark.parametrize(
    ("file", "kind", "name"),
    [
        ("01_attention (1).ipynb", "notebook", "01_attention"),
        ("01_attention-Copy1.ipynb", "notebook", "01_attention"),
        ("train_vit.weights.h5", "weights", "train_vit"),
        ("train_vit.h5", "weights", "train_vit"),
        ("train_vit.weights (3).h5", "weights", "train_vit"),
        ("train_vit-2.json", "arguments", "train_vit"),
        ("..h5", "", ""),
        ("a b.json", "", ""),
        ("train_vit.keras", "", ""),
    ],
)
def test_a_files_name_says_what_it_is_a_copy_of(file, kind, name):
    assert kind_of(file) == (kind, name)


def test_a_renamed_notebook_is_collected_under_its_name_and_named(take, root):
    rows = take("plain", {"ada/my final version.ipynb": notebook()})
    assert list(stored(root, "ada")) == [NOTEBOOK]
    assert rows["ada"].renamed == ("my final version.ipynb",)


def test_a_scratch_notebook_beside_the_right_one_is_ignored(take, root):
    rows = take("plain", {"ada/scratch.ipynb": notebook("scratch"), f"ada/{NOTEBOOK}": notebook()})
    assert stored(root, "ada") == {NOTEBOOK: notebook()}
    assert rows["ada"].ignored == ("scratch.ipynb",)


@pytest.fixture
def choose_for():
    """The name in the archive of the notebook that is taken for an assignment; the last file is the newest."""

    def run(assignment, *files):
        entries = [Entry(name, lambda limit, name=name: name.encode()) for name in files]
        pieces = [Piece(Person("101"), one.name, one, order=(i,)) for i, one in enumerate(entries)]
        return choose(pieces, assignment).sources.get(f"{assignment}.ipynb")

    return run


@pytest.mark.parametrize("name", ["hw-2.ipynb", "HW-2.ipynb", "hw-2-1.ipynb", "hw-2 (1).ipynb", "hw-2-Copy1.ipynb"])
def test_an_assignment_whose_own_name_ends_like_a_copys_is_recognised(choose_for, name):
    assert choose_for("hw-2", name, "scratch.ipynb") == name


def test_a_notebook_of_another_number_is_not_a_copy_of_an_assignment_with_a_number(choose_for):
    assert choose_for("hw-2", "hw-2.ipynb", "hw-1.ipynb") == "hw-2.ipynb"


def test_two_different_notebooks_without_a_time_are_not_guessed_between(take, root):
    rows = take(
        "plain", {f"ada/a/{NOTEBOOK}": notebook("a"), f"ada/b/{NOTEBOOK}": notebook("b"), "bob.ipynb": notebook()}
    )
    assert rows["ada"].outcome == "refused"
    assert "nothing says which is the newest" in rows["ada"].refused[0].reason
    assert rows["bob"].outcome == "collected"


def test_two_equal_notebooks_are_one(take):
    rows = take("plain", {f"ada/a/{NOTEBOOK}": notebook(), f"ada/b/{NOTEBOOK}": notebook()})
    assert rows["ada"].outcome == "collected"


def test_what_computers_leave_behind_is_passed_over_in_silence(take):
    files = {"__MACOSX/ada/._x.ipynb": b"", "ada/.DS_Store": b"", f"ada/.ipynb_checkpoints/{NOTEBOOK}": b"old"}
    rows = take("plain", {**files, f"ada/{NOTEBOOK}": notebook()})
    assert (rows["ada"].ignored, rows["ada"].repeated, take.report.refused) == ((), (), ())


def test_what_is_too_large_for_the_grader_is_collected_so_that_it_can_say_so(take, root):
    take("plain", {f"ada/{NOTEBOOK}": bytes(21 * 2**20)})
    assert len(stored(root, "ada")[NOTEBOOK]) == 21 * 2**20


# hostile and broken archives: the student beside them is collected all the same


def bomb():
    """30 MB of nothing."""
    return zipped({NOTEBOOK: b"\0" * (30 * 2**20)}, compression=zipfile.ZIP_DEFLATED)


def large():
    """41 MB, without a trick."""
    return zipped({NOTEBOOK: bytes(41 * 2**20)})


def encrypted():
    """A member that says it needs a password."""
    data = bytearray(zipped({NOTEBOOK: notebook()}))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def lying():
    """A member whose header names a tenth of its size."""
    data = bytearray(zipped({NOTEBOOK: b" " * 100_000}, compression=zipfile.ZIP_DEFLATED))
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<L", 10_000)
    return bytes(data)


def damaged():
    """A byte changed in the middle."""
    data = bytearray(zipped({NOTEBOOK: notebook()}))
    data[60] ^= 255
    return bytes(data)


def nested(depth):
    """A bundle in a zip in a zip."""
    data = bundle()
    for _ in range(depth):
        data = zipped({"inner.zip": data})
    return data


HOSTILE = {
    "a bomb": bomb,
    "larger than any notebook": large,
    "encrypted": encrypted,
    "a lying header": lying,
    "damaged": damaged,
    "truncated": lambda: bundle()[:-30],
    "empty": lambda: b"",
    "no files": lambda: zipped({}),
    "not a zip": lambda: b"PK\3\4 but no more",
    "a link": lambda: zipped([(link(NOTEBOOK), b"../../../secret_seed")]),
    "a device": lambda: zipped([(special(NOTEBOOK, 0o020000), b"")]),
    "an absolute path": lambda: zipped({f"/tmp/{NOTEBOOK}": notebook()}),
    "a path upwards": lambda: zipped({f"../../other/{ASSIGNMENT}/{NOTEBOOK}": notebook()}),
    "backslashes upwards": lambda: zipped({f"..\\..\\{NOTEBOOK}": notebook()}),
    "a drive": lambda: zipped({f"C:\\{NOTEBOOK}": notebook()}),
    "control characters": lambda: zipped({f"a\n/{NOTEBOOK}": notebook()}),
    "a deep path": lambda: zipped({"a/" * 50 + NOTEBOOK: notebook()}),
    "zips in zips": lambda: nested(3),
    "another compression": lambda: zipped({NOTEBOOK: notebook()}, compression=zipfile.ZIP_LZMA),
    "many files": lambda: zipped({f"{i}.ipynb": b"" for i in range(2_001)}),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_bad_bundle_is_refused_with_a_reason_and_stops_nobody(take, root, tmp_path, make):
    rows = take("plain", {"bad.zip": make(), "good.zip": bundle()})
    assert rows["bad"].outcome == "refused"
    assert rows["bad"].refused or make is HOSTILE["no files"]
    assert rows["good"].outcome == "collected"
    assert sorted(path.name for path in (root.path / "submitted").iterdir()) == ["good"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["course", "download.zip"]


def test_a_good_file_beside_a_bad_one_counts(take, root):
    rows = take("plain", {"ada/bad.zip": b"no zip", f"ada/{NOTEBOOK}": notebook()})
    assert (rows["ada"].outcome, rows["ada"].refused[0].file) == ("collected", "bad.zip")


def test_a_name_twice_in_a_bundle_with_other_contents_is_refused(take):
    with pytest.warns(UserWarning, match="Duplicate name"):
        double = zipped([(NOTEBOOK, notebook("a")), (NOTEBOOK, notebook("b"))])
    assert take("plain", {"ada.zip": double})["ada"].outcome == "refused"


@pytest.mark.parametrize("name", ["علی\u200cرضا", "Jean\u00a0Doe", "a\u200db"], ids=["non-joiner", "space", "joiner"])
def test_joiners_and_unbroken_spaces_belong_to_peoples_names(take, name):
    assert take("moodle", {f"{name}_31_assignsubmission_file/{NOTEBOOK}": notebook()})["31"].outcome == "collected"


@pytest.mark.parametrize(
    "sign", ["\0", "\n", "\x7f", "\x85", "\ud800", "\u202a", "\u202e", "\u2066", "\u2069"], ids=ascii
)
def test_control_characters_and_signs_that_turn_text_around_are_in_no_name(sign):
    assert why_not(zipfile.ZipInfo(NOTEBOOK), f"a{sign}b/{NOTEBOOK}") == "a path that no student's file has"


def test_names_in_utf8_without_a_flag_are_read(take, root):
    data = zipped({"아다/x.ipynb": notebook()})
    at, flag = data.index(b"PK\1\2"), 0x800
    changed = bytearray(data)
    changed[7] &= ~(flag >> 8)
    changed[at + 9] &= ~(flag >> 8)
    assert take("plain", bytes(changed))["아다"].outcome == "collected"


@pytest.mark.parametrize("make", [HOSTILE["empty"], HOSTILE["truncated"], HOSTILE["not a zip"]])
def test_a_download_that_cannot_be_read_at_all_is_told(take, make):
    with pytest.raises(ArchiveError, match="Download it again"):
        take("plain", make())


@given(st.data())
@settings(deadline=None, max_examples=150)
def test_a_zip_with_bytes_changed_at_random_gives_files_or_a_reason(data):
    content = bytearray(bundle())
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        entries, _ = list_zip(io.BytesIO(content), 100, small=True)
    except BadEntry:
        return
    for entry in entries:
        with contextlib.suppress(BadEntry):
            assert len(entry.read(1000)) <= 1000


IDS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=30)


@given(IDS)
@settings(deadline=None, max_examples=200)
def test_no_name_of_an_archive_leaves_the_folder_of_submissions(tmp_path_factory, name):
    path = tmp_path_factory.mktemp("any")
    (path / "source" / ASSIGNMENT).mkdir(parents=True)
    (path / "source" / ASSIGNMENT / NOTEBOOK).write_bytes(notebook())
    (path / "submitted").mkdir()
    for file in ("nbgrader_config.py", "secret_seed"):
        (path / file).write_text("")
    archive = path.parent / f"{path.name}.zip"
    archive.write_bytes(zipped({f"{name}/{NOTEBOOK}": notebook()}))
    collect(open_root(path), archive, ASSIGNMENT, "plain")
    found = {file.relative_to(path).parts for file in path.rglob("*") if file.is_file() and "source" not in file.parts}
    placed = {parts for parts in found if len(parts) > 2}
    assert all(len(parts) == 4 and parts[2:] == (ASSIGNMENT, NOTEBOOK) for parts in placed)
    assert {parts[0] for parts in found} <= {"submitted", "nbgrader_config.py", "secret_seed", "collected"}


# who is who

ROSTER = """id,system_id,name,email
ada,101,Ada Lovelace,ada@example.edu
grace,,Grace Hopper,
alan,,Alan Turing,alan@example.edu
"""


@pytest.mark.parametrize(
    ("person", "id"),
    [
        (Person("101"), "ada"),
        (Person("7", "hoppergrace"), "grace"),
        (Person("7", "Grace Hopper"), "grace"),
        (Person("7", "Hopper, Grace"), "grace"),
        (Person("7", "", "ALAN@example.edu"), "alan"),
        (Person("grace"), "grace"),
        (Person("7", "Ada Lovelace"), None),
        (Person("7", "Nobody"), None),
        (Person("7"), None),
    ],
)
def test_a_student_is_found_by_number_address_or_name(tmp_path, person, id):
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER)
    found = Directory(read_roster(path)).find(person)
    assert (found.id if found else None) == id


def test_a_name_that_two_share_finds_nobody():
    students = [Student("a", name="Kim Hana"), Student("b", name="Kim Hana")]
    assert Directory(students).find(Person("7", "Kim Hana")) is None


def test_an_e_mail_that_two_share_finds_nobody():
    students = [Student("a", email="lab@example.edu"), Student("b", email="LAB@example.edu")]
    assert Directory(students).find(Person("7", "", "lab@example.edu")) is None


def test_a_number_that_is_somebody_elses_id_does_not_count_against_the_name(take, root):
    roster = "id,name\n777,Mary Major\n20555,Jon Doe\n"
    take("canvas", {f"doejohn_777_100_{NOTEBOOK}": notebook()}, roster)
    assert {row.name: row.outcome for row in take.report.rows} == {
        "doejohn": "unknown", "Mary Major": "missing", "Jon Doe": "missing"
    }  # fmt: skip
    assert list((root.path / "submitted").iterdir()) == []


@pytest.mark.parametrize(
    ("students", "name"),
    [
        ([Student("777")], "doejohn"),
        ([Student("777", name="John Doe")], ""),
        ([Student("777", name="John Doe"), Student("778", name="John Doe")], "doejohn"),
    ],
    ids=["no name in the roster", "no name in the download", "the same name as another"],
)
def test_a_number_is_an_id_where_no_name_is_against_it(students, name):
    assert Directory(students).find(Person("777", name)) == students[0]


def test_unknown_and_missing_students_are_named(take, root):
    files = {f"lovelaceada_101_1_{NOTEBOOK}": notebook(), f"stranger_999_2_{NOTEBOOK}": notebook()}
    rows = take("canvas", files, ROSTER)
    outcomes = {row.student or row.name: row.outcome for row in take.report.rows}
    assert outcomes == {"ada": "collected", "alan": "missing", "grace": "missing", "stranger": "unknown"}
    assert rows[""].system_id == "999"
    assert [path.name for path in (root.path / "submitted").iterdir()] == ["ada"]


def test_a_plain_archive_names_students_as_the_gradebook_does(take):
    assert take("plain", {"ada.ipynb": notebook()}, ROSTER)["ada"].outcome == "collected"


def test_two_people_who_would_be_one_student_are_both_refused(take, root):
    files = {f"hoppergrace_7_1_{NOTEBOOK}": notebook(), f"gracehopper_8_2_{NOTEBOOK}": notebook()}
    take("canvas", files, ROSTER)
    assert [row.note[:10] for row in take.report.of("refused")] == ["two people"] * 2
    assert list((root.path / "submitted").iterdir()) == []


def test_without_a_roster_those_who_handed_in_before_or_are_enrolled_are_missing(take, root):
    root.submission(ASSIGNMENT, "bob").mkdir(parents=True)
    rows = take("plain", {"ada.ipynb": notebook()}, enrolled=("eve",))
    assert {name: row.outcome for name, row in rows.items()} == {"ada": "collected", "bob": "missing", "eve": "missing"}


def test_the_roster_in_the_course_is_used_unless_another_is_named(take, root):
    (root.path / "roster.csv").write_text("id,system_id\nada,101\n")
    assert take("canvas", {f"x_101_1_{NOTEBOOK}": notebook()})["ada"].outcome == "collected"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name\nAda\n", "column `id`"),
        ("id\n../x\n", "cannot be a student's id"),
        ("id\n.x\n", "cannot be a student's id"),
        ("id\nada\nada\n", "ada is there twice as id"),
        ("id,system_id\na,1\nb,1\n", "1 is there twice as system_id"),
        ("id,submitted_at\na,yesterday\n", "Expected a time"),
    ],
)
def test_a_roster_that_cannot_be_used_is_told(tmp_path, text, words):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(RosterError, match=words):
        read_roster(path)


# times

DUE = datetime(2026, 3, 2, 23, 59, tzinfo=UTC)


def test_who_is_after_the_due_date_is_late(take):
    files = gradescope({f"submission_7002/{NOTEBOOK}": notebook(), f"submission_7003/{NOTEBOOK}": notebook()})
    rows = take("gradescope", files, due=DUE)
    assert {name for name, row in rows.items() if row.late} == {"102", "alan@example.edu"}


def test_an_extension_of_course_toml_moves_the_due_date(take, root):
    (root.path / "course.toml").write_text("[extensions]\n102 = 1\n")
    rows = take("gradescope", gradescope({f"submission_7002/{NOTEBOOK}": notebook()}), due=DUE)
    assert {name for name, row in rows.items() if row.late} == {"alan@example.edu"}


def test_the_rosters_time_is_used_where_the_download_has_none(take, root):
    roster = "id,system_id,submitted_at\nada,101,2026-03-03 08:30+09:00\n"
    rows = take("canvas", {f"x_101_1_{NOTEBOOK}": notebook()}, roster, due=DUE)
    assert not rows["ada"].late
    assert stored(root, "ada")["timestamp.txt"] == b"2026-03-02 23:30:00.000000 UTC\n"


def test_nbgrader_reads_the_time_as_it_was_meant(take, root):
    take("gradescope", gradescope({f"submission_7001/{NOTEBOOK}": notebook()}))
    text = stored(root, "101")["timestamp.txt"].decode().strip()
    assert parse_utc(text) == datetime(2026, 3, 2, 9, 0, 0, 250000)
    assert stored_time(root.submission(ASSIGNMENT, "101")) == datetime(2026, 3, 2, 9, 0, 0, 250000, UTC)


def test_a_students_own_timestamp_is_not_taken(take, root):
    take("plain", {f"ada/{NOTEBOOK}": notebook(), "ada/timestamp.txt": b"1999-01-01 00:00:00 UTC"})
    assert list(stored(root, "ada")) == [NOTEBOOK]


# again and again


def test_collecting_the_same_again_changes_nothing(take):
    files = {f"ada/{NOTEBOOK}": notebook()}
    take("plain", files)
    assert take("plain", files)["ada"].outcome == "unchanged"


def test_a_later_download_replaces_what_lies_there_whole(take, root):
    take("plain", {"ada.zip": bundle("old")})
    assert take("plain", {f"ada/{NOTEBOOK}": notebook("new")})["ada"].outcome == "replaced"
    assert stored(root, "ada") == {NOTEBOOK: notebook("new")}


def test_an_older_download_does_not_replace_a_newer_submission(take, root):
    take("gradescope", gradescope({f"submission_7003/{NOTEBOOK}": notebook("new")}))
    rows = take("gradescope", gradescope({f"submission_7001/{NOTEBOOK}": notebook("old")}))
    assert rows["101"].outcome == "kept"
    assert stored(root, "101")[NOTEBOOK] == notebook("new")


TIMED = "id,submitted_at\nada,{}\n"


def test_the_same_files_without_a_time_keep_the_noted_one(take, root):
    files = {f"ada/{NOTEBOOK}": notebook()}
    take("plain", files, TIMED.format("2026-03-02 23:10"))
    assert take("plain", files, TIMED.format(""))["ada"].outcome == "unchanged"
    assert stored(root, "ada")["timestamp.txt"] == b"2026-03-02 23:10:00.000000 UTC\n"


def test_other_files_without_a_time_do_not_inherit_the_noted_one(take, root):
    take("plain", {f"ada/{NOTEBOOK}": notebook("old")}, TIMED.format("2026-03-02 23:10"))
    take("plain", {f"ada/{NOTEBOOK}": notebook("new")}, TIMED.format(""))
    assert stored(root, "ada") == {NOTEBOOK: notebook("new")}


@pytest.mark.parametrize("wrong", ["2026-12-02 23:10", "2026-01-02 23:10"])
def test_a_corrected_time_is_written_whether_earlier_or_later(take, root, wrong):
    files = {f"ada/{NOTEBOOK}": notebook()}
    take("plain", files, TIMED.format(wrong))
    assert take("plain", files, TIMED.format("2026-03-02 23:10"))["ada"].outcome == "replaced"
    assert stored(root, "ada")["timestamp.txt"] == b"2026-03-02 23:10:00.000000 UTC\n"


def test_what_was_collected_before_stays_when_the_new_one_is_refused(take, root):
    take("plain", {f"ada/{NOTEBOOK}": notebook()})
    assert take("plain", {"ada.zip": b"broken"})["ada"].outcome == "refused"
    assert stored(root, "ada") == {NOTEBOOK: notebook()}


def test_a_link_where_a_submission_should_be_is_replaced_not_followed(take, root, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (root.path / "submitted/ada").mkdir()
    root.submission(ASSIGNMENT, "ada").symlink_to(tmp_path / "elsewhere")
    take("plain", {f"ada/{NOTEBOOK}": notebook()})
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert stored(root, "ada") == {NOTEBOOK: notebook()}


# the report


def test_the_report_is_kept_as_data_and_as_a_table(take, root):
    take("canvas", {f"lovelaceada_LATE_101_1_{NOTEBOOK}": notebook(), "junk": b""}, ROSTER)
    kept = read_record(record_file(root, ASSIGNMENT))
    assert kept == json.loads(json.dumps(kept))
    assert {row["student"]: row["outcome"] for row in kept["rows"]}["ada"] == "collected"
    assert collected_table(take.report).row_count == 4
    assert summary(take.report) == "1 new, 0 as before, 2 missing, 1 late, 0 with something twice, 0 refused or unknown"


def test_an_unknown_format_or_assignment_is_told(take, root, tmp_path):
    with pytest.raises(CollectError, match="canvas, moodle, gradescope, plain"):
        take("blackboard", {})
    with pytest.raises(CollectError, match="02_multihead"):
        collect(root, tmp_path, "02_multihead", "plain")


def run_command(root, *arguments):
    """The command as a person calls it."""
    command = [sys.executable, "-m", "autograder", "collect", *arguments, "--root", str(root.path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_the_command_collects_into_a_real_course_and_says_what_it_refused(course, tmp_path):
    (tmp_path / "all.zip").write_bytes(zipped({"collected-1.zip": bundle(), "collected-2.zip": b"broken"}))
    report = tmp_path / "report.json"
    given = ["--assignment", ASSIGNMENT, "--format", "plain", "--json", str(report)]
    done = run_command(course, str(tmp_path / "all.zip"), *given)
    assert done.returncode == 1, done.stderr
    assert "1 refused" in " ".join(done.stdout.split())
    assert "not a whole zip file" in report.read_text()
    rows = {row["student"]: row["outcome"] for row in json.loads(report.read_text())["rows"]}
    assert (rows["collected-1"], rows["collected-2"]) == ("collected", "refused")
    assert "collected-1" in course.students(ASSIGNMENT)
    shutil.rmtree(course.path / "submitted/collected-1")


def test_the_command_tells_of_an_archive_that_cannot_be_read(course, tmp_path):
    done = run_command(course, str(tmp_path / "no.zip"), "--assignment", ASSIGNMENT, "--format", "plain")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "Expected a zip file or a folder" in done.stderr
