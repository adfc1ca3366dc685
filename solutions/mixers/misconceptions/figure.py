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
    "a_mixer_does_not_know_places",
    "Which row of token_mlp's first kernel does patch 5 meet? What if another patch stood there?",
)
KNOWN.question(
    "class_attention_knows_places",
    "CLS sums over the patches, with weights that depend on what they hold. Does their order come in anywhere?",
)
KNOWN.question(
    "a_mixer_takes_any_number_of_tokens",
    "How many rows has token_mlp's first kernel? What would a 197th token meet?",
)
KNOWN.question(
    "standardised_filters_keep_their_mean",
    "Add 3 to every number of a filter, and follow the formula. What is left of the 3?",
)
