"""What the machine has, and how to use it: GPUs, several of them, XLA, half precision."""

import sys
from contextlib import contextmanager, nullcontext

import keras

from vitlab.data.batches import tensorflow

XLA_PAYS_FROM = 20_000
"""Images that pass through the model in a training; below, compiling costs more than it saves."""
TENSOR_CORES = (7, 0)
"""Compute capability from which a GPU multiplies float16 much faster than float32."""


def has_gpu():
    """Whether Keras's backend sees a GPU."""
    return bool(gpus())


def gpus():
    """Names of the GPUs that Keras's backend sees, e.g. ["gpu:0"]."""
    backend = keras.backend.backend()
    if backend == "torch":
        return [f"cuda:{i}" for i in range(sys.modules["torch"].cuda.device_count())]
    if backend == "tensorflow":
        return [f"gpu:{i}" for i, _ in enumerate(tensorflow().config.list_logical_devices("GPU"))]
    return [name for name in keras.distribution.list_devices() if name.startswith(("cuda", "gpu"))]


def strategy(devices=None):
    """A context that spreads a training over several devices: make the model and call fit inside it.

    Each device computes its part of every batch, and the gradients are averaged: the losses are those of one device,
    nearly (TensorFlow clips each device's part by itself, and dropout draws on each device).
    With one device or none it changes nothing. tf.distribute.MirroredStrategy on TensorFlow, keras.distribution's
    DataParallel on JAX.

        with training.strategy():
            model = VisionTransformer(**budget.model)
            history = training.fit(model, data, budget)

    Args:
        devices: names such as ["gpu:0", "gpu:1"]. None takes all GPUs.
    """
    devices = gpus() if devices is None else list(devices)
    backend = keras.backend.backend()
    if len(devices) < 2 or backend not in ("tensorflow", "jax"):
        return nullcontext()
    if backend == "jax":
        return keras.distribution.DataParallel(devices=devices).scope()
    return tensorflow().distribute.MirroredStrategy(devices).scope()


def copies(model):
    """On how many devices the model is trained."""
    if keras.backend.backend() == "tensorflow":
        return model.distribute_strategy.num_replicas_in_sync
    spread = keras.distribution.distribution() if keras.backend.backend() == "jax" else None
    return spread.device_mesh.devices.size if spread else 1


def scope_of(model):
    """The context in which this model's variables are made and its optimizer is compiled."""
    return model.distribute_strategy.scope() if keras.backend.backend() == "tensorflow" else nullcontext()


def runs_many_steps(model):
    """Whether many steps in a row help: TensorFlow comes back to Python less often. Keras 3.15 fails on it where the
    model is spread over several devices."""
    return keras.backend.backend() == "tensorflow" and copies(model) == 1


def xla(model, images):
    """The jit_compile for a training in which so many images pass through the model.

    Keras's "auto" uses no XLA on the CPUs of TensorFlow, where it makes a small transformer 1.3 times as fast.
    """
    if keras.backend.backend() != "tensorflow":
        return "auto"
    return copies(model) == 1 and images >= XLA_PAYS_FROM


def with_xla_if_possible(model, batches, **options):
    """model.fit(batches, **options); where XLA cannot compile the model, say so and train without it."""
    try:
        return model.fit(batches, **options)
    except Exception as error:
        if not model.jit_compile or "tf2xla" not in str(error):
            raise
    print("XLA cannot compile an operation of this model; tf.print is one. It trains without XLA, more slowly.")
    model.jit_compile = False
    model.train_function = model.test_function = None
    return model.fit(batches, **options)


def precision(model):
    """The policy to train in: "mixed_float16" on one GPU with tensor cores, else the model's own."""
    if keras.backend.backend() != "tensorflow" or copies(model) > 1:
        return None
    config = tensorflow().config
    found = [config.experimental.get_device_details(gpu) for gpu in config.list_physical_devices("GPU")]
    able = found and all(details.get("compute_capability", (0, 0)) >= TENSOR_CORES for details in found)
    return "mixed_float16" if able and model.dtype_policy.name == "float32" else None


@contextmanager
def computing_in(model, policy):
    """Within the block, all layers of a built model compute under another policy; weights stay as they are.

    Args:
        model: built.
        policy: e.g. "mixed_float16"; None changes nothing.
    """
    layers = [] if policy is None else model._flatten_layers()
    before = [(layer, layer.dtype_policy) for layer in layers]
    for layer, _ in before:
        layer.dtype_policy = policy
    try:
        yield
    finally:
        for layer, own in before:
            layer.dtype_policy = own
        if before:  # what was traced under the other policy is traced anew
            model.train_function = model.test_function = model.predict_function = None
