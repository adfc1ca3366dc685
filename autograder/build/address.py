"""Where a public course lies: one address to download its files from, and one to open a notebook in Colab."""

from __future__ import annotations

import re

from autograder.errors import CourseError

RAW = "https://raw.githubusercontent.com/"
GITHUB = re.compile(r"https://github\.com/([^/]+)/([^/]+?)(?:\.git)?(?:/(?:tree|blob)/(.+))?")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~%@+,=-]+)*")


class AddressError(CourseError):
    """The course's address is none that files can be downloaded from."""


def raw_address(url: str) -> str:
    """The address below which the course's files can be downloaded, without a slash at the end; "" for none.

    A repository's page on GitHub (https://github.com/OWNER/NAME, of its branch main, or .../tree/BRANCH) becomes the
    address of its files.

    Raises:
        AddressError: it is not a plain http(s) address.
    """
    url = url.strip().rstrip("/")
    if url and not ADDRESS.fullmatch(url):
        raise AddressError(
            f"Expected an address such as https://github.com/OWNER/NAME or https://example.edu/vit. Received: {url!r}."
        )
    found = GITHUB.fullmatch(url)
    return f"{RAW}{found[1]}/{found[2]}/{found[3] or 'main'}" if found else url


def colab_address(url: str, path: str) -> str | None:
    """The address that opens a notebook of the course in Colab, which can do so from GitHub only; else None.

    Args:
        url: where the course's files can be downloaded, as `raw_address` gives it.
        path: of the notebook in the course, e.g. "01_attention/01_attention.ipynb".
    """
    parts = f"{url}/{path}".removeprefix(RAW).split("/", 3)
    if not url.startswith(RAW) or len(parts) < 4:
        return None
    owner, name, branch, rest = parts
    return f"https://colab.research.google.com/github/{owner}/{name}/blob/{branch}/{rest}"
