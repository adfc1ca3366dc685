"""Mistakes in ClassAttentionBlock: who asks, who is asked, residuals, norms and gammas."""

from __future__ import annotations

import keras
from keras import ops

from solutions.mixers import reference
from solutions.mixers.misconceptions.building import Asking, class_registry, variant

KNOWN = class_registry()
RETURNED_ZERO = "If {} returned 0, what should be left of CLS? Read the line of h and the line of y again."


def class_variant(name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return variant(KNOWN, Asking, name, hint, twin, **steps)


def attending(step):
    """An attend of step(layer, z, cls, patches), z being the normed tokens with CLS in front."""
    return lambda self, cls, patches: step(self, self.norm1(self.together(cls, patches)), cls, patches)


class_variant(
    "cls_is_not_asked",
    "1 + N tokens are asked, says the text. Whom does yours leave out? With a single patch, look at the weights.",
    attend=attending(lambda self, z, cls, patches: self.attn(z[:, :1], z[:, 1:])),
)
class_variant(
    "everyone_asks",
    "Only CLS asks, and one row comes back. How many rows come back in yours?",
    attend=attending(lambda self, z, cls, patches: self.attn(z, z)),
)
class_variant(
    "patches_ask_cls",
    "Who wants to know something here, CLS or the patches? The one who asks is the query.",
    attend=attending(lambda self, z, cls, patches: self.attn(z[:, 1:], z[:, :1])),
)
class_variant(
    "patches_ask_everyone",
    "Who wants to know something here, CLS or the patches? Yours returns a row for each patch.",
    attend=attending(lambda self, z, cls, patches: self.attn(z[:, 1:], z)),
)
class_variant(
    "last_row_asks",
    "CLS stands in front. Which row asks in yours?",
    attend=attending(lambda self, z, cls, patches: self.attn(z[:, -1:], z)),
)
class_variant(
    "cls_behind_the_patches",
    "[cls, patches]: who comes first? Then look at who asks in yours.",
    together=lambda self, cls, patches: ops.concatenate([patches, cls], axis=1),
)
class_variant(
    "values_not_normed",
    "Keys and values are the same 1 + N tokens, all normed. Which of the two are not in yours?",
    attend=attending(lambda self, z, cls, patches: self.attn(z[:, :1], self.together(cls, patches), z)),
)
class_variant(
    "query_not_normed",
    "z is normed once and then used three times. Your query is still CLS itself.",
    attend=attending(lambda self, z, cls, patches: self.attn(cls, z)),
)
class_variant(
    "query_alone_is_normed",
    "z is normed once and then used three times. Your keys and values are still the tokens themselves.",
    attend=attending(lambda self, z, cls, patches: self.attn(z[:, :1], self.together(cls, patches))),
)
class_variant(
    "patches_not_normed",
    "norm1 is for all 1 + N tokens. Which of them go into attention as they came?",
    attend=lambda self, cls, patches: self.attn(n := self.norm1(cls), self.together(n, patches)),
)
class_variant(
    "cls_not_normed",
    "norm1 is for all 1 + N tokens. Which of them goes into attention as it came?",
    attend=lambda self, cls, patches: self.attn(cls, self.together(cls, self.norm1(patches))),
)
class_variant(
    "no_norm_before_attention",
    "What does attention get to see: the tokens, or the normed ones?",
    attend=lambda self, cls, patches: self.attn(cls, self.together(cls, patches)) + 0 * self.norm1(cls),
)
class_variant(
    "no_norm_before_the_mlp",
    "What stands between h and the MLP in the formula?",
    second=lambda self, h, cls: h + self.scale2(self.mlp(h)) + 0 * self.norm2(h),
)
class_variant(
    "one_norm_used_twice",
    "How many norms does the formula have? Yours uses one of them twice, and a fresh one hides it.",
    second=lambda self, h, cls: h + self.scale2(self.mlp(self.norm1(h))) + 0 * self.norm2(h),
)
class_variant(
    "norms_swapped",
    "norm1 belongs to attention and norm2 to the MLP. Fresh ones look alike; trained ones do not.",
    attend=lambda self, cls, patches: self.attn((z := self.norm2(self.together(cls, patches)))[:, :1], z),
    second=lambda self, h, cls: h + self.scale2(self.mlp(self.norm1(h))),
)
class_variant(
    "post_norm",
    "Do the norms stand in front of attention and MLP, or behind the plus? And what would be left of CLS with gamma 0?",
    first=lambda self, cls, patches: self.norm1(cls + self.scale1(self.attn(cls, self.together(cls, patches)))),
    second=lambda self, h, cls: self.norm2(h + self.scale2(self.mlp(h))),
)
class_variant(
    "no_residual_around_attention",
    RETURNED_ZERO.format("attention"),
    first=lambda self, cls, patches: self.scale1(self.attend(cls, patches)),
)
class_variant(
    "no_residual_around_the_mlp",
    RETURNED_ZERO.format("the MLP"),
    second=lambda self, h, cls: self.scale2(self.mlp(self.norm2(h))),
)
class_variant(
    "residual_from_the_normed_cls",
    "What runs along the first residual line: CLS, or the normed CLS?",
    first=lambda self, cls, patches: self.norm1(cls) + self.scale1(self.attend(cls, patches)),
)
class_variant(
    "second_residual_from_the_normed",
    "The second residual starts from h. Yours starts behind the norm.",
    second=lambda self, h, cls: (n := self.norm2(h)) + self.scale2(self.mlp(n)),
)
class_variant(
    "second_residual_from_cls",
    "The second plus adds h, which already holds what attention found. Yours goes back to cls.",
    second=lambda self, h, cls: cls + self.scale2(self.mlp(self.norm2(h))),
)
class_variant(
    "mlp_of_the_old_cls",
    "The MLP should see what attention has found. Yours sees cls as it came in.",
    second=lambda self, h, cls: h + self.scale2(self.mlp(self.norm2(cls))),
)
class_variant(
    "gamma_on_the_whole_stream",
    "With gamma 0, CLS should come out as it went in. In yours nothing is left: what does gamma multiply?",
    first=lambda self, cls, patches: self.scale1(cls + self.attend(cls, patches)),
    second=lambda self, h, cls: self.scale2(h + self.mlp(self.norm2(h))),
)
class_variant(
    "gamma_on_the_stream_of_attention",
    "Set both gammas to 0 and look at h. In yours nothing is left: what does the first gamma multiply?",
    first=lambda self, cls, patches: self.scale1(cls + self.attend(cls, patches)),
)
class_variant(
    "gamma_on_the_stream_of_the_mlp",
    "Set both gammas to 0 and look at y. In yours nothing is left: what does the second gamma multiply?",
    second=lambda self, h, cls: self.scale2(h + self.mlp(self.norm2(h))),
)
class_variant(
    "gamma_on_the_residual",
    "Which of the two is to start small: what a box has found, or what CLS has known all along?",
    first=lambda self, cls, patches: self.scale1(cls) + self.attend(cls, patches),
    second=lambda self, h, cls: self.scale2(h) + self.mlp(self.norm2(h)),
)
class_variant(
    "gamma_before_attention",
    "A gamma shrinks what attention has found. Yours shrinks what attention gets to see.",
    first=lambda self, cls, patches: (
        cls + self.attn((z := self.scale1(self.norm1(self.together(cls, patches))))[:, :1], z)
    ),
)
class_variant(
    "gamma_before_the_mlp",
    "A gamma shrinks what the MLP has found. Yours shrinks what the MLP gets to see.",
    second=lambda self, h, cls: h + self.mlp(self.scale2(self.norm2(h))),
)
class_variant(
    "gammas_unused",
    "Where do scale1 and scale2 come into your call? With both gammas 0, CLS should stay as it is.",
    first=lambda self, cls, patches: cls + self.attend(cls, patches) + 0 * self.scale1(cls),
    second=lambda self, h, cls: h + self.mlp(self.norm2(h)) + 0 * self.scale2(h),
)
class_variant(
    "first_gamma_alone",
    "Both branches have a gamma behind them. Where is that of the MLP?",
    second=lambda self, h, cls: h + self.mlp(self.norm2(h)) + 0 * self.scale2(h),
)
class_variant(
    "second_gamma_alone",
    "Both branches have a gamma behind them. Where is that of attention?",
    first=lambda self, cls, patches: cls + self.attend(cls, patches) + 0 * self.scale1(cls),
)
class_variant(
    "gammas_swapped",
    "scale1 belongs to attention and scale2 to the MLP. Fresh ones look alike; trained ones do not.",
    first=lambda self, cls, patches: cls + self.scale2(self.attend(cls, patches)),
    second=lambda self, h, cls: h + self.scale1(self.mlp(self.norm2(h))),
)
class_variant(
    "one_gamma_used_twice",
    "How many gammas does the formula have? Yours uses one of them twice.",
    second=lambda self, h, cls: h + self.scale1(self.mlp(self.norm2(h))) + 0 * self.scale2(h),
)
class_variant(
    "returns_all_tokens",
    "The new CLS alone is asked for, (B, 1, D). The patches stay with those who have them.",
    finish=lambda self, y, patches: ops.concatenate([y, patches], axis=1),
)
class_variant(
    "a_whole_encoder_block",
    "In your block every token asks, and every token is moved. Which of them alone should do so, and come back?",
    first=lambda self, cls, patches: (u := self.together(cls, patches)) + self.scale1(self.attn(z := self.norm1(u), z)),
)
class_variant(
    "all_tokens_hear_what_cls_found",
    "What CLS has found is added to CLS. Yours is added to the patches as well: what stands on the left of your plus?",
    first=lambda self, cls, patches: self.together(cls, patches) + self.scale1(self.attend(cls, patches)),
)
class_variant(
    "returns_a_pair",
    "The new CLS alone is asked for, not a pair. The patches have not changed.",
    finish=lambda self, y, patches: (y, patches),
)
class_variant(
    "loses_the_axis_of_tokens",
    "(B, 1, D): CLS is a row of tokens of length 1, so that the next block can take it. What does z[:, 0] do to it?",
    finish=lambda self, y, patches: y[:, 0],
)
class_variant(
    "mlp_of_all_tokens",
    "Only CLS goes through the MLP, and only CLS comes back. How many rows does your MLP see?",
    second=lambda self, h, cls: h + self.scale2(self.mlp(self.norm2(h))),
    first=lambda self, cls, patches: ops.concatenate([cls + self.scale1(self.attend(cls, patches)), patches], axis=1),
)


@KNOWN.right("Each token is normed by itself, so CLS and patches may be normed apart.")
class normed_apart(Asking):
    def attend(self, cls, patches):
        asking = self.norm1(cls)
        return self.attn(query=asking, value=ops.concatenate([asking, self.norm1(patches)], axis=-2))

    def attention(self, dim, heads):
        return keras.layers.MultiHeadAttention(num_heads=heads, key_dim=dim // heads, value_dim=dim // heads)


@KNOWN.right("Whoever lets all ask and keeps row 0 computes too much, and the right numbers.")
class all_ask_and_row_0_stays(Asking):
    def attend(self, cls, patches):
        z = self.norm1(self.together(cls, patches))
        return self.attn(z, z, z)[:, :1]


@KNOWN.right("The MLP may be a Sequential, and sums may stand in any order.")
class sequential(reference.ClassAttentionBlock):
    def __init__(self, dim, num_heads, mlp_dim, init_value=1e-5, epsilon=1e-6, **kwargs):
        super().__init__(dim, num_heads, mlp_dim, init_value, epsilon, **kwargs)
        del self.mlp
        layers = keras.layers
        self.mlp = keras.Sequential([layers.Dense(mlp_dim), layers.Activation("gelu"), layers.Dense(dim)])

    def call(self, cls, patches):
        z = self.norm1(keras.layers.concatenate([cls, patches], axis=1))
        h = self.scale1(self.attn(z[:, 0:1, :], z)) + cls
        return keras.layers.add([self.scale2(self.mlp(self.norm2(h))), h])
