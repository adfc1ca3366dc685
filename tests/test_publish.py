"""Publishing: what is released so far and nothing else, into a folder that is ours and no other."""

import contextlib
import http.server
import importlib.util
import io
import os
import subprocess
import sys
import threading
import zipfile
from functools import partial
from types import SimpleNamespace

import nbformat
import pytest

from autograder.build.address import AddressError, colab_address, raw_address
from autograder.build.instructor import wheel_name
from autograder.build.leaks import Leak
from autograder.build.notebook import INSTALL, install_cell
from autograder.lessons import CHECKOUT, UnknownLesson, known_lessons
from autograder.publish import contents
from autograder.publish.contents import PublishError, lessons_of, looked_through, public_files, syllabus
from autograder.publish.folder import MANIFEST, update
from autograder.root import CourseRoot
from autograder.settings import Settings

FIRST = known_lessons()[0]
NOTEBOOK = f"{FIRST}/{FIRST}.ipynb"
URL = "https://github.com/ada/vit"


@pytest.fixture(scope="module")
def files():
    """The public course up to the first lesson; building the wheel takes seconds."""
    return public_files(FIRST, URL)


def cells(content):
    return nbformat.reads(content.decode(), 4).cells


# what is in it


def test_there_are_the_lesson_the_syllabus_and_the_wheel_and_nothing_else(files):
    assert set(files) == {NOTEBOOK, "README.md", wheel_name()}


def test_the_first_cell_is_a_badge_that_opens_the_notebook_in_colab(files):
    link = f"https://colab.research.google.com/github/ada/vit/blob/main/{NOTEBOOK}"
    assert cells(files[NOTEBOOK])[0].source.endswith(f"]({link})")


def test_but_for_badge_and_install_cell_the_notebook_is_the_committed_one(files):
    committed = nbformat.read(CHECKOUT / "course" / NOTEBOOK, 4)
    published = nbformat.reads(files[NOTEBOOK].decode(), 4)
    differing = [
        (one.source, two.source) for one, two in zip(committed.cells, published.cells[1:], strict=True) if one != two
    ]
    assert [new.replace("https://raw.githubusercontent.com/ada/vit/main", "") for _, new in differing] == [
        old for old, _ in differing
    ]
    assert len(differing) == 1
    assert published.metadata == committed.metadata  # the release's id among it


def test_the_wheel_holds_the_fixtures_of_published_lessons_only(files):
    names = zipfile.ZipFile(io.BytesIO(files[wheel_name()])).namelist()
    assert [name for name in names if name.startswith("vitlab/fixtures/") and name.endswith(".npz")] == [
        f"vitlab/fixtures/{FIRST}.npz"
    ]


def test_fixtures_of_later_lessons_are_left_out_of_a_wheel():
    with zipfile.ZipFile(io.BytesIO(contents.wheel_of([]))) as wheel:
        assert not [name for name in wheel.namelist() if name.startswith("vitlab/fixtures/") and name.endswith(".npz")]
        assert "vitlab/checking.py" in wheel.namelist()


def test_the_same_course_gives_the_same_bytes(files):
    assert public_files(FIRST, URL) == files


def test_nothing_of_the_solutions_is_in_it(files):
    held = looked_through(files)
    private = {path.read_bytes() for path in (CHECKOUT / "solutions").rglob("*.py") if path.stat().st_size > 200}
    assert not private & set(held.values())
    assert not [name for name in held if "solutions" in name or "lesson.py" in name]


def test_a_leak_in_the_wheel_is_refused(monkeypatch):
    line = "return exponentials / ops.sum(exponentials, axis=axis, keepdims=True)"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as wheel:
        wheel.writestr("vitlab/parts.py", f"def f():\n    {line}\n")
    monkeypatch.setattr(contents, "wheel_of", lambda lessons: buffer.getvalue())
    with pytest.raises(Leak, match=r"whl/vitlab/parts\.py"):
        public_files(FIRST, URL)


def test_the_syllabus_links_to_published_lessons_only(monkeypatch, tmp_path):
    (tmp_path / "course").mkdir()
    (tmp_path / "course/README.md").write_text("| [1 A](01_a/01_a.ipynb) |\n| [2 B](02_b/02_b.ipynb) |\n")
    monkeypatch.setattr(contents, "CHECKOUT", tmp_path)
    monkeypatch.setattr(contents, "wheel_name", lambda: "w.whl")
    text = syllabus(["01_a"], "https://example.org/v")
    assert "[1 A](01_a/01_a.ipynb)" in text
    assert "| 2 B |" in text
    assert "pip install https://example.org/v/w.whl" in text


