"""Small plots for the lessons: tables as heat maps, curves, rows of pictures. Readable on light and dark pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator
from numpy.typing import ArrayLike

INK, PALE = "#1f2430", "#c9cdd6"
# Okabe and Ito's palette, which colour-blind readers can tell apart; markers and dashes tell the curves apart in grey
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7")
MARKERS = ("o", "s", "^", "D")
DASHES = ("-", "--", "-.", ":")
MANY = 20  # from here on not every row of a table can have its name written beside it


def heat_map(
    matrix: ArrayLike,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    title: str = "",
    ax: Axes | None = None,
    numbers: bool = True,
    limits: tuple[float, float] | None = (0.0, 1.0),
    signed: bool = False,
) -> Axes:
    """Draw a table of numbers, darker for larger ones.

    Args:
        matrix: tensor or array (rows, columns).
        rows: a name for each row. None numbers them from 0.
        columns: a name for each column. None numbers them from 0.
        title: stands above the plot.
        ax: where to draw. None makes a figure of a fitting size.
        numbers: write each value into its cell. False draws a colour bar instead.
        limits: the values of the palest and the darkest colour; (0, 1) suits weights. None takes the table's own range.
        signed: blue for negative and red for positive numbers; with limits of equal size, 0 is white.

    Returns:
        The axes.
    """
    table = to_array(matrix)
    if table.ndim != 2:
        raise ValueError(f"Expected a table with 2 axes. Received: shape {table.shape}. Pick one image or head first.")
    height, width = table.shape
    if ax is None:
        cell = 0.8 if numbers else 0.3
        size = (min(max(cell * width + 1.6, 3.6), 12), min(max(0.75 * cell * height + 1.1, 2.0), 9))
        ax = plt.subplots(figsize=size, layout="constrained")[1]
    low, high = limits or (None, None)
    colours = "RdBu_r" if signed else "Blues"
    image = ax.imshow(np.ma.masked_invalid(table), cmap=colours, vmin=low, vmax=high, aspect="auto")
    ax.set_xticks(*ticks(columns, width))
    ax.set_yticks(*ticks(rows, height))
    ax.tick_params(length=0)
    for x in range(1, width if width <= MANY else 0):
        ax.axvline(x - 0.5, color="white", linewidth=1.5 if numbers else 0.3)
    for y in range(1, height if height <= MANY else 0):
        ax.axhline(y - 0.5, color="white", linewidth=1.5 if numbers else 0.3)
    if numbers:
        write_numbers(ax, image, table)
    else:
        bar = ax.figure.colorbar(image, ax=ax, fraction=0.05, pad=0.02)
        bar.outline.set_visible(False)
        bar.ax.tick_params(colors=INK)
    return dress(ax, title, frame=PALE)


def ticks(names: Sequence[str] | None, count: int) -> tuple[list[int], list[str]]:
    """Places and names along one side of a table; of many rows only every second, fifth or tenth has its name."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, count) if count <= MANY * step)
    places = list(range(0, count, step))
    return places, [names[i] if names is not None else str(i) for i in places]


