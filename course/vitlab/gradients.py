"""The slope of an answer, on the backend that Keras runs on."""

import sys

import keras
from keras import ops


def gradient(function, args, kwargs, position):
    """d sum(function(*args, **kwargs)) / d args[position]: a tensor of that argument's shape.

    It is 0 where the answer does not depend on the argument in a way that the backend has followed: NumPy and plain
    numbers carry no slope.

    Args:
        function: returns a float tensor or a number.
        args, kwargs: what it is called with; args[position] is a float tensor.
        position: of the argument, from 0.
    """
    return SLOPES[keras.backend.backend()](function, args, kwargs, position)


def by_tensorflow(function, args, kwargs, position):
    """TensorFlow follows what happens on a tape."""
    tape = sys.modules["tensorflow"].GradientTape()
    with tape:
        tape.watch(args[position])
        total = ops.sum(function(*args, **kwargs))
    return tape.gradient(total, args[position], unconnected_gradients="zero")


def by_jax(function, args, kwargs, position):
    """JAX derives functions of one argument."""

    def total(value):
        return ops.sum(function(*args[:position], value, *args[position + 1 :], **kwargs))

    return sys.modules["jax"].grad(total)(args[position])


def by_torch(function, args, kwargs, position):
    """PyTorch follows what comes of a tensor that asks for it."""
    followed = args[position].detach().clone().requires_grad_()
    total = ops.sum(function(*args[:position], followed, *args[position + 1 :], **kwargs))
    if total.requires_grad:
        total.backward()
    return ops.zeros_like(args[position]) if followed.grad is None else followed.grad


SLOPES = {"tensorflow": by_tensorflow, "jax": by_jax, "torch": by_torch}
