"""The class report in a real browser, for 300 students: without a network, on a phone, on a desktop and on paper."""

import re

import pytest
from chromium import MISSING, is_here, open_browser, overflow, resize
from verdicts import ASSIGNMENT, simulated_class

from autograder.report.figures import report_of
from autograder.report.page import write_report

pytestmark = pytest.mark.skipif(not is_here(), reason=MISSING)
PHONE, DESKTOP = 390, 1200


@pytest.fixture(scope="module")
def driver():
    """One Chromium for all tests."""
    with open_browser() as made:
        yield made


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The report's address."""
    path = tmp_path_factory.mktemp("report") / f"{ASSIGNMENT}.html"
    write_report(report_of(ASSIGNMENT, simulated_class(300)), "Vision Transformers", path)
    return path.as_uri()


def drawn(driver, page, width):
    """Load the page and wait until its plots are there."""
    from selenium.webdriver.support.ui import WebDriverWait

    resize(driver, width)
    driver.get(page)
    plots = "return document.querySelectorAll('.chart svg').length == document.querySelectorAll('.chart').length"
    WebDriverWait(driver, 60, 0.1).until(lambda _: driver.execute_script(plots))


def test_nothing_is_fetched_and_nothing_fails(driver, page):
    driver.get_log("performance")
    driver.get_log("browser")
    drawn(driver, page, DESKTOP)
    asked = re.findall(r'"Network\.requestWillBeSent".*?"url":"(.*?)"', str(driver.get_log("performance")))
    assert asked
    own = ("file:", "data:", "chrome:")  # the last are Chromium's own parts
    assert [url for url in asked if not url.startswith(own)] == []
    assert [entry for entry in driver.get_log("browser") if entry["level"] == "SEVERE"] == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_the_page_is_never_wider_than_its_window(driver, page, width):
    drawn(driver, page, width)
    assert overflow(driver) <= 0


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_no_plot_is_wider_than_its_place(driver, page, width):
    drawn(driver, page, width)
    too_wide = """return [...document.querySelectorAll('.chart svg *')].filter(node => {
      const box = node.getBoundingClientRect(), place = node.closest('.chart').getBoundingClientRect();
      return node.tagName === 'text' && box.width && (box.right > place.right + 1 || box.left < place.left - 1);
    }).map(node => node.textContent)"""
    assert driver.execute_script(too_wide) == []


def test_the_first_screen_shows_the_commonest_misconceptions_with_their_hints(driver, page):
    drawn(driver, page, DESKTOP)
    first = (
        "return [...document.querySelectorAll('.topics .hint')].slice(0, 3).map(e => e.getBoundingClientRect().bottom)"
    )
    assert max(driver.execute_script(first)) < 900


def test_a_misconceptions_address_opens_its_names(driver, page):
    drawn(driver, page, DESKTOP)
    known = driver.execute_script("return document.querySelector('.mistakes .who').closest('li').id")
    driver.execute_script("location.hash = arguments[0]", known)
    from selenium.webdriver.support.ui import WebDriverWait

    is_open = "return document.getElementById(arguments[0]).querySelector('.who').open"
    WebDriverWait(driver, 20, 0.1).until(lambda _: driver.execute_script(is_open, known))


def test_names_can_be_hidden(driver, page):
    drawn(driver, page, DESKTOP)
    colour = "return getComputedStyle(document.querySelector('#rows .name')).color"
    before = driver.execute_script(colour)
    driver.find_element("id", "hide-names").click()
    assert driver.execute_script(colour) != before
    assert driver.execute_script(colour).endswith(", 0)")  # transparent


def test_on_paper_the_summary_comes_without_buttons_and_lists_of_names(driver, page):
    drawn(driver, page, DESKTOP)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    shown = "return [...document.querySelectorAll(arguments[0])].filter(e => e.offsetParent !== null).length"
    counts = [driver.execute_script(shown, where) for where in ("nav", ".who", ".topics li", ".items tr")]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert counts[:2] == [0, 0]
    assert min(counts[2:]) > 0
