"""Gradescope's submission_metadata.yml: who handed in which folder, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import yaml

from autograder.collect.unpack import ArchiveError, BadEntry, Entry

METADATA = "submission_metadata.yml"
MAX_METADATA = 200 * 2**20


@dataclass(frozen=True)
class Submitted:
    """One submission of one student or a group."""

    submitters: tuple[tuple[str, str, str], ...]
    """(student number or "", name, e-mail) of each."""
    time: datetime | None


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe: plain values only. Ruby's own kinds, which Gradescope writes, become the plain values they are made of."""


def plain_value(loader: Any, suffix: str, node: yaml.Node) -> Any:
    """A tagged value without its tag."""
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node)
    return loader.construct_scalar(node)


Loader.add_multi_constructor("!", plain_value)


def read_metadata(entries: list[Entry]) -> dict[str, Submitted]:
    """Folder name to submission.

    Raises:
        ArchiveError: there is no such file, or it cannot be read.
    """
    found = sorted((e for e in entries if e.name.split("/")[-1] == METADATA), key=lambda e: e.name.count("/"))
    if not found or found[0].name.count("/") > 1:  # deeper ones are in students' own folders
        raise ArchiveError(
            f"Expected {METADATA} beside the folders submission_ID: without it nobody knows whose they are. Download "
            "the submissions from Gradescope again (Export Submissions)."
        )
    try:
        content = yaml.load(found[0].read(MAX_METADATA), Loader)
        return {str(name): submission_of(value) for name, value in content.items()}
    except (BadEntry, yaml.YAMLError, UnicodeError, ValueError, AttributeError, TypeError, RecursionError) as error:
        raise ArchiveError(f"{METADATA} cannot be read ({str(error)[:200]}). Download the export again.") from None


def submission_of(value: Any) -> Submitted:
    """One submission's part."""
    given = value.get(":submitters") or []
    submitters = tuple(tuple(text_of(one.get(key)) for key in (":sid", ":name", ":email")) for one in given)
    return Submitted(submitters, time_of(value.get(":created_at")))  # type: ignore[arg-type]


def text_of(value: Any) -> str:
    """A text or number as text."""
    return "" if value is None else str(value).strip()


def time_of(value: Any) -> datetime | None:
    """A time, or None; without a zone it is UTC, as YAML has it."""
    if isinstance(value, dict):  # Ruby's time with a zone
        value = value.get("utc") or value.get("time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)
