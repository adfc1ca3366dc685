"""A look into attention layers: the weights are the layer's own, and the layer is as it was afterwards."""

import keras
import numpy as np
import pytest
from vitlab.looking import attention_of

HEADS, E, D = 3, 4, 12


@pytest.fixture
def asked():
    """(layer, query, memory)."""
    rng = np.random.default_rng(0)
    query, memory = (rng.standard_normal((2, count, D)).astype("float32") for count in (5, 7))
    layer = keras.layers.MultiHeadAttention(HEADS, E)
    layer(query, memory)
    return layer, query, memory


def test_the_weights_are_those_that_the_layer_returns_itself(asked):
    layer, query, memory = asked
    output, expected = layer(query, memory, return_attention_scores=True)
    kept = []
    (found,) = attention_of([layer], lambda: kept.append(layer(query, memory)))
    np.testing.assert_allclose(found, expected, atol=1e-6)
    np.testing.assert_allclose(kept[0], output, atol=1e-6)


def test_who_asks_for_weights_still_gets_them(asked):
    layer, query, memory = asked
    kept = []
    (found,) = attention_of([layer], lambda: kept.extend(layer(query, memory, return_attention_scores=True)))
    np.testing.assert_allclose(kept[1], found, atol=1e-6)


def test_the_layer_is_as_it_was_afterwards_even_after_an_error(asked):
    layer, *_ = asked
    with pytest.raises(ZeroDivisionError):
        attention_of([layer], lambda: 1 / 0)
    assert "call" not in vars(layer)


def test_a_layer_that_was_not_called_is_named(asked):
    layer, *_ = asked
    with pytest.raises(ValueError, match=layer.name):
        attention_of([layer], lambda: None)
