"""Ask a function or a layer a question and return its answer as plain values.

The same code asks in the student's notebook and in the grader's sandbox, so both see the same behaviour. It holds
no expected answer.
"""

import re

import keras
import numpy as np
from keras import ops

from vitlab.learning import first_inputs, gradients, loss_after_steps, loss_in_evaluation
from vitlab.packing import KINDS, MAX_DEPTH
from vitlab.parts import MARK, make_part

# what TensorFlow and Keras put around the sentence that matters
NOISE = re.compile(
    r"\x1b\[[0-9;]*m|\{\{function_node [^}]*\}\}|Exception encountered when calling [\w.]+\(\)\.|\[Op:.*"
    r"|in user code:.*\n\n\s*\w+: | for '\{\{node [^']*'(?= with input shapes)",
    re.S,
)


class WeightError(Exception):
    """A weight is missing, not built, or has another shape; the message names its path and the shape."""


def ask(target, question):
    """The plain answer of `target` to one question.

    Args:
        target: the student's function or layer class.
        question: dict of args, kwargs, init, weights, method and way. With `init` not None, target is a layer class: it
            is made, called once, all its weights are overwritten by attribute path (fresh weights hide bugs), and
            called again; or its method of that name, if there is one. The way is "value", if nothing is said;
            "gradients" of a function, "evaluation" and "training" of a model are described in the grader's records.

    Returns:
        The value.

    Raises:
        WeightError: a weight is not where the exercise's text says.
        Exception: whatever the student's code raises.
    """
    args, kwargs, way = tensors(question["args"]), tensors(question["kwargs"]), question.get("way", "value")
    if question["init"] is None:
        return plain(gradients(target, args, kwargs) if way == "gradients" else target(*args, **kwargs))
    layer = untraced(target(**tensors(question["init"])))
    layer(*first_inputs(way, args), **kwargs)
    overwrite_all(layer, question["weights"])
    if way == "evaluation":
        return plain(loss_in_evaluation(layer, *args))
    if way == "training":
        loss = loss_after_steps(layer, *args)
        return plain({"loss": loss, **{path: find_weight(layer, path) for path in question["weights"]}})
    asked = getattr(layer, question["method"]) if question.get("method") else layer
    return plain(asked(*args, **kwargs))


def untraced(layer):
    """The layer, so marked that it and its sublayers build themselves at the first call, as where Keras cannot trace.

    Tracing `call` beforehand takes 20 ms a layer, the call itself 5. A layer with its own `build` stays as it is.
    """
    for own in layer._flatten_layers() if hasattr(layer, "_layers") else [layer]:
        if type(own).build in (keras.layers.Layer.build, keras.Model.build):
            own.built = True
    return layer


def overwrite_all(layer, weights):
    """Put the arrays into the layer's weights by attribute path; it must have no others. None leaves one as it is."""
    written = {path: overwrite(layer, path, array) for path, array in weights.items()}
    require_different(written)
    others = [weight for weight in layer.weights if not any(weight is own for own in written.values())]
    if others:
        shapes = in_short(sorted(str(tuple(weight.shape)) for weight in others))
        but = f" but {in_short(list(weights))}" if weights else ""
        raise WeightError(f"Expected no weights{but}. Found {len(others)} more, of shape {shapes}.")


def require_different(written):
    """Raise a WeightError that names the first two paths at which one and the same weight was found."""
    first_at = {}
    for path, weight in written.items():
        first = first_at.setdefault(id(weight), path)
        if first != path:
            raise WeightError(
                f"Expected {len(written)} different weights. Found one and the same weight at `{first}` and `{path}`. "
                "Was a layer made once and put in both places?"
            )


def in_short(names, most=6):
    """The names in one line; of more than `most`, the first ones and how many there are."""
    return ", ".join(names) if len(names) <= most else f"{', '.join(names[:most])}, … ({len(names)} in all)"


def tensors(value):
    """Arrays become tensors of the same dtype on the current backend, described parts callables; the rest stays."""
    if isinstance(value, (list, tuple)):
        return type(value)(tensors(item) for item in value)
    if isinstance(value, dict):
        items = {key: tensors(item) for key, item in value.items()}
        return make_part(items) if MARK in items else items
    return ops.convert_to_tensor(value) if isinstance(value, np.ndarray) else value


def overwrite(layer, path, array):
    """Put `array` into the weight at an attribute path; return the weight. None leaves it as it was made."""
    weight = find_weight(layer, path, None if array is None else array.shape)
    owner = layer
    for name in path.split(".")[:-1]:
        owner = part_of(owner, name)
    if is_frozen(weight, owner):
        raise WeightError(f"Expected the weight `{path}` to be trainable. Found: trainable=False, so it never changes.")
    if array is not None:
        weight.assign(array)
    return weight


