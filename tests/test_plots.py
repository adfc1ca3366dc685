"""The lessons' plots: what is drawn, where, and readable on any page."""

import keras
import matplotlib
import numpy as np
import pytest
from matplotlib.colors import to_hex
from vitlab import plots

matplotlib.use("Agg")
N, H, W = 5, 3, 7


@pytest.fixture(autouse=True)
def closed():
    """Every figure is closed after its test."""
    yield
    matplotlib.pyplot.close("all")


def bytes_of(count=N, channels=3):
    return np.random.default_rng(0).integers(0, 256, (count, H, W, channels), "uint8")


def corners(ax):
    """Left and upper edge of every picture, in widths of a picture."""
    return [(round(image.get_extent()[0], 6), round(image.get_extent()[3], 6)) for image in ax.images]


@pytest.mark.parametrize("columns", [None, 1, 2, 5])
def test_every_picture_is_drawn_once_and_none_over_another(columns):
    ax = plots.pictures(bytes_of(), columns=columns)
    assert len(set(corners(ax))) == len(ax.images) == N


def test_pictures_stand_in_rows_from_left_to_right():
    places = corners(plots.pictures(bytes_of(), columns=2))
    assert places[0][1] == places[1][1] < places[2][1]
    assert places[0][0] == places[2][0] < places[1][0]


def test_pictures_keep_their_shape():
    left, right, bottom, top = plots.pictures(bytes_of()).images[0].get_extent()
    assert (bottom - top) / (right - left) == pytest.approx(H / W)


KINDS = {
    "bytes": lambda images: images,
    "floats": lambda images: images / 255,
    "tensors": lambda images: keras.ops.convert_to_tensor((images / 255).astype("float32")),
    "tensors of bytes": keras.ops.convert_to_tensor,
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_bytes_and_floats_have_the_same_colours(kind):
    ax = plots.pictures(kind(bytes_of()))
    np.testing.assert_allclose(ax.images[1].get_array(), bytes_of()[1] / 255, atol=1e-6)


def test_grey_pictures_are_grey():
    shown = plots.pictures(bytes_of(channels=1)).images[0].get_array()
    assert shown.shape == (H, W, 3)
    assert (shown == shown[..., :1]).all()


def test_names_stand_below_their_pictures():
    ax = plots.pictures(bytes_of(), names=list("abcde"), columns=3)
    for text, image in zip(ax.texts, ax.images, strict=True):
        left, right, bottom, _ = image.get_extent()
        x, y = text.get_position()
        assert left < x < right
        assert bottom < y < bottom + 0.2
    assert [text.get_text() for text in ax.texts] == list("abcde")


@pytest.mark.parametrize("shape", [(H, W, 3), (N, H, W), (N, H, W, 2)])
def test_what_is_no_row_of_pictures_is_told_the_shape(shape):
    with pytest.raises(ValueError, match=r"Expected pictures \(n, H, W, C\)"):
        plots.pictures(np.zeros(shape))


def test_a_small_table_names_all_its_rows():
    assert [tick.get_text() for tick in plots.heat_map(np.eye(5)).get_yticklabels()] == list("01234")


def test_a_large_table_names_only_some_of_its_rows():
    ax = plots.heat_map(np.zeros((49, 100)), numbers=False, limits=(0, 1))
    assert [tick.get_text() for tick in ax.get_yticklabels()] == [str(n) for n in range(0, 49, 5)]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == [str(n) for n in range(0, 100, 5)]


def test_names_of_a_large_table_belong_to_their_rows():
    places, names = plots.ticks([f"row {n}" for n in range(30)], 30)
    assert names == [f"row {n}" for n in places]


def test_zero_is_white_in_a_signed_table():
    image = plots.heat_map(np.array([[-1.0, 0.0, 1.0]]), limits=(-1, 1), signed=True).images[0]
    red, green, blue, _ = image.cmap(image.norm(0.0))
    assert min(red, green, blue) > 0.95


def test_curves_can_have_a_logarithmic_height():
    ax = plots.curves([1, 2], {"a": [1, 100]}, "x", "y", log_y=True)
    assert ax.get_yscale() == "log"


CURVE = ([np.nan, 0.4, np.nan, 0.9], [np.nan, 0.7, np.nan, 0.5], [0, 3, 0, 20])


def test_a_reliability_diagram_has_a_bar_for_each_filled_bin_as_high_as_it_was_right():
    right, gaps = plots.reliability(CURVE).containers
    assert [(round(bar.get_x() + bar.get_width() / 2, 6), bar.get_height()) for bar in right] == [
        (0.375, 0.7),
        (0.875, 0.5),
    ]
    assert [(bar.get_y(), round(bar.get_y() + bar.get_height(), 6)) for bar in gaps] == [(0.7, 0.4), (0.5, 0.9)]


def test_a_reliability_diagram_says_how_many_images_each_bin_holds():
    assert [text.get_text() for text in plots.reliability(CURVE).texts] == ["3", "20"]


DRAWN = {
    "a reliability diagram": lambda: plots.reliability(CURVE),
    "pictures": lambda: plots.pictures(bytes_of()),
    "a table": lambda: plots.heat_map(np.eye(3)),
    "curves": lambda: plots.curves([1, 2], {"a": [1, 2]}, "x", "y"),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN)
@pytest.mark.parametrize("style", ["default", "dark_background"])
def test_every_plot_is_dark_ink_on_white_whatever_the_style(draw, style):
    with matplotlib.pyplot.style.context(style):
        ax = draw()
    assert to_hex(ax.figure.get_facecolor()) == to_hex(ax.get_facecolor()) == "#ffffff"
    assert to_hex(ax.title.get_color()) == plots.INK
