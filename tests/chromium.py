"""Chromium, driven by selenium, where this machine has both. Nothing is fetched: no driver, no page from elsewhere."""

import base64
import shutil
import tempfile
from contextlib import contextmanager

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
MISSING = "no Chromium here: apt-get install -y chromium chromium-driver"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--force-device-scale-factor=1", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)  # fmt: skip
MARK = """
window.alert = window.prompt = window.confirm = () => {
  document.documentElement.dataset.ran = "yes";
  console.error("a script of the page ran");
};
"""
PROVOKE = """
const done = arguments[0];
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (link && !/^javascript:/i.test(link.protocol)) event.preventDefault();
}, true);
for (const element of document.querySelectorAll("*")) {
  if (element.tagName.toLowerCase() === "details") element.open = true;
  for (const name of ["mouseover", "mouseenter", "mousemove", "focus", "blur", "toggle", "error", "load", "begin",
                      "start", "animationstart", "animationend", "keydown", "pointerdown", "submit", "click"])
    element.dispatchEvent(new Event(name, { bubbles: true, cancelable: true }));
  element.focus?.();
  element.click?.();
}
setTimeout(done, 500);
"""


def is_here():
    """Whether browser tests can run on this machine."""
    return bool(CHROMIUM and DRIVER)


@contextmanager
def open_browser():
    """A driver with a profile of its own; `alert` in any page leaves a mark."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    folder = tempfile.mkdtemp(prefix="vitlab-chromium-")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": MARK})
    try:
        yield driver
    finally:
        driver.quit()
        shutil.rmtree(folder, ignore_errors=True)


def resize(driver, width, height=900):
    """Give the page a window of this size, as a phone or a desktop would."""
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def bypass_policy(driver, yes):
    """Whether pages loaded from now on are shown without their content security policy."""
    driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": yes})


def something_ran(driver, path):
    """Load a page, click and touch all of it, and say whether anything called `alert`."""
    driver.get_log("browser")
    driver.get(path.as_uri())
    driver.set_script_timeout(60)
    driver.execute_async_script(PROVOKE)
    marked = driver.execute_script("return document.documentElement.dataset.ran") == "yes"
    return marked or any("a script of the page ran" in entry["message"] for entry in driver.get_log("browser"))


def overflow(driver):
    """How many pixels the page is wider than its window."""
    return driver.execute_script("return document.documentElement.scrollWidth - window.innerWidth")


def picture(driver, element=None):
    """The whole page, or one element of it, as a PNG: also what lies outside the window."""
    asked = {"format": "png", "captureBeyondViewport": True}
    if element is not None:
        where = (
            "const r = arguments[0].getBoundingClientRect(); return [r.x + scrollX, r.y + scrollY, r.width, r.height]"
        )
        x, y, width, height = driver.execute_script(where, element)
        asked["clip"] = {"x": x, "y": y, "width": width, "height": height, "scale": 1}
    return base64.b64decode(driver.execute_cdp_cmd("Page.captureScreenshot", asked)["data"])