def test_the_syllabus_has_a_link_to_each_lesson_that_there_is():
    text = syllabus(known_lessons(), "https://example.org/v")
    assert [name for name in known_lessons() if f"({name}/{name}.ipynb)" not in text] == []


def test_a_stale_notebook_is_not_published(monkeypatch):
    monkeypatch.setattr(contents, "as_text", lambda notebook: "other")
    with pytest.raises(PublishError, match="autograder build"):
        public_files(FIRST, URL)


@pytest.mark.parametrize("name", ["99_nothing", "4_vit", "9_vit", "99_vit", "vit"])
def test_an_unknown_lesson_is_told(name):
    with pytest.raises(UnknownLesson, match=f"Expected one of {FIRST}.*Received: {name}"):
        lessons_of(name, Settings())


def test_without_a_last_lesson_those_that_the_settings_list_are_published():
    settings = Settings(released=("09_windows", FIRST))
    assert lessons_of("", settings) == [FIRST, "09_windows"]
    assert lessons_of("02_multihead", settings) == known_lessons()[:2]


def test_no_lesson_at_all_is_told():
    with pytest.raises(PublishError, match=r"released in course\.toml"):
        lessons_of("", Settings())


@pytest.mark.parametrize("name", ["99_nothing", "4_vit"])
def test_a_lesson_in_the_settings_that_there_is_not_is_told(name):
    with pytest.raises(UnknownLesson, match=name):
        lessons_of("", Settings(released=(FIRST, name)))


def test_without_an_address_nothing_is_published():
    with pytest.raises(PublishError, match="--url"):
        public_files(FIRST, "")


def test_the_release_of_a_course_is_published_as_its_class_knows_it(course):
    files = public_files(FIRST, "https://example.org/vit", course)
    release = nbformat.read(course.release(FIRST), 4)
    published = nbformat.reads(files[NOTEBOOK].decode(), 4)
    assert published.metadata.vitlab.release_id == release.metadata.vitlab.release_id
    assert published.cells[0].source.endswith(f"(https://example.org/vit/{NOTEBOOK})")


def test_a_release_older_than_its_source_is_not_published(tmp_path):
    for folder, release in (("source", "new"), ("release", "old")):
        made = nbformat.v4.new_notebook(metadata={"vitlab": {"release_id": release}})
        (tmp_path / folder / FIRST).mkdir(parents=True)
        nbformat.write(made, tmp_path / folder / NOTEBOOK)
    with pytest.raises(PublishError, match=f"nbgrader generate_assignment {FIRST} --force"):
        contents.released(FIRST, Settings(), CourseRoot(tmp_path))


# addresses


@pytest.mark.parametrize(
    "url",
    ['https://x.org/"+evil()+"', "file:///etc", "https://x.org/a b", "x.org", "https://x.org/{a}", "https://x.org/a?b"],
)
def test_an_address_that_is_none_is_told(url):
    with pytest.raises(AddressError):
        raw_address(url)


def test_only_github_opens_in_colab():
    assert (
        colab_address(raw_address(URL), "a.ipynb")
        == "https://colab.research.google.com/github/ada/vit/blob/main/a.ipynb"
    )
    assert colab_address("https://example.org/vit", "a.ipynb") is None


# the folder

SMALL = {"README.md": b"one", "01_a/01_a.ipynb": b"two"}


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


@pytest.mark.parametrize("before", ["nothing", "an empty folder", "a fresh clone"])
def test_a_new_folder_is_filled(tmp_path, before):
    folder = tmp_path / "public"
    if before != "nothing":
        folder.mkdir()
    if before == "a fresh clone":
        (folder / ".git").mkdir()
    assert update(folder, SMALL).written == ("01_a/01_a.ipynb", "README.md")
    assert content(folder) == SMALL


def test_everybody_may_read_what_is_published(tmp_path):
    update(tmp_path / "public", SMALL)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "public").rglob("*") if path.is_file()} == {0o644}


def test_a_folder_of_somebody_elses_is_not_touched(tmp_path):
    (tmp_path / "README.md").write_bytes(b"mine")
    with pytest.raises(PublishError, match="never overwritten"):
        update(tmp_path, SMALL)
    assert content(tmp_path) == {"README.md": b"mine"}


