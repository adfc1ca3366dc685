"""One training of lesson 04's vision transformer on Keras, as the course trains it or in keras.io's style.

benchmarks/training.py runs it in a process of its own: a task in JSON as its argument, the result as its last line.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from unittest import mock

import keras
import numpy as np
import tensorflow as tf
from vitlab import training
from vitlab.data.batches import epochs
from vitlab.training import fitting

from solutions.vit.reference import VisionTransformer

PROFILED = 40
"""Batches of each part of the profile."""


class Clock(keras.callbacks.Callback):
    """Seconds of each epoch, from the end of the one before; the test images are looked at within."""

    def on_train_begin(self, logs: Any = None) -> None:
        """Start."""
        self.seconds: list[float] = []
        self.began = time.perf_counter()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Note the epoch."""
        now = time.perf_counter()
        self.seconds.append(now - self.began)
        self.began = now


def main(task: dict[str, Any]) -> dict[str, Any]:
    """Train once; accuracy, seconds of each epoch, parameters."""
    with np.load(task["data"]) as stored:
        data = tuple((stored[f"x_{part}"], stored[f"y_{part}"]) for part in ("train", "test"))
    budget = training.Budget(**task["budget"])
    keras.utils.set_random_seed(task["seed"])
    model = VisionTransformer(**budget.model)
    if task["side"] == "profile":
        return profile(model, data, budget)
    seconds = {"vitlab": as_the_course, "keras.io": as_keras_io}[task["side"]](model, data, budget, task["seed"])
    (_, _), (images, labels) = data
    accuracy = float((model.predict(images / np.float32(255), verbose=0).argmax(-1) == labels).mean())
    versions = {"keras": keras.version(), "tensorflow": tf.__version__}
    return {"seconds": seconds, "accuracy": accuracy, "parameters": model.count_params(), "versions": versions}


def as_the_course(model: Any, data: Any, budget: Any, seed: int) -> list[float]:
    """vitlab.training.fit."""
    clock = Clock()
    with mock.patch.object(fitting, "Lines", return_value=clock):  # in place of printing
        training.fit(model, data, budget, seed=seed)
    return clock.seconds


def as_keras_io(model: Any, data: Any, budget: Any, seed: int) -> list[float]:
    """As keras.io's vision transformer is trained: NumPy arrays, compile and fit with their defaults; our schedule."""
    (x, y), (x_test, y_test) = data
    clock, steps = Clock(), len(x) // budget.batch_size * budget.epochs
    warmup = round(budget.warmup_share * steps)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warmup, warmup_target=budget.learning_rate, warmup_steps=warmup
    )
    model.compile(
        keras.optimizers.AdamW(rate, weight_decay=budget.weight_decay, clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    floats = [images.astype("float32") / 255 for images in (x, x_test)]
    model.fit(
        floats[0],
        y,
        batch_size=budget.batch_size,
        epochs=budget.epochs,
        validation_data=(floats[1], y_test),
        callbacks=[clock],
        verbose=0,
    )
    return clock.seconds


def profile(model: Any, data: Any, budget: Any) -> dict[str, Any]:
    """Milliseconds of one batch in each part of a step, under XLA: what a step is made of."""
    (x, y), _ = data
    batches = epochs(x, y, budget.batch_size, len(x) // budget.batch_size, range(99), budget.flip, budget.crop)
    images, labels = next(iter(batches))
    model(images)
    training.compile_for(model, budget, 10_000)
    model.optimizer.build(model.trainable_variables)

    def loss() -> Any:
        return model.loss(labels, model(images, training=True))

    def gradients() -> Any:
        with tf.GradientTape() as tape:
            found = loss()
        return tape.gradient(found, model.trainable_variables)

    def step() -> Any:
        model.optimizer.apply_gradients(zip(gradients(), model.trainable_variables, strict=True))
        return model.optimizer.iterations.value

    parts = {"forward": loss, "forward_backward": gradients, "step": step}
    found = {name: per_batch(tf.function(part, jit_compile=True)) for name, part in parts.items()}
    stream = iter(batches)
    return {"profile_ms": {"batches": per_batch(lambda: next(stream)), **found}}


def per_batch(call: Any) -> float:
    """Median milliseconds of a call, after two that may compile."""
    taken = []
    for number in range(PROFILED + 2):
        began = time.perf_counter()
        for part in tf.nest.flatten(call()):
            part.numpy()
        taken += [1000 * (time.perf_counter() - began)] if number > 1 else []
    return float(np.median(taken))


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))
