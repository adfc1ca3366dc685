"""Mistakes in position_shift_matrix."""

from __future__ import annotations

import numpy as np

from solutions.registry import Registry
from solutions.tokens import reference
from solutions.tokens.misconceptions.building import (
    HOW_SLOW,
    LAST_EXPONENT,
    OTHER_BASE,
    PAIRS,
    PER_STEP,
    SLOWER,
    exponents,
)

KNOWN = Registry("position_shift_matrix")
COS, SIN, MINUS_SIN = "cos", "sin", "minus sin"


def from_blocks(angles, blocks=((COS, SIN), (MINUS_SIN, COS))):
    """A matrix (dim, dim) with one 2 by 2 block for each angle on its diagonal."""
    entries = {COS: np.cos, SIN: np.sin, MINUS_SIN: lambda a: -np.sin(a), "minus cos": lambda a: -np.cos(a)}
    entries["none"] = np.zeros_like
    matrix = np.zeros((2 * len(angles), 2 * len(angles)), "float32")
    for row in (0, 1):
        for column in (0, 1):
            np.fill_diagonal(matrix[row::2, column::2], entries[blocks[row][column]](angles))
    return matrix


def angles(offset, dim, base):
    """The right angles (dim/2,)."""
    return offset / base ** exponents(dim)


def other_angles(name, hint, angles_of):
    """Register rotations by other angles: angles_of(offset, dim, base) -> (dim/2,)."""

    def rotate(offset, dim, base=10000.0):
        return from_blocks(np.asarray(angles_of(offset, dim, base), float))

    rotate.__name__ = name
    return KNOWN.wrong(hint)(rotate)


def other_blocks(name, hint, blocks):
    """Register a matrix of other blocks."""

    def rotate(offset, dim, base=10000.0):
        return from_blocks(angles(offset, dim, base), blocks)

    rotate.__name__ = name
    return KNOWN.wrong(hint)(rotate)


other_blocks(
    "turns_backwards",
    "Row 0 of the encoding has sine 0 and cosine 1. One step on, should the sine be positive or negative? "
    "What does your matrix make of it?",
    ((COS, MINUS_SIN), (SIN, COS)),
)
other_blocks(
    "mirrors",
    "A shift by 0 should change nothing. What does your block do then to the cosine?",
    ((COS, SIN), (SIN, "minus cos")),
)
other_blocks(
    "no_minus",
    "The sum formula of the cosine has a minus in it. Where is it in your block?",
    ((COS, SIN), (SIN, COS)),
)
other_blocks(
    "diagonal_only",
    "A sine and its cosine need each other to move on. Which entries tie them together?",
    ((COS, "none"), ("none", COS)),
)
other_blocks(
    "sine_and_cosine_swapped",
    "A shift by 0 should change nothing. Which of sin(0) and cos(0) is 1, and where does it belong?",
    ((SIN, COS), (COS, MINUS_SIN)),
)
other_angles("half_the_exponent", HOW_SLOW, lambda k, d, base: k / base ** (exponents(d) / 2))
other_angles("columns_for_pairs", PAIRS, lambda k, d, base: k / base ** (2 * exponents(d)))
other_angles("multiplies_by_the_power", SLOWER, lambda k, d, base: k * base ** exponents(d))
other_angles("reaches_the_base", LAST_EXPONENT, lambda k, d, base: k / base ** (np.arange(d // 2) / (d // 2 - 1)))
other_angles("ignores_base", OTHER_BASE, lambda k, d, base: k / 10000.0 ** exponents(d))
other_angles("whole_turns", PER_STEP, lambda k, d, base: 2 * np.pi * k / base ** exponents(d))
other_angles(
    "degrees",
    "One step hardly turns your first pair. In which unit do sin and cos take their angle?",
    lambda k, d, base: np.deg2rad(k / base ** exponents(d)),
)
other_angles(
    "one_speed",
    "Every pair turns by the same angle in your matrix. Do all pairs of the encoding turn equally fast?",
    lambda k, d, base: np.full(d // 2, k),
)
other_angles(
    "always_forward",
    "Try a shift of -3 and one of 3. Are they the same matrix? Should they be?",
    lambda k, d, base: abs(k) / base ** exponents(d),
)
other_angles(
    "always_one_step",
    "A shift by 5 gives the same matrix as a shift by 1. Where does your code use the offset?",
    lambda k, d, base: np.sign(k) / base ** exponents(d),
)
other_angles(
    "one_step_too_far",
    "What should a shift by 0 do? Yours moves on.",
    lambda k, d, base: (k + 1) / base ** exponents(d),
)


@KNOWN.wrong(
    "Your matrix fits a table whose sines all come before its cosines. In this course a sine and its cosine stand "
    "side by side."
)
def sines_then_cosines(offset, dim, base=10000.0):
    cos, sin = np.diag(np.cos(angles(offset, dim, base))), np.diag(np.sin(angles(offset, dim, base)))
    return np.block([[cos, sin], [-sin, cos]]).astype("float32")


@KNOWN.wrong("Your matrix moves entries from column to column. The columns stay; what has to turn is each pair.")
def moves_columns(offset, dim, base=10000.0):
    return np.roll(np.eye(dim, dtype="float32"), -offset, axis=0)


@KNOWN.wrong("Your matrix moves entries from column to column, and some fall off. The columns stay; each pair turns.")
def moves_columns_out(offset, dim, base=10000.0):
    return np.eye(dim, k=offset, dtype="float32")


@KNOWN.wrong("A shift by 3 is one step done three times. What is the third power of a matrix: that of each entry?")
def power_of_each_entry(offset, dim, base=10000.0):
    return from_blocks(angles(np.sign(offset), dim, base)) ** abs(offset)


@KNOWN.wrong("That changes nothing. What should happen to a pair when the position grows?")
def identity(offset, dim, base=10000.0):
    return np.eye(dim, dtype="float32")


@KNOWN.wrong("This is a row of the encoding. The exercise asks for a matrix that turns any row into a later one.")
def an_encoding(offset, dim, base=10000.0):
    found = angles(offset, dim, base)
    return np.stack([np.sin(found), np.cos(found)], -1).reshape(dim).astype("float32")


@KNOWN.wrong("The blocks are right, one for each pair. The text asks for one matrix (dim, dim) that holds them all.")
def a_block_for_each_pair(offset, dim, base=10000.0):
    found = angles(offset, dim, base)
    return np.array([[np.cos(found), np.sin(found)], [-np.sin(found), np.cos(found)]], "float32").transpose(2, 0, 1)


@KNOWN.right("Many small steps are one large one, and the transpose steps back.")
def by_small_steps(offset, dim, base=10000.0):
    step = from_blocks(angles(1, dim, base))
    return np.linalg.matrix_power(step if offset >= 0 else step.T, abs(offset))


@KNOWN.right("A row of the encoding holds all the sines and cosines that the matrix needs.")
def from_a_row_of_the_encoding(offset, dim, base=10000.0):
    row = np.asarray(reference.sinusoidal_position_encoding(abs(offset) + 1, dim, base))[-1]
    sin, cos = row[::2] * np.sign(offset), row[1::2]
    matrix = np.zeros((dim, dim), "float32")
    for i in range(dim // 2):
        matrix[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = [[cos[i], sin[i]], [-sin[i], cos[i]]]
    return matrix
