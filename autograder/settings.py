"""The instructor's settings: course.toml, read and checked."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.errors import CourseError


class SettingsError(CourseError):
    """course.toml says something that is not understood; the message names the key and what is allowed."""


@dataclass(frozen=True)
class Settings:
    """What course.toml may set; the defaults are those told to students."""

    title: str = "Vision Transformers"
    url: str = ""
    """Where the public course lies, e.g. https://raw.githubusercontent.com/OWNER/NAME/main; "" for none yet."""
    seconds_per_exercise: float = 20.0
    seconds_per_submission: float = 0.0
    """0: the sum over its exercises and the trained item."""
    seconds_trained: float = 120.0
    """For the trained item: rebuild the model, load its weights, try it on all unseen inputs."""
    weights_mb: int = 40
    memory_gb: float = 4.0
    processes: int = 256
    disk_mb: int = 256
    returned_mb: int = 64
    hints: bool = True
    """Whether feedback shows the hint of a recognised misconception."""
    released: tuple[str, ...] = ()
    """The lessons that `publish` puts out where it is not told through which."""
    extensions: dict[str, Any] = field(default_factory=dict)
    """Student to extra days before `collect` calls work late; late-penalty plug-ins may read it, too."""


KEYS: dict[str, dict[str, Any]] = {
    "course": {"title": str, "url": str},
    "limits": {
        "seconds_per_exercise": (int, float),
        "seconds_per_submission": (int, float),
        "seconds_trained": (int, float),
        "weights_mb": int,
        "memory_gb": (int, float),
        "processes": int,
        "disk_mb": int,
        "returned_mb": int,
    },
    "feedback": {"hints": bool},
    "release": {"released": list},
    "extensions": {},
}


MAY_BE_0 = ("seconds_per_submission",)


def read_settings(path: Path) -> Settings:
    """The settings in a course.toml; a missing file means the defaults.

    Raises:
        SettingsError: it is not TOML, or has an unknown key or a value of the wrong kind.
    """
    if not path.is_file():
        return Settings()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: expected TOML. {error}") from None
    given: dict[str, Any] = {}
    for section, values in content.items():
        if section not in KEYS or not isinstance(values, dict):
            raise SettingsError(f"{path}: expected the sections {', '.join(KEYS)}. Received: [{section}].")
        if section == "extensions":
            given["extensions"] = values
            continue
        for key, value in values.items():
            given[key] = checked(path, section, key, value)
    return Settings(**given)


def checked(path: Path, section: str, key: str, value: Any) -> Any:
    """A value of a known key and of the right kind."""
    kinds = KEYS[section]
    if key not in kinds:
        raise SettingsError(f"{path}: expected one of {', '.join(kinds)} in [{section}]. Received: {key}.")
    if not isinstance(value, kinds[key]) or (isinstance(value, bool) and kinds[key] is not bool):
        raise SettingsError(f"{path}: {section}.{key} has the wrong kind of value. Received: {value!r}.")
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and (value < 0 or (value == 0 and key not in MAY_BE_0)):
        wanted = "0 or a number above it" if key in MAY_BE_0 else "a number above 0"
        raise SettingsError(f"{path}: expected {wanted} for {section}.{key}. Received: {value!r}.")
    return tuple(value) if isinstance(value, list) else value
