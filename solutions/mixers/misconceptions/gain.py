"""Mistakes in recipe_gain."""

from __future__ import annotations

from solutions.mixers import reference
from solutions.registry import Registry

KNOWN = Registry("recipe_gain")


def gain_variant(name, hint, gain, twin=None):
    """Register a function with another gain(a1, a2, a3, org); models without an original are left out."""

    def gains(table):
        return {model: gain(a1, a2, a3, org) for model, a1, a2, a3, org in table if org is not None}

    gains.__name__ = name
    return KNOWN.wrong(hint, twin)(gains)


gain_variant(
    "signs_swapped",
    "ResNet-50 went from 76.1 to 80.4. Is that a gain, and has yours the sign of one?",
    lambda a1, a2, a3, org: org - a1,
)
gain_variant(
    "a2_in_place_of_a1",
    "A1 is the recipe that trains longest. Which column do you take?",
    lambda a1, a2, a3, org: a2 - org,
)
gain_variant(
    "a3_in_place_of_a1",
    "A1 is the first of the four columns. Which one do you take?",
    lambda a1, a2, a3, org: a3 - org,
)
gain_variant(
    "best_of_the_three",
    "A1 is asked for, even where another of the three did better.",
    lambda a1, a2, a3, org: max(a1, a2, a3) - org,
)
gain_variant(
    "mean_of_the_three",
    "A1 alone is asked for. Which columns go into yours?",
    lambda a1, a2, a3, org: (a1 + a2 + a3) / 3 - org,
)
gain_variant(
    "against_a3",
    "org is what had been published before. Which column do you take away?",
    lambda a1, a2, a3, org: a1 - a3,
)
gain_variant(
    "against_a2",
    "org is what had been published before. Which column is it?",
    lambda a1, a2, a3, org: a1 - a2,
)
gain_variant(
    "without_the_sign",
    "A recipe can also lose. How would your numbers tell?",
    lambda a1, a2, a3, org: abs(a1 - org),
)
gain_variant(
    "relative",
    "From 76.1 to 80.4 it is 4.3 percentage points. What have you divided by?",
    lambda a1, a2, a3, org: 100 * (a1 - org) / org,
)
gain_variant(
    "ratio",
    "From 76.1 to 80.4 it is 4.3 percentage points: a difference, not a quotient.",
    lambda a1, a2, a3, org: a1 / org,
)
gain_variant(
    "errors_halved",
    "Shares of the remaining error are a good measure, too. The text asks for plain percentage points.",
    lambda a1, a2, a3, org: 100 * (a1 - org) / (100 - org),
)
gain_variant(
    "as_a_share",
    "The table is in per cent, and so is the gain. By what have you divided?",
    lambda a1, a2, a3, org: (a1 - org) / 100,
)
gain_variant(
    "rounded",
    "Not rounded, says the text. On a table with two decimals it shows.",
    lambda a1, a2, a3, org: round(a1 - org, 1),
)
gain_variant(
    "whole_points",
    "Not rounded, says the text. What has become of the decimals?",
    lambda a1, a2, a3, org: float(round(a1 - org)),
)
gain_variant(
    "losses_are_zero",
    "Where the old recipe was better the gain is negative. What is it in yours?",
    lambda a1, a2, a3, org: max(a1 - org, 0.0),
)
gain_variant(
    "a1_itself",
    "You return the accuracy. How much of it is owed to the new recipe?",
    lambda a1, a2, a3, org: a1,
)


@KNOWN.wrong("One number for each model is asked for. Yours is the mean of them.")
def mean_only(table):
    gains = list(reference.recipe_gain(table).values())
    return sum(gains) / len(gains)


@KNOWN.wrong("A dict is asked for: the name of the model, and its gain.")
def numbers_alone(table):
    return list(reference.recipe_gain(table).values())


@KNOWN.wrong("A dict is asked for, {model: gain}. Yours is a list of pairs.")
def pairs(table):
    return list(reference.recipe_gain(table).items())


@KNOWN.wrong("A dict of numbers is asked for. The names and the gains have changed places in yours.")
def turned_round(table):
    return {str(gain): model for model, gain in reference.recipe_gain(table).items()}


@KNOWN.wrong("Where nobody has published an original there is no gain, not even one of A1. Leave such models out.")
def no_original_counts_as_zero(table):
    return {model: a1 - (org or 0.0) for model, a1, _, _, org in table}


@KNOWN.wrong("Models without an original are to be left out, not kept without a number.")
def no_original_stays_none(table):
    return {model: None if org is None else a1 - org for model, a1, _, _, org in table}


@KNOWN.wrong("Models without an original are to be left out. A gain of 0 would say that somebody has compared.")
def no_original_gains_nothing(table):
    return {model: 0.0 if org is None else a1 - org for model, a1, _, _, org in table}


@KNOWN.wrong("A recipe that changes nothing has a gain, too: 0. Which of your tests takes such a 0 for nothing at all?")
def no_gain_is_left_out(table):
    return {model: a1 - org for model, a1, _, _, org in table if org is not None and a1 != org}


@KNOWN.wrong("Your numbers are those of the lecture's table, whatever comes in. Where do you look at the argument?")
def the_lectures_table(table):
    return reference.recipe_gain(reference.RSB_TABLE)


@KNOWN.wrong("Your result is the last model's alone. Where is the dict made: before the loop, or inside?")
def last_model_only(table):
    last_one = {}
    for row in reference.recipe_gain(table).items():
        last_one = dict([row])
    return last_one


@KNOWN.right("A loop over rows by their places is as good as unpacking.")
def by_places(table):
    gain_of = {}
    for row in table:
        if row[4] is None:
            continue
        gain_of[row[0]] = float(row[1]) - float(row[4])
    return gain_of


@KNOWN.right("Order is free.")
def sorted_by_gain(table):
    return dict(sorted(reference.recipe_gain(table).items(), key=lambda item: -item[1]))
