"""Little scenes with captions that are true: one or two shapes in colour, drawn from a seed. No download.

n scenes, 32 by 32 pixels, L places in a caption. A caption is a row of word numbers: start, words, end, padding.
"""

import numpy as np

SIDE, LENGTH = 32, 10
WORDS = ("<pad>", "<start>", "<end>", "a", "red", "green", "blue", "yellow", "circle", "square", "triangle")
WORDS += ("left", "right", "of", "above", "below")
PAD, START, END = 0, 1, 2
NUMBER = {word: number for number, word in enumerate(WORDS)}
COLOURS = {"red": (0.9, 0.15, 0.15), "green": (0.15, 0.7, 0.2), "blue": (0.2, 0.3, 0.95), "yellow": (0.95, 0.85, 0.15)}
SHAPES = ("circle", "square", "triangle")
RELATIONS = ("left of", "right of", "above", "below")
ALONE = 1 / 8
"""Share of the scenes with a single shape."""
LARGE, SMALL = (6.5, 8.0), (3.5, 4.5)
"""Half the width of a shape, in pixels."""
GAP = 1.0
"""Pixels between two shapes, at least."""
TINT, NOISE = 0.08, 0.03
"""How far a colour is from its name's, and the noise of each pixel; colours run from 0 to 1."""
PORTION = 1_000
"""Scenes that are drawn at once: all together would take gigabytes."""
EXAMPLES = (
    ("a red circle left of a blue square", "a red circle left of a blue square"),
    ("a yellow triangle above a green circle", "a yellow triangle above a green square"),
    ("a blue square", "a blue circle"),
    ("a green square right of a red triangle", "a green circle right of a blue triangle"),
    ("a red triangle", "a red triangle above a red circle"),
    ("a blue circle below a yellow square", "a yellow square above a blue circle"),
)
"""Six true captions, each with what some model told."""


def scenes(count, seed):
    """Scenes and their captions: -> (images (count, 32, 32, 3) float32 in [0, 1], captions (count, 10) int32).

    A scene holds one shape ("a red circle") or two ("a red circle left of a blue square"). Of two, the larger one is
    named first, so each picture has exactly one true caption. The same on every machine.

    Args:
        count: how many scenes.
        seed: an int from 0 to 2**32 - 1. Another seed gives other scenes.
    """
    generator = np.random.RandomState(seed)  # its numbers are the same in every version of NumPy
    many = len(COLOURS) * len(SHAPES)
    first = generator.randint(many, size=count)
    kinds = np.stack([first, (first + generator.randint(1, many, size=count)) % many], axis=1)  # never twice the same
    relations = generator.randint(len(RELATIONS), size=count)
    alone = generator.uniform(size=count) < ALONE
    centres, radii = places(generator, relations, alone)
    images = drawn(generator, kinds, centres, radii, alone)
    captions = [caption_of(*scene) for scene in zip(kinds.tolist(), relations.tolist(), alone.tolist(), strict=True)]
    return images, np.array(captions, "int32").reshape(count, LENGTH)


def places(generator, relations, alone):
    """Centres (n, 2 shapes, x and y) and radii (n, 2), in pixels, such that every relation is plain to see."""
    count = len(relations)
    radii = np.stack([generator.uniform(*sizes, count) for sizes in (LARGE, SMALL)], axis=1)
    radii[:, 0] = np.where(alone & (generator.uniform(size=count) < 0.5), radii[:, 1], radii[:, 0])
    both = radii.sum(axis=1)
    apart = generator.uniform(both + GAP, SIDE - both)  # between the centres, along the relation
    start = generator.uniform(0, SIDE - both - apart)
    forth = relations % 2 == 0  # "left of" and "above": the first shape comes first from the left, or from the top
    near = start + np.where(forth, radii[:, 0], radii[:, 1])
    far = near + apart
    along = np.stack([np.where(forth, near, far), np.where(forth, far, near)], axis=1)
    along[:, 0] = np.where(alone, generator.uniform(radii[:, 0], SIDE - radii[:, 0]), along[:, 0])
    across = generator.uniform(radii[:, 0], SIDE - radii[:, 0])
    shifted = np.clip(across + apart * generator.uniform(-1 / 3, 1 / 3, count), radii[:, 1], SIDE - radii[:, 1])
    other = np.stack([across, shifted], axis=1)
    level = (relations < 2)[:, None]
    return np.stack([np.where(level, along, other), np.where(level, other, along)], axis=-1), radii


def drawn(generator, kinds, centres, radii, alone):
    """The pictures (n, 32, 32, 3): paper of some grey, the shapes on it, and noise."""
    count = len(kinds)
    images = np.empty((count, SIDE, SIDE, 3), "float32")
    images[:] = generator.uniform(0, 1, (count, 1, 1, 1))
    colours = np.array(list(COLOURS.values()))[kinds // len(SHAPES)] + generator.uniform(-TINT, TINT, (count, 2, 3))
    there = np.stack([np.ones(count), 1 - alone], axis=1)[..., None, None].astype("float32")
    for start in range(0, count, PORTION):
        rows = slice(start, start + PORTION)
        for i in (0, 1):
            share = (ink(kinds[rows, i] % len(SHAPES), centres[rows, i], radii[rows, i]) * there[rows, i])[..., None]
            images[rows] += share * (colours[rows, i, None, None].astype("float32") - images[rows])
        images[rows] += generator.normal(0, NOISE, images[rows].shape)
    return np.clip(images, 0, 1, out=images)


def ink(shapes, centres, radii):
    """How much of each pixel a shape covers: (n, 32, 32) from 0 to 1, with soft edges."""
    pixels = np.arange(SIDE, dtype="float32") + np.float32(0.5)
    centres, r = centres.astype("float32"), radii.astype("float32")[:, None, None]
    x = np.abs(pixels[None, None, :] - centres[:, 0, None, None])
    y = pixels[None, :, None] - centres[:, 1, None, None]
    circle = 0.2 * r - np.abs(np.hypot(x, y) - 0.8 * r)  # a ring: a disc is too much like a square in so few pixels
    square = 0.89 * r - np.maximum(x, np.abs(y))
    triangle = np.minimum(0.8 * r - y, (y + r - 1.8 * x) / 2.06)  # it stands on its base
    inside = np.choose(shapes[:, None, None], [circle, square, triangle])  # pixels from the edge
    return np.clip(inside + 0.5, 0, 1)


def caption_of(kinds, relation, alone):
    """The caption of one scene as 10 word numbers."""
    first, second = (f"a {list(COLOURS)[kind // len(SHAPES)]} {SHAPES[kind % len(SHAPES)]}" for kind in kinds)
    return numbers_of(first if alone else f"{first} {RELATIONS[relation]} {second}")


def numbers_of(text):
    """A caption in words as 10 numbers: start, words, end, padding.

    Raises:
        ValueError: a word is not in WORDS, or there are more than 8.
    """
    words = text.split()
    unknown = [word for word in words if word not in WORDS[END + 1 :]]
    if unknown or len(words) > LENGTH - 2:
        raise ValueError(f"Expected at most {LENGTH - 2} of the words {', '.join(WORDS[3:])}. Received: {text!r}.")
    numbers = [START, *(NUMBER[word] for word in words), END]
    return numbers + [PAD] * (LENGTH - len(numbers))


def text_of(numbers):
    """A row of word numbers in words: what stands between start and end, or the rest where it never ends."""
    numbers = [int(number) for number in numbers]
    ended = numbers.index(END) if END in numbers else len(numbers)
    return " ".join(WORDS[number] for number in numbers[:ended] if number != START)
