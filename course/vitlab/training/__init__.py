"""Budgets and the loop that trains a model under one: a stand-in until the real module is merged."""

from dataclasses import dataclass, field

import keras

from vitlab.data import pipeline


@dataclass(frozen=True)
class Budget:
    """How long and how to train."""

    name: str
    images: int
    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    warmup_share: float
    flip: bool
    crop: int
    model: dict = field(default_factory=dict)


MODEL = {
    "image_size": 32, "patch_size": 8, "num_classes": 10, "dim": 48, "depth": 2, "num_heads": 4, "mlp_dim": 96,
    "dropout": 0.0, "pool": "cls",
}  # fmt: skip


def budget(name=None, dataset="colour_digits"):
    """A budget by name; None takes the one that fits the devices here."""
    return Budget(name or "cpu", 5748, 25, 64, 3e-3, 1e-4, 0.1, False, 0, dict(MODEL))


def compile_for(model, budget, steps):
    """Compile a model for `steps` steps under a budget."""
    warm = max(1, int(budget.warmup_share * steps))
    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps - warm, warmup_target=budget.learning_rate, warmup_steps=warm
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=budget.weight_decay, clipnorm=1.0),
        keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
        jit_compile=True,
    )


def fit(model, data, budget, seed=0, resume=None, live=False):
    """Train the model on (x_train, y_train); (x_test, y_test) is watched. Returns the Keras History."""
    (x, y), (x_test, y_test) = data
    batches = pipeline(x[: budget.images], y[: budget.images], budget.batch_size, shuffle=True, seed=seed)
    compile_for(model, budget, budget.epochs * (min(len(x), budget.images) // budget.batch_size))
    watched = pipeline(x_test, y_test, 256)
    return model.fit(batches, validation_data=watched, epochs=budget.epochs, verbose=2)
