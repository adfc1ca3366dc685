"""A training that goes on where it was cut off: everything that decides its rest, in one file after each epoch."""

import json
import os
import tempfile
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path

import keras
import numpy as np

from vitlab.training.devices import scope_of

FILE = "training.npz"
ASIDE = "training-left-aside.npz"
UNREADABLE = (OSError, EOFError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)


class Checkpoint:
    """The state of one training in a folder: weights, random states, optimizer, epochs done and their history."""

    def __init__(self, folder, model, budget, others):
        """Make the folder, and the optimizer's variables.

        Args:
            folder: for the file, e.g. one on Google Drive, which outlives Colab's machine.
            model: built and compiled.
            budget, others: what else tells one training from another: the recipe, numbers, arrays.
        """
        self.folder, self.model, self.decides = Path(folder), model, what_decides(model, budget, others)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.path = self.folder / FILE
        with scope_of(model):
            model.optimizer.build(model.trainable_variables)

    def variables(self):
        """All that changes in training: weights and random states, then the optimizer's."""
        return [*self.model.variables, *self.model.optimizer.variables]

    def write(self, history):
        """Keep the state after an epoch; the file is the old one or the new one at every moment.

        Args:
            history: name to one value for each epoch since the first.
        """
        about = json.dumps({"decides": self.decides, "history": history})
        arrays = {f"v{i}": keras.ops.convert_to_numpy(variable) for i, variable in enumerate(self.variables())}
        handle, temporary = tempfile.mkstemp(dir=self.folder, prefix="writing-", suffix=".npz")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, about=np.array(about), **arrays)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        except BaseException:
            os.unlink(temporary)
            raise

    def read(self):
        """Put the kept state into the model: -> the history so far, {} where a training begins.

        A file that is damaged or of another training is said and left aside under another name.
        """
        if not self.path.exists():
            return {}
        try:
            with np.load(self.path, allow_pickle=False) as stored:
                about = json.loads(str(stored["about"]))
                if about["decides"] != self.decides:
                    return self.leave_aside("is of another training: model, budget, data or seed differ")
                variables = self.variables()
                values = [stored[f"v{i}"] for i, _ in enumerate(variables)]
            if [value.shape for value in values] != [tuple(variable.shape) for variable in variables]:
                return self.leave_aside("is of another model")
            history = {name: [float(value) for value in found] for name, found in about["history"].items()}
        except UNREADABLE as error:
            return self.leave_aside(f"is damaged ({type(error).__name__})")
        for variable, value in zip(variables, values, strict=True):
            variable.assign(value)
        print(f"{self.path}: {len(history['loss'])} epochs are done, it goes on from there.")
        return history

    def leave_aside(self, why):
        """Say why a kept file is not used, and give it another name."""
        os.replace(self.path, self.folder / ASIDE)
        print(f"{self.path} {why}. It is now {ASIDE}, and the training begins anew.")
        return {}


class Keeper(keras.callbacks.Callback):
    """Writes a checkpoint after each epoch."""

    def __init__(self, checkpoint, history):
        """history: of the epochs before, name to values."""
        super().__init__()
        self.checkpoint, self.history = checkpoint, {name: list(values) for name, values in history.items()}

    def on_epoch_end(self, epoch, logs=None):
        """Add the epoch and write."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        self.checkpoint.write(self.history)


def what_decides(model, budget, others):
    """Text that is equal for two calls of the same training.

    Args:
        model: built.
        budget: the recipe.
        others: numbers and arrays, nested in tuples.
    """
    sums = [zlib.crc32(np.ascontiguousarray(part)) for part in keras.tree.flatten(others)]
    shapes = [tuple(weight.shape) for weight in model.weights]
    return json.dumps([asdict(budget), sums, shapes, keras.backend.backend()], sort_keys=True)
