"""What a function passes on and what a model learns: gradients, and some steps of training, on any backend."""

import sys

import keras
from keras import ops

RATE = 1.0
"""The learning rate of the steps: so large that a wrong gradient shows."""


def gradients(function, args, kwargs):
    """The gradient of a function's result, one number, with respect to each float tensor in `args`, in their order.

    Args:
        function: returns a scalar.
        args: its arguments, tensors and others. kwargs: further ones, for which no gradient is asked.

    Returns:
        A list of tensors of the shapes of these arguments; zeros where no gradient arrives.

    Raises:
        TypeError: the result is no single number.
    """
    places = [i for i, value in enumerate(args) if is_float(value)]

    def of(*tensors):
        given = list(args)
        for i, tensor in zip(places, tensors, strict=True):
            given[i] = tensor
        return scalar(function(*given, **kwargs))

    differentiate = {"tensorflow": by_tensorflow, "jax": by_jax, "torch": by_torch}[keras.backend.backend()]
    return list(differentiate(of, [args[i] for i in places]))


def is_float(value):
    """Whether a value is a tensor of floats."""
    return ops.is_tensor(value) and keras.backend.is_float_dtype(keras.backend.standardize_dtype(value.dtype))


def scalar(value):
    """The value as a tensor of shape ().

    Raises:
        TypeError: it has another shape.
    """
    value = ops.convert_to_tensor(value)
    if len(value.shape):
        raise TypeError(f"Expected one number, of shape (). Received: shape {tuple(value.shape)}.")
    return value


def by_tensorflow(function, tensors):
    """Gradients by TensorFlow's tape. Not inside a graph: to trace a function costs many times what it computes."""
    tf = sys.modules["tensorflow"]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        value = function(*tensors)
    return tape.gradient(value, tensors, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def by_jax(function, tensors):
    """Gradients by JAX, of a traced function."""
    return sys.modules["jax"].grad(function, argnums=tuple(range(len(tensors))))(*tensors)


def by_torch(function, tensors):
    """Gradients by PyTorch."""
    torch = sys.modules["torch"]
    tensors = [tensor.detach().clone().requires_grad_() for tensor in tensors]
    value = function(*tensors)
    if not value.requires_grad:
        return [torch.zeros_like(tensor) for tensor in tensors]
    found = torch.autograd.grad(value, tensors, allow_unused=True)
    return [torch.zeros_like(tensor) if one is None else one for one, tensor in zip(found, tensors, strict=True)]


def first_inputs(way, args):
    """What a layer is first called with, so that its weights are made: images alone where labels come with them."""
    if way == "training":
        return (args[0][0],)
    return args[:1] if way == "evaluation" else args


def loss_in_evaluation(model, images, labels):
    """The loss that model.evaluate finds on a batch, without any loss at compile time: a float."""
    prepare(model)
    return model.test_on_batch(images, labels, return_dict=True)["loss"]


def loss_after_steps(model, images, labels):
    """Train a model by plain gradient descent, a step for each entry of images (S, B, ...) and labels (S, B).

    Returns:
        The loss of the last step, as fit would show it: a float.
    """
    prepare(model)
    logs = [model.train_on_batch(*batch, return_dict=True) for batch in zip(images, labels, strict=True)]
    return logs[-1]["loss"]


def prepare(model):
    """Compile a model for plain gradient descent, without a loss; its steps are not traced."""
    eager = {"run_eagerly": True} if keras.backend.backend() == "tensorflow" else {}
    model.compile(keras.optimizers.SGD(RATE), jit_compile=False, **eager)
