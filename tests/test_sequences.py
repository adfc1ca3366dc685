"""The sequences to reverse: the data, the given positions and model, and what a trained one needs them for."""

import numpy as np
import pytest
from vitlab.sequences import (
    attention_maps,
    build_reverser,
    position_table,
    reversal_data,
    reverser_arguments,
    share_right,
)

from solutions.multihead import reference

LENGTH, VOCABULARY, DIM, HEADS = 7, 5, 15, 3
UNSEEN = reversal_data(2_000, seed=2)
MOST_FREQUENT = 0.241  # of the other 15 places; more is not to be had without positions


def test_the_answer_is_the_sequence_backwards():
    x, y = reversal_data(3, seed=0, length=LENGTH, vocabulary=VOCABULARY)
    assert x.shape == y.shape == (3, LENGTH)
    assert [row[::-1] for row in x.tolist()] == y.tolist()


def test_digits_come_from_the_vocabulary_and_all_of_it():
    x, _ = reversal_data(1_000, seed=0, vocabulary=VOCABULARY)
    assert set(np.unique(x)) == set(range(VOCABULARY))


def test_a_seed_gives_the_same_sequences_and_another_seed_others():
    assert np.array_equal(reversal_data(3, seed=4)[0], reversal_data(3, seed=4)[0])
    assert not np.array_equal(reversal_data(3, seed=4)[0], reversal_data(3, seed=5)[0])


def test_each_place_lights_a_lamp_of_its_own():
    table = position_table(LENGTH, DIM)
    np.testing.assert_array_equal(table @ table.T, np.eye(LENGTH))


def test_too_few_features_for_the_places_are_refused():
    with pytest.raises(ValueError, match="Expected dim to be at least 7"):
        position_table(LENGTH, 5)


WRONG = {"heads": {"num_heads": 4}, "positions": {"positions": np.zeros((DIM, LENGTH))}}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_model_that_cannot_be_built_is_refused_in_words(wrong):
    with pytest.raises(ValueError, match=r"Expected .* Received"):
        build_reverser(**{"length": LENGTH, "vocabulary": VOCABULARY, "dim": DIM, "num_heads": HEADS, **wrong})


def test_a_model_tells_the_arguments_that_make_it_again():
    arguments = {"length": LENGTH, "vocabulary": VOCABULARY, "dim": DIM, "num_heads": HEADS}
    assert reverser_arguments(build_reverser(**arguments)) == arguments


def test_the_positions_are_no_weights():
    sighted, blind = build_reverser(), build_reverser(positions=np.zeros((16, 32)))
    assert [weight.shape for weight in sighted.weights] == [weight.shape for weight in blind.weights]
    assert sighted.count_params() == 4_874


@pytest.fixture(scope="module")
def model():
    """A model trained as the reference does."""
    trained, history = reference.train_reverser((reversal_data(10_000, seed=1), UNSEEN), seed=3)
    assert history.history["val_accuracy"]
    return trained


@pytest.fixture(scope="module")
def blind(model):
    """The trained model without its positions."""
    without = build_reverser(**reverser_arguments(model), positions=np.zeros((16, 32)))
    without.set_weights(model.get_weights())
    return without


def test_the_reference_learns_to_reverse_sequences_that_it_has_not_seen(model):
    assert share_right(model, *UNSEEN) > 0.99


def test_a_trained_model_is_at_chance_when_its_positions_are_zero(blind):
    assert share_right(blind, *UNSEEN) < MOST_FREQUENT + 0.02


def test_without_positions_equal_digits_get_equal_logits(blind):
    x = UNSEEN[0][:50]
    logits = blind.predict(x, verbose=0)
    order = np.roll(np.arange(16), 5)
    np.testing.assert_allclose(blind.predict(x[:, order], verbose=0), logits[:, order], atol=1e-4)


def test_every_place_looks_most_at_the_place_that_it_must_say(model):
    maps = attention_maps(model, UNSEEN[0][:100])
    np.testing.assert_allclose(maps.sum(-1), 1, atol=1e-5)
    assert maps.mean((0, 1)).argmax(-1).tolist() == list(range(15, -1, -1))
