"""Mistakes in sinusoidal_position_encoding."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry
from solutions.tokens.misconceptions.building import (
    HOW_SLOW,
    LAST_EXPONENT,
    OTHER_BASE,
    PAIRS,
    PER_STEP,
    SLOWER,
    exponents,
    interleaved,
)

KNOWN = Registry("sinusoidal_position_encoding")
ONE_ANGLE = "sin^2 + cos^2 of a pair must be 1 in every row. Do both of a pair have the same angle?"


def angles(num_positions, dim, base):
    """The right angles (num_positions, dim/2)."""
    return np.arange(num_positions)[:, None] / base ** exponents(dim)


def other_angles(name, hint, angles_of, twin=None):
    """Register an encoding of other angles: angles_of(positions (n, 1), dim, base) -> (n, dim/2)."""

    def encode(num_positions, dim, base=10000.0):
        found = angles_of(np.arange(num_positions)[:, None], dim, base)
        return interleaved(np.sin(found), np.cos(found))

    encode.__name__ = name
    return KNOWN.wrong(hint, twin)(encode)


def by_tensor2tensor(positions, dim, base):
    """Exponents that reach 1 at the last pair."""
    return positions / base ** (np.arange(dim // 2) / max(dim // 2 - 1, 1))


other_angles("half_the_exponent", HOW_SLOW, lambda p, d, base: p / base ** (exponents(d) / 2))
other_angles("columns_for_pairs", PAIRS, lambda p, d, base: p / base ** (2 * exponents(d)))
other_angles(
    "halves_the_width",
    "dim is the width of a whole row. What did you divide 2i by?",
    lambda p, d, base: p / base ** (np.arange(0, d, 2) / (d // 2)),
    twin="columns_for_pairs",
)
other_angles("multiplies_by_the_power", SLOWER, lambda p, d, base: p * base ** exponents(d))
other_angles(
    "base_of_a_thousand",
    "Compare the wavelength of your last pair with the formula. Which base does it have?",
    lambda p, d, base: p / 1000.0 ** exponents(d),
)
other_angles("ignores_base", OTHER_BASE, lambda p, d, base: p / 10000.0 ** exponents(d))
other_angles(
    "counts_from_one", "What is the angle of the first token?", lambda p, d, base: (p + 1) / base ** exponents(d)
)
other_angles("whole_turns", PER_STEP, lambda p, d, base: 2 * np.pi * p / base ** exponents(d))
other_angles(
    "degrees",
    "Your first pair hardly moves. In which unit do sin and cos take their angle?",
    lambda p, d, base: np.deg2rad(p / base ** exponents(d)),
)
other_angles("reaches_the_base", LAST_EXPONENT, by_tensor2tensor)
other_angles(
    "pairs_from_one",
    "What is the exponent of the first pair? In the formula i counts from 0.",
    lambda p, d, base: p / base ** (exponents(d) + 2 / d),
)
other_angles(
    "shares_of_the_length",
    "Add one more position to your table: should the encodings of the others change?",
    lambda p, d, base: p / len(p) / base ** exponents(d),
)
other_angles(
    "one_speed",
    "All your pairs turn equally fast. Which letter of the formula makes them different?",
    lambda p, d, base: p / np.full(d // 2, base),
)


other_angles(
    "whole_division",
    "All your pairs turn equally fast. Print the exponents 2i/dim: are they whole numbers in the formula?",
    lambda p, d, base: p / base ** (np.arange(0, d, 2) // d),
)


@KNOWN.wrong(ONE_ANGLE)
def angles_tiled(num_positions, dim, base=10000.0):
    columns = np.tile(angles(num_positions, dim, base), 2)
    return interleaved(np.sin(columns[:, ::2]), np.cos(columns[:, 1::2]))


@KNOWN.wrong("Columns 0 and 1 of row 1 should share one angle. In your table all sines come first.")
def sines_then_cosines(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return np.concatenate([np.sin(found), np.cos(found)], axis=1).astype("float32")


@KNOWN.wrong("What is row 0? The sine of 0 comes first.")
def cosine_first(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return interleaved(np.cos(found), np.sin(found))


@KNOWN.wrong(ONE_ANGLE)
def cosine_by_its_own_column(num_positions, dim, base=10000.0):
    columns = np.arange(num_positions)[:, None] / base ** (np.arange(dim) / dim)
    return interleaved(np.sin(columns[:, ::2]), np.cos(columns[:, 1::2]))


@KNOWN.wrong(f"{ONE_ANGLE} And does i count pairs or columns?")
def own_columns_counted_twice(num_positions, dim, base=10000.0):
    positions, even = np.arange(num_positions)[:, None], np.arange(0, dim, 2)
    return interleaved(np.sin(positions / base ** (2 * even / dim)), np.cos(positions / base ** (2 * (even + 1) / dim)))


@KNOWN.wrong("(num_positions, dim): which axis is which?")
def transposed(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return interleaved(np.sin(found), np.cos(found)).T


@KNOWN.wrong("Positions and columns changed their roles. Which of them is divided, which is in the power?")
def roles_swapped(num_positions, dim, base=10000.0):
    found = np.arange(dim // 2) / base ** (np.arange(num_positions)[:, None] / num_positions)
    return interleaved(np.sin(found), np.cos(found))


@KNOWN.wrong("Two tokens half a wave apart look alike. What should the second of each pair do?")
def sines_only(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return interleaved(np.sin(found), np.sin(found))


@KNOWN.wrong("Your table has one axis too many. The batch is not known here, and broadcasting adds the table to it.")
def batch_axis(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return interleaved(np.sin(found), np.cos(found))[None]


@KNOWN.wrong("These are the angles themselves: they grow without end. What keeps an encoding between -1 and 1?")
def angles_only(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return interleaved(found, found)


@KNOWN.wrong("Your rows are longer than the formula's. There is no factor in front of its sines.")
def scaled_by_root(num_positions, dim, base=10000.0):
    found = angles(num_positions, dim, base)
    return interleaved(np.sin(found), np.cos(found)) * np.float32(dim**0.5)


@KNOWN.right("One number at a time, as the formula stands there.")
def by_loops(num_positions, dim, base=10000.0):
    table = np.zeros((num_positions, dim))
    for p in range(num_positions):
        for i in range(dim // 2):
            angle = p / base ** (2 * i / dim)
            table[p, 2 * i], table[p, 2 * i + 1] = np.sin(angle), np.cos(angle)
    return table


@KNOWN.right("The power as an exponential of a logarithm, in float32.")
def by_logarithm(num_positions, dim, base=10000.0):
    rates = ops.exp(ops.arange(0, dim, 2, dtype="float32") * (-float(np.log(base)) / dim))
    found = ops.arange(num_positions, dtype="float32")[:, None] * rates
    return ops.reshape(ops.stack([ops.sin(found), ops.cos(found)], axis=-1), (num_positions, dim))


@KNOWN.right("A cosine is a sine a quarter turn ahead.")
def by_phase(num_positions, dim, base=10000.0):
    columns = np.arange(dim)
    found = np.arange(num_positions)[:, None] / base ** ((columns - columns % 2) / dim)
    return np.sin(found + columns % 2 * np.pi / 2)
