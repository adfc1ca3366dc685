"""The files of a trained model: save_trained writes them, check_trained looks at them, the grader measures them."""

import json
import os
from pathlib import Path

from vitlab import fixtures
from vitlab.result import CaseResult, CheckResult

FOLDER = "artifacts"
MAX_WEIGHTS = 40 * 2**20
MAX_TEXT = 64 * 2**10
HDF5 = b"\x89HDF\r\n\x1a\n"
NEXT = "The grader rebuilds your model from these two files and measures it on inputs that nobody has seen."


class NotAllowed(ValueError):
    """The arguments in the JSON are not those that the exercise allows; says which one and what it may be."""


def file_names(name):
    """The two files of a trained model, weights first."""
    return f"{name}.weights.h5", f"{name}.json"


def save_trained(name, model, arguments):
    """Write a trained model's weights and the arguments that rebuild it to artifacts/, and say so.

    Args:
        name: of your training function, e.g. "train_reverser".
        model: the trained model.
        arguments: dict of the arguments that made the model: numbers and texts.
    """
    folder = Path(FOLDER)
    folder.mkdir(exist_ok=True)
    weights, text = (folder / file for file in file_names(name))
    model.save_weights(str(weights))
    text.write_text(json.dumps(arguments, indent=1) + "\n", encoding="utf-8")
    print(f"Saved: {weights} ({weights.stat().st_size / 2**20:.1f} MB) and {text}. Hand in both with the notebook.")


def check_trained(name):
    """Look whether both files of a trained model are there and allowed; show and return a CheckResult. Never raises.

    It does not open the weights: how good they are is for the grader to measure.

    Args:
        name: of the training function, e.g. "train_reverser".
    """
    from vitlab.checking import show

    result = examine_trained(name)
    show(result)
    return result


def examine_trained(name):
    """The CheckResult of a trained model's files, without showing it."""
    known = fixtures.trained_items()
    if not isinstance(name, str) or name not in known:
        names = ", ".join(known) or "(none)"
        return CheckResult(False, title=f"check_trained() expected one of {names}. Received: {ascii(name)[:60]}.")
    weights, text = file_names(name)
    cases = (
        case_of(f"{FOLDER}/{weights} holds the weights", weights_problem(Path(FOLDER, weights))),
        case_of(f"{FOLDER}/{text} holds the model's arguments", text_problem(Path(FOLDER, text), known[name])),
    )
    passed = all(case.passed for case in cases)
    title = f"{name}: both files are ready." if passed else f"{name}: not ready to hand in yet."
    return CheckResult(passed, cases, title=title, note=NEXT if passed else "")


def case_of(name, problem):
    """A case that passes without a problem."""
    return CaseResult(name, not problem, problem)


def weights_problem(path):
    """What is wrong with a weights file as far as can be seen from outside, in words, or ""."""
    try:
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            begin = file.read(len(HDF5))
    except OSError:
        return "there is no such file yet: train your model, then save it with save_trained(...)"
    if begin != HDF5:
        return "expected a file written by model.save_weights: this one is something else. Save the model again"
    return too_large(size, MAX_WEIGHTS)


def too_large(size, most):
    """Words for a file of too many bytes, or ""."""
    if size <= most:
        return ""
    return f"expected at most {most / 2**20:.0f} MB, got {size / 2**20:.0f} MB: is the model larger than the task asks?"


def text_problem(path, allowed):
    """What is wrong with the file of arguments, in words, or ""."""
    try:
        with open(path, "rb") as file:
            read_arguments(file.read(MAX_TEXT + 1), allowed)
    except OSError:
        return "there is no such file yet: train your model, then save it with save_trained(...)"
    except NotAllowed as error:
        return str(error)
    return ""


def read_arguments(text, allowed):
    """The arguments in a JSON file's bytes, each of an allowed name, kind and range, and none missing.

    Args:
        text: the file's bytes.
        allowed: argument to dict(low, high, whole, divides, choices).

    Raises:
        NotAllowed: it is not such a file; the message says what was expected and what came.
    """
    if len(text) > MAX_TEXT:
        raise NotAllowed(f"expected a few arguments, got more than {MAX_TEXT // 2**10} kB of text")
    try:
        found = json.loads(text.decode("utf-8"))
    except (ValueError, RecursionError):
        raise NotAllowed("expected JSON such as save_trained writes; this text is something else") from None
    if not isinstance(found, dict):
        raise NotAllowed(f"expected the arguments {', '.join(allowed)}; got JSON without names")
    others = [ascii(name)[1:-1][:40] for name in found if name not in allowed]
    missing = [name for name in allowed if name not in found]
    if others or missing:
        words = [f"not allowed: {', '.join(others[:5])}"] if others else []
        words += [f"missing: {', '.join(missing)}"] if missing else []
        raise NotAllowed(f"expected exactly the arguments {', '.join(allowed)}; {'; '.join(words)}")
    for name, rule in allowed.items():
        require_range(name, found[name], rule)
    for name, rule in allowed.items():
        other = rule["divides"]
        if other and found[other] % found[name]:
            raise NotAllowed(f"expected {name} to divide {other}; got {found[name]} and {other} = {found[other]}")
    return {name: found[name] for name in allowed}


def require_range(name, value, rule):
    """Refuse an argument of the wrong kind or out of its range.

    Raises:
        NotAllowed: says what it may be.
    """
    low, high, plain = rule["low"], rule["high"], isinstance(value, (str, int, float, type(None)))
    got = f"got {ascii(value)[:40] if plain else f'a {type(value).__name__}'}"
    if rule["choices"]:
        if not isinstance(value, str) or value not in rule["choices"]:
            raise NotAllowed(f"expected {name} to be one of {', '.join(rule['choices'])}; {got}")
        return
    kinds = int if rule["whole"] else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        kind = "a whole number" if rule["whole"] else "a number"
        range_of = f"{low:g}" if low == high else f"{kind} from {low:g} to {high:g}"
        raise NotAllowed(f"expected {name} to be {range_of}; {got}")
