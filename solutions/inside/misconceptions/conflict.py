"""Mistakes in cue_conflict."""

from __future__ import annotations

import numpy as np
from keras import ops

from solutions.registry import Registry

KNOWN = Registry("cue_conflict")


def there(z, axes=(1, 2)):
    """The transform of pictures (B, H, W, C)."""
    return np.fft.fftn(z, axes=axes)


def back(z, axes=(1, 2)):
    """The way back, a complex picture."""
    return np.fft.ifftn(z, axes=axes)


def arrays(*pictures):
    """Pictures as float64."""
    return [ops.convert_to_numpy(z).astype(float) for z in pictures]


def phase(z):
    """Numbers of size 1 with the angles of z."""
    return np.exp(1j * np.angle(z))


def cut(z):
    """Below 0 and above 1."""
    return np.minimum(np.maximum(z, 0), 1)


def other_mix(name, hint, mix, axes=(1, 2), finish=lambda z: cut(z.real)):
    """Register another mixture of two transforms, other axes, or another end."""

    def conflict(shape_images, texture_images):
        shape, texture = (there(z, axes) for z in arrays(shape_images, texture_images))
        return finish(back(mix(shape, texture), axes))

    conflict.__name__ = name
    return KNOWN.wrong(hint)(conflict)


def right_mix(shape, texture):
    """The mixture of the text."""
    return np.abs(texture) * phase(shape)


@KNOWN.wrong("The way there runs along rows and columns. Along which axes does your way back run?")
def back_along_other_axes(shape_images, texture_images):
    shape, texture = (there(z) for z in arrays(shape_images, texture_images))
    return cut(back(right_mix(shape, texture), (-2, -1)).real)


def stretched(z):
    """From the smallest to the largest value of each picture, 0 to 1."""
    low, high = z.min(axis=(1, 2, 3), keepdims=True), z.max(axis=(1, 2, 3), keepdims=True)
    return (z - low) / (high - low)


other_mix(
    "shape_and_texture_exchanged",
    "Look at one of the pictures: whose edges do you see? The phase says where the edges are.",
    lambda s, t: np.abs(s) * phase(t),
)
other_mix(
    "amplitudes_multiplied",
    "F(shape) holds a phase and an amplitude. You multiply both amplitudes. What does the text divide by?",
    lambda s, t: np.abs(t) * s,
)
other_mix(
    "amplitudes_averaged",
    "You take a mean of the two amplitudes. All of it should come from the texture.",
    lambda s, t: (np.abs(t) + np.abs(s)) / 2 * phase(s),
)
other_mix(
    "squared_amplitude",
    "You use the square of the amplitude, the power. How strong should each frequency be?",
    lambda s, t: np.abs(t) ** 2 * phase(s),
)
other_mix(
    "phase_alone",
    "All frequencies are equally strong in your picture. Where does the texture come in?",
    lambda s, t: phase(s),
)
other_mix(
    "shape_unchanged",
    "The shape's picture comes back as it was. Where does the texture come in?",
    lambda s, t: np.abs(s) * phase(s),
)
other_mix(
    "texture_unchanged",
    "The texture's picture comes back as it was. Where does the shape come in?",
    lambda s, t: np.abs(t) * phase(t),
)
other_mix(
    "phases_added",
    "You let both phases count. The shape's alone says where the edges are.",
    lambda s, t: np.abs(t) * phase(s) * phase(t),
)
other_mix(
    "last_two_axes",
    "The transform runs over height and width. Your call took the last two axes: which are they here?",
    right_mix,
    axes=(2, 3),
)
other_mix(
    "first_two_axes",
    "The transform runs over height and width. Yours mixes the pictures of the batch with each other.",
    right_mix,
    axes=(0, 1),
)
other_mix(
    "colours_transformed_too",
    "Each channel is transformed by itself. Yours runs over the channels as well.",
    right_mix,
    axes=(1, 2, 3),
)
other_mix(
    "all_axes_at_once",
    "Each picture and each channel is transformed by itself. Yours runs over all four axes.",
    right_mix,
    axes=(0, 1, 2, 3),
)
other_mix(
    "width_alone", "You transform along the width alone. A picture has two directions.", right_mix, axes=(2,)
)  # fmt: skip
other_mix(
    "height_alone", "You transform along the height alone. A picture has two directions.", right_mix, axes=(1,)
)  # fmt: skip
other_mix(
    "not_cut_off",
    "Some of your values are below 0 or above 1. What does the text do with those?",
    right_mix,
    finish=lambda z: z.real,
)
other_mix(
    "stretched_to_zero_and_one",
    "You stretch each picture until it fills 0 to 1. The text cuts off what sticks out, and leaves the rest alone.",
    right_mix,
    finish=lambda z: stretched(z.real),
)
other_mix(
    "size_in_place_of_the_real_part",
    "What is dark below 0 turns bright in your picture. What comes back is complex: which part of it is wanted?",
    right_mix,
    finish=lambda z: cut(np.abs(z)),
)
other_mix(
    "from_0_to_255",
    "Pictures are in [0, 1] here, and so is the result.",
    right_mix,
    finish=lambda z: np.floor(255 * cut(z.real)),
)
other_mix(
    "first_texture_for_all",
    "Picture b of the result is made of picture b of both. You use one texture for the whole batch.",
    lambda s, t: np.abs(t[:1]) * phase(s),
)
other_mix(
    "same_phase_for_all_channels",
    "You let one channel's phase stand for all of them. Each channel is worked on by itself.",
    lambda s, t: np.abs(t) * phase(s[..., :1]),
)
other_mix(
    "textures_in_reverse",
    "Picture b of the result is made of picture b of both. Yours come from another picture's texture.",
    lambda s, t: np.abs(t[::-1]) * phase(s),
)


