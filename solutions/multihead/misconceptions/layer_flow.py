"""Mistakes in what flows through MultiHeadAttention: roles of the tokens, dropout, what is returned."""

from __future__ import annotations

import keras
from keras import ops

from solutions.multihead import reference
from solutions.multihead.misconceptions.building import Steps, layer_variant, new_registry

KNOWN = new_registry()

layer_variant(
    KNOWN,
    "reads_only_itself",
    "When tokens ask others, whose content is read? Yours reads the queries' own.",
    project=lambda self, query, source: (self.wq(query), self.wk(query), self.wv(query)),
)
layer_variant(
    KNOWN,
    "values_from_the_queries",
    "The weights are right when tokens ask others. But whose values are averaged with them?",
    project=lambda self, query, source: (self.wq(query), self.wk(source), self.wv(query)),
)
layer_variant(
    KNOWN,
    "keys_from_the_queries",
    "When tokens ask others, each query is compared with whose keys?",
    project=lambda self, query, source: (self.wq(query), self.wk(query), self.wv(source)),
)
layer_variant(
    KNOWN,
    "roles_of_the_two_inputs_swapped",
    "One row of the output belongs to each token of `query`. Yours has one for each token of `key_value`.",
    project=lambda self, query, source: (self.wq(source), self.wk(query), self.wv(query)),
)
layer_variant(
    KNOWN,
    "wq_and_wk_swapped",
    "Row i of the weights belongs to query i. Compare with the names: which kernel makes queries?",
    project=lambda self, query, source: (self.wk(query), self.wq(source), self.wv(source)),
)
layer_variant(
    KNOWN,
    "wk_and_wv_swapped",
    "Double wv: the weights must not move. In your layer they do.",
    project=lambda self, query, source: (self.wq(query), self.wv(source), self.wk(source)),
)
layer_variant(
    KNOWN,
    "wq_and_wv_swapped",
    "Double wv: the weights must not move, and the output without its bias doubles. What does yours do?",
    project=lambda self, query, source: (self.wv(query), self.wk(source), self.wq(source)),
)
layer_variant(
    KNOWN,
    "activation_on_the_projections",
    "Negative numbers vanish on the way. Is there an activation on your projections? The text has none.",
    project=lambda self, query, source: tuple(ops.relu(x) for x in Steps.project(self, query, source)),
)
layer_variant(
    KNOWN,
    "never_drops",
    "With training=True and a high rate your output should lose nearly everything. Where is `dropout` used?",
    fade=lambda self, weights, training: weights,
)
layer_variant(
    KNOWN,
    "always_drops",
    "With training=False a dropout rate must change nothing. What do you hand on to the dropout?",
    fade=lambda self, weights, training: self.drop(weights, training=True),
)
layer_variant(
    KNOWN,
    "rate_is_share_kept",
    "A rate of 0.1 means that one weight in ten is dropped, not that one in ten is kept.",
    fade=lambda self, weights, training: keep_rarely(self, weights, training),
)
layer_variant(
    KNOWN,
    "drops_the_blends",
    "With training=True single features of a head vanish. Dropout on the weights makes a query miss a whole token.",
    blend=lambda self, weights, v, training: self.drop(ops.matmul(weights, v), training=training),
)
layer_variant(
    KNOWN,
    "drops_the_output_too",
    "With training=True not even the bias of wo is left, so the output was dropped. What does the text drop?",
    finish=lambda self, output, training: self.drop(self.wo(output), training=training),
)
layer_variant(
    KNOWN,
    "drops_the_output_instead",
    "With training=True not even the bias of wo is left, so the output was dropped. What does the text drop?",
    twin="drops_the_output_too",
    fade=lambda self, weights, training: weights,
    finish=lambda self, output, training: self.drop(self.wo(output), training=training),
)


def keep_rarely(layer, weights, training):
    """Dropout that takes its rate for the share that is kept."""
    if not training:
        return weights
    return keras.random.dropout(weights, 1.0 - layer.drop.rate, seed=1)


@KNOWN.wrong("The queries' tokens were added to the output. That belongs to the block around this layer, not in here.")
class adds_the_residual(reference.MultiHeadAttention):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        output, weights = super().call(query, key_value, mask, True, training)
        return (output + query, weights) if return_weights else output + query


@KNOWN.wrong("The softmax comes after your dropout and makes weights of what was dropped. Which comes first?")
class drops_the_scores(Steps):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        self.asleep = not training
        return super().call(query, key_value, mask, return_weights, training)

    def score(self, q, k):
        return self.drop(super().score(q, k), training=not self.asleep)

    def fade(self, weights, training):
        return weights


@KNOWN.wrong("The weights that you return were dropped before. The text asks for those before the dropout.")
class returns_what_dropout_left(Steps):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        output, weights = super().call(query, key_value, mask, True, training)
        weights = self.drop(weights, training=training)
        return (output, weights) if return_weights else output


@KNOWN.wrong("Without return_weights the text asks for the output alone, not for a tuple.")
class always_a_tuple(reference.MultiHeadAttention):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        return super().call(query, key_value, mask, True, training)


@KNOWN.wrong("With return_weights=True the text asks for two results. Where does your code look at that argument?")
class never_weights(reference.MultiHeadAttention):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        return super().call(query, key_value, mask, False, training)


@KNOWN.wrong("Both results are there, in the other order. Which comes first, output or weights?")
class results_swapped(reference.MultiHeadAttention):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        found = super().call(query, key_value, mask, return_weights, training)
        return found[::-1] if return_weights else found


@KNOWN.wrong("PyTorch's layer averages its weights over the heads. Here each head shows its own: (B, h, Tq, Tk).")
class averages_the_heads_weights(reference.MultiHeadAttention):
    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        output, weights = super().call(query, key_value, mask, True, training)
        return (output, ops.mean(weights, axis=1)) if return_weights else output


@KNOWN.wrong("You return scores where the weights belong. Which step lies between them?")
class returns_scores(Steps):
    def score(self, q, k):
        self.seen = super().score(q, k)
        return self.seen

    def call(self, query, key_value=None, mask=None, return_weights=False, training=None):
        output = super().call(query, key_value, mask, False, training)
        seen = self.seen if mask is None else self.close(self.seen, mask)
        return (output, seen) if return_weights else output
