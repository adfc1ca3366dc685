"""Mistakes about mixers and class attention, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "biases_and_norms_do_not_count",
    "Each Dense has a bias, and each of the two norms a gamma and a beta. The question asks for all.",
)
KNOWN.question(
    "a_token_mlp_for_every_channel",
    "All channels share one token_mlp, as all tokens share one channel_mlp. How often does each count?",
)
KNOWN.question(
    "a_silent_mixer_knows_places",
    "Cross token_mlp out of the formula. How many tokens does each of the other parts look at?",
)
KNOWN.question(
    "channels_have_weights_of_their_own",
    "Follow channel 0 and channel 5 through token_mlp. Which weights does each of them meet?",
)
KNOWN.question(
    "twice_the_patches_are_the_same_patches",
    "Take CLS and one patch, with the same score. What are the two weights? And if the patch stands there twice?",
)
KNOWN.question(
    "every_stretch_is_forgotten",
    "Take the filter (1, 3, 5, 7) of the text, multiply it by -2, and follow the formula.",
)
KNOWN.question(
    "rounding_spoils_what_is_doubled",
    "Take the three lines of the rule one by one. What becomes of u, of u / w0 and of the number that is rounded last?",
)
