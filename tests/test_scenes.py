"""The scenes: their captions are true, as an independent look at the pictures finds, and cannot be guessed."""

from collections import Counter

import numpy as np
import pytest
from vitlab import scenes

COUNT = 600
NAMED = {"red": (0.9, 0.15, 0.15), "green": (0.15, 0.7, 0.2), "blue": (0.2, 0.3, 0.95), "yellow": (0.95, 0.85, 0.15)}


@pytest.fixture(scope="module")
def drawn():
    """(images, captions, texts) of some scenes."""
    images, captions = scenes.scenes(COUNT, 5)
    return images, captions, [scenes.text_of(caption) for caption in captions]


def things(text):
    """The colours and shapes that a caption names, and the relation between them or None."""
    words = text.replace(" of ", " ").split()
    return [tuple(words[1:3]), *([tuple(words[5:7])] if len(words) > 3 else [])], words[3] if len(words) > 3 else None


def inked(image, colour):
    """(rows, columns) of the pixels that are nearer to a colour than to the other three and to every grey."""
    away = np.stack([np.abs(image - np.array(one)).sum(-1) for one in NAMED.values()])
    grey = np.abs(image - image.mean(-1, keepdims=True)).sum(-1)
    return np.nonzero((away.argmin(0) == list(NAMED).index(colour)) & (away.min(0) < 0.4) & (grey > 0.35))


def test_pictures_and_captions_have_the_shapes_and_types_of_the_text(drawn):
    images, captions, _ = drawn
    assert images.shape == (COUNT, 32, 32, 3)
    assert captions.shape == (COUNT, scenes.LENGTH)
    assert (images.dtype, captions.dtype) == (np.float32, np.int32)
    assert 0 <= images.min() < images.max() <= 1


def test_a_seed_gives_the_same_scenes_and_another_seed_others(drawn):
    images, captions, _ = drawn
    again, same = scenes.scenes(COUNT, 5)
    other, _ = scenes.scenes(COUNT, 6)
    assert (again == images).all()
    assert (same == captions).all()
    assert (other != images).mean() > 0.9


def test_every_caption_is_start_words_end_and_padding(drawn):
    for caption in drawn[1].tolist():
        end = caption.index(scenes.END)
        assert caption[0] == scenes.START
        assert all(number > scenes.END for number in caption[1:end])
        assert set(caption[end + 1 :]) <= {scenes.PAD}


def test_colours_and_places_are_those_of_the_picture(drawn):
    for image, text in zip(drawn[0], drawn[2], strict=True):
        named, relation = things(text)
        if relation is None or named[0][0] == named[1][0]:
            continue
        (y, x), (v, u) = (inked(image, colour) for colour, _ in named)
        holds = {
            "left": np.median(x) < np.median(u),
            "right": np.median(x) > np.median(u),
            "above": np.median(y) < np.median(v),
            "below": np.median(y) > np.median(v),
        }
        assert holds[relation], text


def test_the_larger_of_two_is_named_first(drawn):
    for image, text in zip(drawn[0], drawn[2], strict=True):
        named, relation = things(text)
        if relation is not None and named[0][0] != named[1][0]:
            first, second = (
                max(np.ptp(np.percentile(side, [4, 96])) for side in inked(image, colour)) for colour, _ in named
            )
            assert first > second, text


def test_the_shapes_are_a_ring_a_square_and_a_triangle_that_stands_on_its_base():
    centres, radii = np.array([[16.0, 16.0]] * 3), np.full(3, 8.0)
    circle, square, triangle = scenes.ink(np.arange(3), centres, radii)
    assert circle[16, 16] == 0 < circle[16, 9]
    assert square[10:22, 10:22].min() == 1
    widths = triangle.sum(axis=1)
    assert (np.diff(widths[9:22]) > 0).all()


def test_every_word_occurs_and_captions_are_of_several_lengths(drawn):
    _, captions, texts = drawn
    assert set(captions.ravel().tolist()) == set(range(len(scenes.WORDS)))
    assert {len(text.split()) for text in texts} == {3, 7, 8}


def test_the_best_caption_that_ignores_the_picture_is_right_in_about_1_of_96_cases():
    _, captions = scenes.scenes(4_000, 7)
    counts = Counter(map(tuple, captions.tolist()))
    assert len(counts) > 450
    assert max(counts.values()) / 4_000 < 0.02


def test_two_shapes_of_a_scene_differ(drawn):
    assert all(len(set(things(text)[0])) == len(things(text)[0]) for text in drawn[2])


def test_words_become_numbers_and_words_again():
    numbers = scenes.numbers_of("a red circle left of a blue square")
    assert numbers == [1, 3, 4, 8, 11, 13, 3, 6, 9, 2]
    assert scenes.text_of(numbers) == "a red circle left of a blue square"
    assert scenes.text_of([1, 3, 5, 10, 2, 0, 0, 0, 0, 0]) == "a green triangle"


def test_a_caption_that_never_ends_is_told_as_far_as_it_goes():
    assert scenes.text_of([1, 3, 3, 3]) == "a a a"


@pytest.mark.parametrize("text", ["a pink circle", "a <pad>", "a " * 9])
def test_what_is_no_caption_is_refused_in_words(text):
    with pytest.raises(ValueError, match="Expected at most 8 of the words a, red"):
        scenes.numbers_of(text)


def test_the_examples_are_captions_and_one_of_them_is_right():
    assert all(scenes.text_of(scenes.numbers_of(text)) == text for pair in scenes.EXAMPLES for text in pair)
    assert sum(true == told for true, told in scenes.EXAMPLES) == 1
