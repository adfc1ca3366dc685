"""A look into attention layers of Keras while a model works."""

from contextlib import ExitStack, contextmanager

import keras


def attention_of(layers, run):
    """The attention weights of some layers while something runs: -> list of arrays (B, h, Tq, Tk), one for each layer.

    Where a layer is called more than once, its last call counts.

    Args:
        layers: keras.layers.MultiHeadAttention, parts of a model that was called before.
        run: a function without arguments that calls the model, as in lambda: model(images, token_ids).

    Raises:
        ValueError: a layer was not called.
    """
    found = {}
    with ExitStack() as listening:
        for layer in layers:
            listening.enter_context(recorded(layer, found))
        run()
    silent = [layer.name for layer in layers if id(layer) not in found]
    if silent:
        raise ValueError(f"Expected every layer to be called. These were not: {', '.join(silent)}.")
    return [keras.ops.convert_to_numpy(found[id(layer)]) for layer in layers]


@contextmanager
def recorded(layer, found):
    """Within the block, each call of an attention layer puts its weights into found, under the layer's id."""
    call = layer.call

    def listening(*args, return_attention_scores=False, **kwargs):
        output, weights = call(*args, return_attention_scores=True, **kwargs)
        found[id(layer)] = weights
        return (output, weights) if return_attention_scores else output

    layer.call = listening
    try:
        yield
    finally:
        del layer.call