def find_weight(layer, path, shape=None):
    """The weight at an attribute path such as "wq.kernel" or "blocks.0.norm1.gamma"; a model's layers by name, too.

    Raises:
        WeightError: there is none, or it has another shape than `shape`.
    """
    wanted = "one" if shape is None else f"one of shape {shape}"
    holder = layer
    for name in path.split("."):
        try:
            holder = part_of(holder, name)
        except (AttributeError, IndexError, TypeError, ValueError):
            if getattr(holder, "built", True) is False:
                unused = path.rsplit(".", 1)[0]
                raise WeightError(f"No weight at `{path}`: `{unused}` was made, but never used in call.") from None
            raise WeightError(
                f"No weight at `{path}`: expected {wanted} after the first call. "
                f"Is there a sublayer or weight called `{name}`, made in __init__ and used in call?"
            ) from None
    if not hasattr(holder, "assign") or not hasattr(holder, "shape"):
        kind = "None" if holder is None else f"a {type(holder).__name__}"
        raise WeightError(f"Expected {wanted.replace('one', 'a weight')} at `{path}`. Found: {kind}.")
    if shape is not None and tuple(holder.shape) != tuple(shape):
        raise WeightError(f"Expected shape {shape} for the weight `{path}`. Found: {tuple(holder.shape)}.")
    return holder


def part_of(holder, name):
    """An attribute, a list's item by its number, or a layer of a functional model by its name."""
    if name.isdigit():
        return holder[int(name)]
    if isinstance(holder, keras.Model) and not hasattr(holder, name):
        return holder.get_layer(name)
    return getattr(holder, name)


def is_frozen(weight, owner):
    """Whether a weight was made as one that training leaves alone, in a layer that is trained.

    A layer that is frozen as a whole (a teacher) and moving statistics (of a BatchNormalization) are meant to be so.
    """
    moving = getattr(weight, "name", "").startswith("moving_")
    return getattr(owner, "trainable", True) and not getattr(weight, "trainable", True) and not moving


def plain(value, depth=0):
    """Tensors and NumPy arrays become arrays of numbers; lists and dicts are kept; nothing else passes.

    Raises:
        TypeError: says what came, when it is not made of numbers.
    """
    if depth > MAX_DEPTH:
        raise TypeError(f"Expected a value nested at most {MAX_DEPTH} deep.")
    if value is None or type(value) in (bool, int, float, str):
        return value
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, keras.KerasTensor):
        raise TypeError("Expected numbers. Received: a symbolic KerasTensor; compute with the tensors you are given.")
    if ops.is_tensor(value) or isinstance(value, keras.Variable):
        value = ops.convert_to_numpy(value)
    if not isinstance(value, (np.ndarray, np.generic)):
        raise TypeError(f"Expected a tensor, an array or a number. Received: {type(value).__name__}.")
    return numbers(np.asarray(value))


def numbers(array):
    """An array of a standard number type; half precision widens to float32.

    Raises:
        TypeError: for objects, strings and complex numbers.
    """
    if array.dtype.kind not in KINDS and array.dtype.name not in ("bfloat16",):
        raise TypeError(f"Expected an array of numbers. Received: dtype {array.dtype}.")
    narrow = array.dtype.name in ("bfloat16", "float16")
    return np.array(array, dtype=np.float32 if narrow else array.dtype)


# where a sentence of TensorFlow's leads the wrong way
TIPS = (
    ("has no attribute 'T'", "Keras tensors have no .T: look in ops for a function that swaps two axes"),
    (
        "to EagerTensor of dtype bool",
        "Bring the mask to one type first: which function of ops changes a tensor's type?",
    ),
)


def is_unwritten(error):
    """Whether an error is the bare NotImplementedError of an exercise; those of libraries come with words."""
    return isinstance(error, NotImplementedError) and not error.args


def unwritten(error, name):
    """What is not written yet, in words: the exercise itself, or one that it calls."""
    trace = error.__traceback__
    while trace.tb_next is not None:
        trace = trace.tb_next
    own, _, method = trace.tb_frame.f_code.co_qualname.rpartition(".")
    if own in ("", name) and name in (own, method):
        part = f"`{method}`" if own else "it"
        return f"not written yet: {part} still holds `raise NotImplementedError()`. Put your code in place of that line"
    return f"it calls `{own or method}`, which is not written yet. Write that one first"


def words_of(error):
    """An exception's text; one whose own str() fails has none."""
    try:
        return str(error)
    except Exception:
        return ""


def describe(error, is_own_file):
    """An exception in words: its type, its text (200 characters) and the line in the student's cell.

    Args:
        error: the exception.
        is_own_file: says of a code object's file name whether it is a cell of the student's.
    """
    line = None
    trace = error.__traceback__
    while trace is not None:
        if is_own_file(trace.tb_frame.f_code.co_filename):
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError):
        line = error.lineno
    words = words_of(error)
    text = " ".join(NOISE.sub("", words).split())[:200]
    tip = next((f". {tip}" for sign, tip in TIPS if sign in words), "")
    text = text.partition(". If you are looking for")[0] if tip else text
    where = f" (line {line} of your cell)" if line else ""
    return f"{type(error).__name__}: {text}{where}{tip}" if text else f"{type(error).__name__}{where}"


def file_of(target):
    """The file name that the target's code was compiled under, or None."""
    code = getattr(target, "__code__", None)
    if code is None and isinstance(target, type):
        code = getattr(vars(target).get("call") or vars(target).get("__init__"), "__code__", None)
    return getattr(code, "co_filename", None)


def own_files(target):
    """A test for file names: the target's own cell, or any other cell of a notebook."""
    own = file_of(target)
    return lambda name: name == own or "ipykernel" in name or name.startswith("<ipython")
