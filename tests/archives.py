"""Invented bulk downloads: no real student's name or file is in any of them."""

import io
import json
import stat
import zipfile

ASSIGNMENT = "01_attention"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"


def notebook(text="x = 1"):
    """A small notebook's bytes."""
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": None, "outputs": [], "source": text}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}).encode()


def zipped(files, **given):
    """A zip of name to content; a list of pairs may hold a name twice. A content may be a ZipInfo's (info, bytes)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", **given) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return buffer.getvalue()


def special(name, kind):
    """A zip member of another kind than a regular file."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (kind | 0o777) << 16
    return info


def link(name):
    """A symbolic link."""
    return special(name, stat.S_IFLNK)


def bundle(text="x = 1", name="train_vit"):
    """What vitlab.submit() makes."""
    return zipped(
        {NOTEBOOK: notebook(text), f"artifacts/{name}.weights.h5": b"h5" * 9, f"artifacts/{name}.json": b"{}"}
    )


GRADESCOPE = """---
submission_7001:
  :submitters:
  - :name: Ada Lovelace
    :sid: '101'
    :email: ada@example.edu
  :created_at: 2026-03-02 09:00:00.250000000 Z
  :score: 0.0
submission_7003:
  :submitters:
  - :name: Ada Lovelace
    :sid: '101'
    :email: ada@example.edu
  :created_at: 2026-03-02 11:00:00.000000000 Z
submission_7002:
  :submitters:
  - :name: Grace Hopper
    :sid: '102'
    :email: grace@example.edu
  - :name: Alan Turing
    :sid:
    :email: alan@example.edu
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-03-03 00:30:00.000000000 Z
    zone: !ruby/object:ActiveSupport::TimeZone
      name: Etc/UTC
"""
