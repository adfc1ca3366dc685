"""Mistakes about decoders and captions, asked for in figure."""

from __future__ import annotations

from solutions.registry import Registry

KNOWN = Registry("figure")

KNOWN.question(
    "one_attention_counted",
    "A decoder block has two attentions, and three norms. Which of them did you count?",
)
KNOWN.question(
    "training_word_by_word",
    "All true words are known while the model is trained. Does it have to wait for one before it can ask for the next?",
)
KNOWN.question(
    "the_mask_hides_the_picture",
    "The causal mask is about who comes later in the sentence. Is any part of the picture later than another?",
)
KNOWN.question(
    "free_running_is_something_else",
    "Suppose that every next word is right when the true words before it are given. Write the words one by one: what "
    "does the model get to read at each step?",
)
