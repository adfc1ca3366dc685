"""Recipes that fit a machine: how many images, how long, how fast, and how large a model."""

import os
from dataclasses import dataclass, replace

from vitlab.training.devices import has_gpu


@dataclass(frozen=True)
class Budget:
    """A recipe for one training. Another one of your own: `dataclasses.replace(budget, epochs=3)`."""

    name: str
    images: int
    """How many training images are used: the first ones of the data set."""
    epochs: int
    batch_size: int
    learning_rate: float
    """The highest one, reached at the end of the warm-up."""
    weight_decay: float
    """Of kernels and embeddings; biases, norms, positions and CLS are spared."""
    warmup_share: float
    """Of all steps, 0 to 1: the learning rate rises from 0. Then it falls to 0 along a cosine."""
    flip: bool
    """Mirror about half of the images left to right. Not for digits."""
    crop: int
    """Shift each image by up to this many pixels."""
    model: dict
    """Arguments of VisionTransformer that suit the time; for scenes, of CaptioningTransformer."""


MANY = 10_000
"""Training images; with more, data are taken for photographs."""
DIGITS = Budget(
    name="cpu",
    images=5_748,
    epochs=30,
    batch_size=32,
    learning_rate=2e-3,
    weight_decay=1e-4,
    warmup_share=0.1,
    flip=False,
    crop=2,
    model={
        "image_size": 32,
        "patch_size": 8,
        "num_classes": 10,
        "dim": 48,
        "depth": 2,
        "num_heads": 4,
        "mlp_dim": 96,
        "dropout": 0.0,
        "pool": "cls",
    },
)
PHOTOGRAPHS = Budget(
    name="cpu",
    images=50_000,
    epochs=4,
    batch_size=64,
    learning_rate=2e-3,
    weight_decay=1e-4,
    warmup_share=0.1,
    flip=True,
    crop=0,
    model=DIGITS.model | {"patch_size": 4, "dim": 64, "depth": 3, "mlp_dim": 128},
)
SCENES = Budget(
    name="cpu",
    images=24_000,
    epochs=8,
    batch_size=64,
    learning_rate=2e-3,
    weight_decay=1e-4,
    warmup_share=0.1,
    flip=False,  # left would become right
    crop=0,
    model={
        "vocab_size": 16,
        "max_length": 10,
        "dim": 64,
        "num_heads": 4,
        "encoder_depth": 2,
        "decoder_depth": 2,
        "patch_size": 8,
        "image_size": 32,
        "mlp_dim": 128,
    },
)
FEW_DIGITS = replace(
    DIGITS,
    images=1_437,
    epochs=40,
    crop=1,
    model=DIGITS.model | {"image_size": 8, "patch_size": 2, "dim": 32, "mlp_dim": 64},
)
"""Grey digits of 8 by 8 pixels, few of which have labels: a teacher helps with the others."""
SMOKE = {"name": "smoke", "images": 1_000, "epochs": 2}
BUDGETS = {
    ("cpu", "colour_digits"): DIGITS,
    ("gpu", "colour_digits"): replace(DIGITS, name="gpu"),
    ("cpu", "cifar10"): PHOTOGRAPHS,
    ("gpu", "cifar10"): replace(
        PHOTOGRAPHS,
        name="gpu",
        epochs=40,
        batch_size=256,
        learning_rate=1e-3,
        weight_decay=0.05,
        crop=4,
        model=PHOTOGRAPHS.model | {"dim": 128, "depth": 6, "mlp_dim": 256, "dropout": 0.1},
    ),
    ("cpu", "scenes"): SCENES,
    ("gpu", "scenes"): replace(SCENES, name="gpu", epochs=24),
    ("cpu", "few_digits"): FEW_DIGITS,
    ("gpu", "few_digits"): replace(FEW_DIGITS, name="gpu"),
    ("smoke", "colour_digits"): replace(DIGITS, **SMOKE),
    ("smoke", "cifar10"): replace(PHOTOGRAPHS, **SMOKE),
    ("smoke", "scenes"): replace(SCENES, **SMOKE),
    ("smoke", "few_digits"): replace(FEW_DIGITS, **SMOKE),
}


def budget(name=None, dataset="colour_digits"):
    """A recipe by name: -> Budget. Its `model` holds the arguments for VisionTransformer, or CaptioningTransformer.

    Args:
        name: "cpu", about three minutes at most on two cores; "gpu", about five minutes on a Colab T4; "smoke",
            seconds, to see that everything runs; None takes what the environment variable VITLAB_BUDGET
            names, else "gpu" where Keras sees one, else "cpu".
        dataset: "colour_digits" or "cifar10", as in vitlab.data.load; "few_digits", grey digits for students that have
            a teacher, as in vitlab.teachers; "scenes", as in vitlab.scenes; or the data themselves, as fit takes them:
            with more than 10,000 training images the recipe is that of cifar10.

    Raises:
        ValueError: there is no such budget; says which ones there are.
    """
    names, sets = (tuple(dict.fromkeys(column)) for column in zip(*BUDGETS, strict=True))
    name = name or os.environ.get("VITLAB_BUDGET") or ("gpu" if has_gpu() else "cpu")
    if not isinstance(dataset, str):
        (images, _), _ = dataset
        dataset = "cifar10" if len(images) > MANY else "colour_digits"
    if (name, dataset) not in BUDGETS:
        raise ValueError(
            f"Expected one of the budgets {', '.join(names)} and one of the data sets {', '.join(sets)}. "
            f"Received: {name!r} and {dataset!r}."
        )
    found = BUDGETS[name, dataset]
    return replace(found, model=dict(found.model))