def test_publishing_again_updates_and_removes_what_is_stale_of_ours_only(tmp_path):
    update(tmp_path, SMALL)
    (tmp_path / "LICENSE").write_bytes(b"mine")
    done = update(tmp_path, {"README.md": b"new", "02_b/02_b.ipynb": b"three"})
    assert (done.written, done.removed) == (("02_b/02_b.ipynb", "README.md"), ("01_a/01_a.ipynb",))
    assert content(tmp_path) == {"LICENSE": b"mine", "README.md": b"new", "02_b/02_b.ipynb": b"three"}
    assert not (tmp_path / "01_a").exists()


def test_publishing_the_same_again_writes_nothing(tmp_path):
    update(tmp_path, SMALL)
    times = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    assert update(tmp_path, SMALL).written == ()
    assert times == {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}


def test_a_stale_file_that_was_changed_by_hand_is_kept_and_named(tmp_path):
    update(tmp_path, SMALL)
    (tmp_path / "01_a/01_a.ipynb").write_bytes(b"edited")
    assert update(tmp_path, {"README.md": b"one"}).kept == ("01_a/01_a.ipynb",)
    assert content(tmp_path)["01_a/01_a.ipynb"] == b"edited"


@pytest.mark.parametrize("kind", ["file", "link to a folder"])
def test_something_foreign_in_the_way_stops_before_anything_is_written(tmp_path, kind):
    folder, other = tmp_path / "public", tmp_path / "other"
    update(folder, {"README.md": b"one"})
    other.mkdir()
    if kind == "file":
        (folder / "01_a").write_bytes(b"mine")
    else:
        (folder / "01_a").symlink_to(other)
    with pytest.raises(PublishError, match="in the way"):
        update(folder, {**SMALL, "README.md": b"new"})
    assert (folder / "README.md").read_bytes() == b"one"
    assert list(other.iterdir()) == []


@pytest.mark.parametrize("place", [CHECKOUT, CHECKOUT / "course", CHECKOUT.parent])
def test_nothing_is_published_into_or_around_the_checkout(place):
    with pytest.raises(PublishError, match="apart from solutions"):
        update(place, SMALL)


@pytest.mark.parametrize("name", ["../x", "/etc/x", ".git/config"])
def test_a_forged_manifest_removes_nothing_elsewhere(tmp_path, name):
    folder = tmp_path / "public"
    update(folder, SMALL)
    (tmp_path / "x").write_bytes(b"one")
    text = (folder / MANIFEST).read_text().replace("README.md", name)
    (folder / MANIFEST).write_text(text)
    with pytest.raises(PublishError):
        update(folder, {"01_a/01_a.ipynb": b"two"})
    assert (tmp_path / "x").exists()


# the install cell, from a web server in place of the public address


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@contextlib.contextmanager
def served(folder):
    """The address of a web server on this machine that serves a folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_install_cell_installs_the_published_wheel_in_a_fresh_folder(tmp_path):
    public, work, target = tmp_path / "public", tmp_path / "work", tmp_path / "site"
    work.mkdir()
    public.mkdir()
    with served(public) as url:
        update(public, public_files(FIRST, url))
        marker = INSTALL.partition("\n")[0]
        (cell,) = [c for c in cells((public / NOTEBOOK).read_bytes()) if c.source.startswith(marker)]
        program = f"import importlib.util\nimportlib.util.find_spec = lambda name: None\n{cell.source}\n"
        settings = {"PIP_NO_DEPS": "1", "PIP_TARGET": str(target), "PIP_NO_INDEX": "1", "NO_PROXY": "127.0.0.1"}
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=work, env={**os.environ, **settings}, capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    look = "import vitlab.fixtures as f; print(f.__file__); print(*f.exercises())"
    seen = subprocess.run(
        [sys.executable, "-c", look],
        cwd=work, env={**os.environ, "PYTHONPATH": str(target)}, capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    file, names = seen.stdout.strip().split("\n")
    assert file.startswith(str(target))
    assert "softmax_rows" in names.split()


@pytest.mark.parametrize(("lesson", "asked"), [("01_attention", []), ("02_multihead", ["uninstall", "install"])])
def test_a_package_older_than_the_lesson_is_replaced(tmp_path, monkeypatch, lesson, asked):
    fixture = tmp_path / "vitlab" / "fixtures" / "01_attention.npz"
    fixture.parent.mkdir(parents=True)
    fixture.touch()
    (tmp_path / "vitlab-9.9.9-py3-none-any.whl").touch()
    monkeypatch.chdir(tmp_path)
    old = SimpleNamespace(origin=str(tmp_path / "vitlab" / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: old)
    calls = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: calls.append(command))
    exec(install_cell(lesson, "", "vitlab-9.9.9-py3-none-any.whl").source, {})
    assert [command[4] for command in calls] == asked