def pictures(
    images: ArrayLike,
    names: Sequence[str] | None = None,
    columns: int | None = None,
    title: str = "",
    ax: Axes | None = None,
    gap: float = 0.12,
) -> Axes:
    """Draw pictures side by side, and in rows where there are many.

    Args:
        images: tensor or array (n, H, W, C), C 1 for grey or 3 for colour; floats from 0 to 1, or uint8.
        names: a line of text below each picture. None writes none.
        columns: how many pictures stand in a row. None puts all into one.
        title: stands above all of them.
        ax: where to draw. None makes a figure of a fitting size.
        gap: space between two pictures, in widths of a picture.

    Returns:
        The axes.
    """
    shown = as_colours(images)
    columns = columns or len(shown)
    tall = shown.shape[1] / shown.shape[2]
    step = tall + (gap if names is None else max(gap, 0.3))
    width, height = columns * (1 + gap) - gap, -(-len(shown) // columns) * step - (gap if names is None else 0)
    if ax is None:
        inches = min(1.3 * width, 11)
        ax = plt.subplots(figsize=(inches, inches * height / width + 0.4), layout="constrained")[1]
    for i, picture in enumerate(shown):
        x, y = i % columns * (1 + gap), i // columns * step
        ax.imshow(picture, extent=(x, x + 1, y + tall, y), interpolation="nearest")
        ax.add_patch(Rectangle((x, y), 1, tall, fill=False, edgecolor=PALE, linewidth=0.6))
        if names is not None:
            ax.text(x + 0.5, y + tall + 0.04, names[i], ha="center", va="top", color=INK, fontsize=9)
    ax.set(xlim=(-0.02, width + 0.02), ylim=(height, -0.02), aspect="equal")
    ax.axis("off")
    return dress(ax, title, frame=PALE)


def as_colours(images: ArrayLike) -> np.ndarray:
    """Pictures (n, H, W, 1 or 3) of any number type as colours (n, H, W, 3) from 0 to 1."""
    kind = getattr(images, "dtype", None)
    shown = to_array(images)
    if shown.ndim != 4 or shown.shape[-1] not in (1, 3):
        raise ValueError(f"Expected pictures (n, H, W, C) with 1 or 3 channels. Received: shape {shown.shape}.")
    shown = shown / 255 if "uint8" in str(kind) else shown
    return np.clip(np.broadcast_to(shown, (*shown.shape[:3], 3)), 0, 1)


def curves(
    x: ArrayLike,
    series: Mapping[str, ArrayLike],
    xlabel: str,
    ylabel: str,
    log_x: bool = False,
    level: float | None = None,
    title: str = "",
    ax: Axes | None = None,
    level_name: str = "",
    log_y: bool = False,
) -> Axes:
    """Draw one curve for each entry of `series`, with a mark at each point.

    Args:
        x: the places of the points, shared by all curves.
        series: name -> values, as many as `x`.
        xlabel: what runs along the horizontal axis.
        ylabel: what runs along the vertical axis.
        log_x: equal steps for equal ratios of x; each x is then a tick.
        level: height of a horizontal line to compare with. None draws none.
        title: stands above the plot.
        ax: where to draw. None makes a figure.
        level_name: stands on that line.
        log_y: equal steps for equal ratios of the values.

    Returns:
        The axes.
    """
    places = to_array(x)
    if ax is None:
        ax = plt.subplots(figsize=(6.4, 3.8), layout="constrained")[1]
    for i, (name, values) in enumerate(series.items()):
        style = {"color": COLOURS[i % 4], "marker": MARKERS[i % 4], "linestyle": DASHES[i % 4]}
        ax.plot(places, to_array(values), label=name, linewidth=2, markersize=6, **style)
    if level is not None:
        ax.axhline(level, color=INK, linewidth=1, linestyle=":")
        right_edge = ax.get_yaxis_transform()
        ax.text(0.99, level, level_name, transform=right_edge, ha="right", va="bottom", color=INK)
    if log_x:
        ax.set_xscale("log")
        ax.set_xticks(places, [f"{place:g}" for place in places])
        ax.xaxis.set_minor_locator(NullLocator())
    if log_y:
        ax.set_yscale("log")
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.margins(y=0.12)
    ax.grid(color=PALE, linewidth=0.6, alpha=0.7)
    ax.set_axisbelow(True)
    ax.legend(frameon=True, facecolor="white", edgecolor=PALE, labelcolor=INK)
    ax.spines[["top", "right"]].set_visible(False)
    return dress(ax, title, frame=INK)


def reliability(curve: Sequence[ArrayLike], title: str = "", ax: Axes | None = None) -> Axes:
    """Draw a reliability diagram: how often a model was right in each bin, and how far that is from what it said.

    Args:
        curve: confidence, accuracy and count of each bin, (M,) each, the lowest first, as lesson 6 has them.
        title: stands above the plot.
        ax: where to draw. None makes a figure.

    Returns:
        The axes.
    """
    confidence, accuracy, count = (to_array(part) for part in curve)
    if ax is None:
        ax = plt.subplots(figsize=(4.8, 4.8), layout="constrained")[1]
    filled, width = count > 0, 1 / len(count)
    places, right, said = (part[filled] for part in ((np.arange(len(count)) + 0.5) * width, accuracy, confidence))
    ax.bar(places, right, 0.9 * width, color=COLOURS[0], label="how often it was right")
    gap = {"facecolor": "none", "edgecolor": COLOURS[1], "hatch": "////", "linewidth": 1.2}
    ax.bar(places, said - right, 0.9 * width, right, label="gap to what it said", **gap)
    ax.plot([0, 1], [0, 1], color=INK, linestyle="--", linewidth=1)
    box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1}
    for place, number in zip(places, count[filled], strict=True):
        ax.text(place, 0.015, f"{number:.0f}", ha="center", va="bottom", color=INK, fontsize=8, bbox=box)
    ax.set(xlabel="confidence", ylabel="accuracy", xlim=(0, 1), ylim=(0, 1), aspect="equal")
    ax.legend(loc="upper left", frameon=True, facecolor="white", edgecolor=PALE, labelcolor=INK, fontsize=9)
    return dress(ax, title, frame=INK)


def to_array(values: ArrayLike) -> np.ndarray:
    """Numbers of any kind as a float array: lists, NumPy arrays, tensors of TensorFlow, JAX or PyTorch."""
    if hasattr(values, "detach"):
        values = values.detach().cpu()
    return np.asarray(values, dtype=float)


def write_numbers(ax: Axes, image: AxesImage, table: np.ndarray) -> None:
    """Each value into its cell, in white on dark cells and in ink on pale ones."""
    for (i, j), value in np.ndenumerate(table):
        red, green, blue, opaque = image.cmap(image.norm(value)) if np.isfinite(value) else (1, 1, 1, 0)
        dark = opaque and 0.299 * red + 0.587 * green + 0.114 * blue < 0.55
        ax.text(j, i, short(value), ha="center", va="center", color="white" if dark else INK, fontsize=10)


def short(value: float) -> str:
    """A number in a few signs: two decimals, a bare 0, and powers of ten for what would round to 0.00."""
    if value == 0 or not np.isfinite(value):
        return f"{value:g}"
    if not 0.005 <= abs(value) < 1000:
        return f"{value:.0e}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def dress(ax: Axes, title: str, frame: str) -> Axes:
    """Dark ink on opaque white, whatever style the notebook has; `frame` is the colour of the box."""
    ax.figure.set_facecolor("white")
    ax.set_facecolor("white")
    ax.set_title(title, color=INK, fontsize=11, pad=8)
    ax.tick_params(colors=INK)
    ax.xaxis.label.set_color(INK)
    ax.yaxis.label.set_color(INK)
    for spine in ax.spines.values():
        spine.set_color(frame)
    return ax