@KNOWN.wrong("You lay one picture over the other. Both cues are then still there as they were: see the text's formula.")
def laid_over_each_other(shape_images, texture_images):
    shape, texture = arrays(shape_images, texture_images)
    return (shape + texture) / 2


@KNOWN.wrong("The real part of the transform is no amplitude. How long is a complex number?")
def real_part_for_the_amplitude(shape_images, texture_images):
    shape, texture = (there(z) for z in arrays(shape_images, texture_images))
    return cut(back(texture.real * phase(shape)).real)


@KNOWN.right("By angles, and with the two axes in the other order.")
def by_angles(shape_images, texture_images):
    shape, texture = (np.fft.fft2(z, axes=(2, 1)) for z in arrays(shape_images, texture_images))
    angle = np.arctan2(shape.imag, shape.real)
    return cut(np.fft.ifft2(np.abs(texture) * (np.cos(angle) + 1j * np.sin(angle)), axes=(2, 1)).real)


@KNOWN.right("Picture by picture and channel by channel, with the real transform.")
def one_at_a_time(shape_images, texture_images):
    shape, texture = arrays(shape_images, texture_images)
    mixed = np.zeros_like(shape)
    for b in range(shape.shape[0]):
        for c in range(shape.shape[3]):
            own, other = np.fft.rfft2(shape[b, :, :, c]), np.fft.rfft2(texture[b, :, :, c])
            mixed[b, :, :, c] = np.fft.irfft2(np.abs(other) * own / np.abs(own), s=shape.shape[1:3])
    return cut(mixed)


@KNOWN.right("With ops, which transforms the last two axes.")
def by_ops(shape_images, texture_images):
    parts = []
    for pictures in (shape_images, texture_images):
        z = ops.transpose(ops.convert_to_tensor(pictures), (0, 3, 1, 2))
        parts.append(ops.fft2((z, ops.zeros_like(z))))
    (real, imaginary), other = parts
    factor = ops.sqrt((other[0] ** 2 + other[1] ** 2) / (real**2 + imaginary**2))
    mixed, _ = ops.ifft2((factor * real, factor * imaginary))
    return ops.clip(ops.transpose(mixed, (0, 2, 3, 1)), 0.0, 1.0)
