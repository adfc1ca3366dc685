"""JupyterLab with nbgrader, started in a course as a teacher would, and what a teacher does in its formgrader."""

import os
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 120
"""Seconds that one step may take: the grader starts TensorFlow."""
ROW = "//tr[td[normalize-space() = '{}']]"
MODAL = "#success-modal, #error-modal"


@contextmanager
def lab(course, log):
    """JupyterLab on a free port, of this machine only; gives its address and the token for it.

    Args:
        course: the folder to start it in.
        log: the file for what it says.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token, home = secrets.token_hex(16), log.parent
    folders = {f"JUPYTER_{kind}_DIR": str(home / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    options = ["--no-browser", "--ip=127.0.0.1", f"--port={port}", "--ServerApp.port_retries=0", "--allow-root"]
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", *options, f"--IdentityProvider.token={token}"],
            cwd=course, env={**os.environ, **folders, "PATH": path}, stdout=file, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}", token
    finally:
        process.terminate()
        process.wait(timeout=60)


class Desk:
    """A teacher at the formgrader."""

    def __init__(self, driver, address, token, log):
        """Wait for the server and log in."""
        self.driver, self.address, self.log = driver, address, log
        driver.set_page_load_timeout(PATIENCE)
        self.wait(lambda _: answers(f"{address}/api"), f"the server to answer; its log: {log}")
        driver.get(f"{address}/lab?token={token}")

    def wait(self, condition, what):
        """What a condition gives once it gives something; elements that vanish meanwhile are looked for again."""
        waiting = WebDriverWait(self.driver, PATIENCE, 0.2, ignored_exceptions=(StaleElementReferenceException,))
        return waiting.until(condition, f"waited {PATIENCE} s for {what}")

    def find(self, how, where, inside=None):
        """The one element that is shown there, as soon as it is."""
        root = inside or self.driver

        def shown(_):
            return next((element for element in root.find_elements(how, where) if element.is_displayed()), None)

        return self.wait(shown, where)

    def open(self, page):
        """A page of the formgrader."""
        self.driver.get(f"{self.address}/formgrader/{page}")

    def press(self, row, button):
        """Press a button in the row of an assignment or a student; the log that nbgrader then shows.

        Raises:
            AssertionError: nbgrader shows an error; with its words.
        """
        self.find(By.XPATH, ROW.format(row)).find_element(By.CSS_SELECTOR, f".{button} a").click()
        modal = self.find(By.CSS_SELECTOR, MODAL)
        title, words = (
            self.wait(lambda _: modal.find_element(By.CSS_SELECTOR, ".modal-title").text, "words"),
            modal.text,
        )
        assert title == "Success", words
        modal.find_element(By.CSS_SELECTOR, ".modal-footer button").click()
        self.wait(lambda driver: not driver.find_elements(By.CSS_SELECTOR, ".modal, .modal-backdrop"), "it to close")
        return words

    def cell(self, row, column):
        """The text in a row of a table, once there is some."""
        return self.wait(
            lambda driver: (
                driver.find_element(By.XPATH, ROW.format(row)).find_element(By.CSS_SELECTOR, f".{column}").text
            ),
            f"the {column} of {row}",
        )


def answers(address):
    """Whether a server answers, with whatever code."""
    try:
        urllib.request.urlopen(address, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
