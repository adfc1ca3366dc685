"""The feedback page in a real browser: as a picture on a phone and a desktop, and against what students may write."""

import io
import re

import pytest
from chromium import MISSING, bypass_policy, is_here, open_browser, overflow, picture, resize, something_ran
from feedback_pages import HINT, exercise, html, notebook, png, verdict
from matplotlib.image import imread
from vectors import ATTACHMENTS, HTML, MARKDOWN, OUTPUTS

pytestmark = pytest.mark.skipif(not is_here(), reason=MISSING)

MAGENTA = (255, 0, 255)
PHONE, DESKTOP = 390, 1200
LONG = "a" * 400
INJECTED = {
    "a script": "<script>alert(1)</script>",
    "a handler": "<img src=x onerror=alert(1)>",
    "a link": "<a href='javascript:alert(1)'>x</a>",
    "a drawing": "<svg onload=alert(1)></svg>",
}


@pytest.fixture(scope="module")
def driver():
    """One Chromium for all tests."""
    with open_browser() as made:
        yield made


def cells_with(text):
    """A text in a cell of each kind."""
    code = {"cell_type": "code", "metadata": {}, "source": text, "execution_count": 1, "outputs": []}
    prose = {"cell_type": "markdown", "metadata": {}, "source": text, "attachments": ATTACHMENTS}
    return [prose, {"cell_type": "raw", "metadata": {}, "source": text}, code]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The page of a student who has put everything that ever ran in a browser everywhere."""
    texts = [*HTML, *MARKDOWN]
    outputs = [{"cell_type": "code", "metadata": {}, "source": "1", "execution_count": 1, "outputs": OUTPUTS}]
    document = notebook("\n\n".join(MARKDOWN), more=[cell for text in texts for cell in cells_with(text)] + outputs)
    parts = {"figure": exercise("figure", "failed", 0.0, hint=INJECTED["a script"])}
    path = tmp_path_factory.mktemp("hostile") / "page.html"
    made = html(verdict(**parts), document, comments={"question_1": "\n\n".join(texts)}, by_hand={"question_1": 1.0})
    path.write_text(made, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page with all that is wide: long names, long words, a figure, a formula, a table."""
    answer = f"{LONG}\n\n| a | b |\n|---|---|\n| {LONG} | $\\frac{{a}}{{b}}$ |\n"
    parts = {"softmax_rows": exercise("softmax_rows", "partial", 0.5, hint=f"{HINT} {LONG}")}
    path = tmp_path_factory.mktemp("page") / "page.html"
    document = notebook(answer, figures={"attention_scores": png(MAGENTA, 900)})
    path.write_text(html(verdict(**parts), document, comments={"question_1": LONG}), encoding="utf-8")
    return path


def pixels(driver, selector):
    """An element's picture as an array (height, width, 3)."""
    shown = picture(driver, driver.find_element("css selector", selector))
    return (imread(io.BytesIO(shown))[..., :3] * 255).round().astype(int)


def test_nothing_that_a_student_writes_runs_even_without_the_pages_policy(driver, hostile):
    bypass_policy(driver, True)
    assert not something_ran(driver, hostile)
    assert not driver.find_elements(
        "css selector", "script, iframe, object, embed, svg, form, input, button, base, link"
    )


@pytest.mark.parametrize("kind", INJECTED)
def test_the_browser_tells_when_something_runs_and_the_policy_would_stop_it(driver, hostile, tmp_path, kind):
    broken = tmp_path / "page.html"
    broken.write_text(
        hostile.read_text(encoding="utf-8").replace("<main>", f"<main>{INJECTED[kind]}"), encoding="utf-8"
    )
    ran = []
    for without_policy in (True, False):
        bypass_policy(driver, without_policy)
        ran.append(something_ran(driver, broken))
    assert ran == [True, False]


def test_nothing_is_fetched(driver, hostile):
    driver.get_log("performance")
    bypass_policy(driver, True)
    driver.get(hostile.as_uri())
    asked = re.findall(r'"Network\.requestWillBeSent".*?"url":"(.*?)"', str(driver.get_log("performance")))
    assert asked
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("opened", [False, True], ids=["as it comes", "with everything open"])
def test_the_page_is_never_wider_than_its_window(driver, page, width, opened):
    resize(driver, width)
    driver.get(page.as_uri())
    if opened:
        driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
    assert overflow(driver) <= 0


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_students_figure_is_seen_whole(driver, page, width):
    resize(driver, width)
    driver.get(page.as_uri())
    shown = pixels(driver, "#check_attention_scores img")
    assert min(shown.shape[:2]) > 250
    middle = shown[shown.shape[0] // 2, 10:-10]
    assert (middle == MAGENTA).all()


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_right_and_wrong_are_told_apart_at_a_glance(driver, page, width):
    resize(driver, width)
    driver.get(page.as_uri())
    marks = [pixels(driver, f"#check_{name}")[60, 1] for name in ("attention_scores", "softmax_rows")]
    right, partly = (tuple(int(channel) for channel in mark) for mark in marks)
    assert right[1] > right[0]  # green
    assert partly[0] > partly[2]  # amber


def test_words_can_be_read_on_a_phone(driver, page):
    resize(driver, PHONE)
    driver.get(page.as_uri())
    every = "return [...document.querySelectorAll(arguments[0])]"
    sizes = driver.execute_script(
        f"{every}.map(e => parseFloat(getComputedStyle(e).fontSize))", "main p, main li, nav a"
    )
    assert min(sizes) >= 13
    heights = driver.execute_script(f"{every}.map(e => e.offsetHeight)", "nav a")
    assert min(heights) >= 40  # a thumb's width


def test_a_formula_is_drawn(driver, page):
    resize(driver, DESKTOP)
    driver.get(page.as_uri())
    parts = "return [...document.querySelectorAll('#question_1 mfrac > *')].map(e => e.getBoundingClientRect())"
    above, below = driver.execute_script(parts)
    assert 0 < above["top"] < above["bottom"] <= below["top"] < below["bottom"]
