"""Hostile bytes under an honest name: too much, no JSON, or odd JSON. Enters them into files.HOSTILE."""

import copy
import gzip
import io
import zipfile

from files import MB, NOTEBOOK, NOTHING, UNHARMED, as_bytes, contents

# too much


@contents("50-mb-of-outputs", NOTHING)
def _(solved):
    return as_bytes({**solved, "cells": [*solved["cells"], {"cell_type": "code", "outputs": ["x" * 50 * MB]}]})


@contents("50-mb-of-source", NOTHING)
def _(solved):
    return as_bytes({**solved, "cells": [*solved["cells"], {"cell_type": "code", "source": "#" * 50 * MB}]})


@contents("50-mb-of-blanks", NOTHING)
def _(solved):
    return as_bytes(solved) + b" " * 50 * MB


@contents("19-mb-of-blanks", UNHARMED)
def _(solved):
    return as_bytes(solved) + b" \n" * (19 * MB // 2)


def filled_with(solved, cell):
    """The solved notebook, filled up to just below 20 MB with copies of a cell's JSON."""
    start = as_bytes(solved).replace(b'{"cells": [', b'{"nbformat": 4, "cells": [', 1)
    room = (20 * MB - len(start) - 100) // (len(cell) + 1)
    head, _, tail = start.rpartition(b'], "metadata"')
    return head + (b"," + cell) * room + b'], "metadata"' + tail


CROWDS = {
    "a-million-cells": b'{"cell_type":"code"}',
    "a-million-code-cells": b'{"cell_type":"code","source":"1"}',
    "a-million-markdown-cells": b'{"cell_type":"markdown","source":"1"}',
    "seven-million-empty-cells": b"{}",
    "ten-million-numbers-for-cells": b"0",
}
for crowd, one in CROWDS.items():
    contents(crowd, UNHARMED)(lambda solved, one=one: filled_with(solved, one))


# broken or odd JSON

DEEP = b"[" * 100_000 + b"]" * 100_000


@contents("deep-json", NOTHING)
def _(solved):
    return DEEP


@contents("deep-objects", NOTHING)
def _(solved):
    return b'{"cells":' * 100_000 + b"1" + b"}" * 100_000


def with_raw(solved, raw, where):
    """The notebook's bytes with raw JSON in the outputs of its last cell, in its metadata, or as a source."""
    notebook = copy.deepcopy(solved)
    if where == "metadata":
        notebook["metadata"]["odd"] = "RAW"
    else:
        notebook["cells"].append({"cell_type": "code", "metadata": {}, "source": "1", where: "RAW"})
    return as_bytes(notebook).replace(b'"RAW"', raw)


RAW = {
    "deep": (DEEP, NOTHING),
    "half-deep": (b"[" * 600 + b"]" * 600, UNHARMED),
    "a-million-digits": (b"9" * 10**6, NOTHING),
    "nan": (b"[NaN, Infinity, -Infinity, 1e999, -0.0]", UNHARMED),
    "a-surrogate": (b'"\\ud800"', UNHARMED),
    "a-nul": (b'"\\u0000"', UNHARMED),
}
for raw_name, (raw, raw_expected) in RAW.items():
    for place in ("outputs", "metadata", "source"):
        contents(f"{raw_name}-in-{place}", raw_expected)(
            lambda solved, raw=raw, place=place: with_raw(solved, raw, place)
        )

BYTES = {
    "duplicate-keys": (lambda text: b'{"cells": [], "cells": 3, "metadata": 7, ' + text[1:], UNHARMED),
    "duplicate-keys-at-the-end": (lambda text: text.rstrip()[:-1] + b', "cells": 3}', NOTHING),
    "bom": (lambda text: b"\xef\xbb\xbf" + text, UNHARMED),
    "two-boms": (lambda text: b"\xef\xbb\xbf" * 2 + text, NOTHING),
    "utf-16": (lambda text: text.decode().encode("utf-16"), NOTHING),
    "utf-32": (lambda text: text.decode().encode("utf-32"), NOTHING),
    "nul-bytes": (lambda text: b"\0" * 100 + text, NOTHING),
    "gzip": (gzip.compress, NOTHING),
    "raw-surrogate-bytes": (lambda text: text[:-1] + b', "x": "\xed\xa0\x80"}', NOTHING),
    "two-notebooks-in-one": (lambda text: text + text, NOTHING),
    "python": (lambda text: b"import os\n", NOTHING),
    "one-brace": (lambda text: b"{", NOTHING),
}
for bytes_name, (change_bytes, bytes_expected) in BYTES.items():
    contents(bytes_name, bytes_expected)(lambda solved, change=change_bytes: change(as_bytes(solved)))


@contents("zip", NOTHING)
def _(solved):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"../../{NOTEBOOK}", as_bytes(solved))
    return file.getvalue()
