"""vitlab.data: digits that need no download, CIFAR-10 with clear words when it is missing, batches on any backend."""

import os
import subprocess
import sys
import zipfile

import keras
import numpy as np
import pytest
import tensorflow as tf
from vitlab import data
from vitlab.data import batches, cifar, handwriting

from autograder.build.init import build_wheel
from autograder.lessons import CHECKOUT

COUNTS = {"digits": (1437, 360), "colour_digits": (5748, 720)}
SHAPES = {"digits": (8, 8, 1), "colour_digits": (32, 32, 3)}
FOLDER = CHECKOUT / "course/vitlab/data"


# digits


@pytest.mark.parametrize("name", COUNTS)
def test_digits_come_as_bytes_with_their_labels(name):
    for (images, labels), count in zip(data.load(name), COUNTS[name], strict=True):
        assert (images.shape, images.dtype) == ((count, *SHAPES[name]), np.uint8)
        assert (labels.shape, labels.dtype) == ((count,), np.int32)
        assert set(labels) == set(range(10))


def test_digits_use_the_whole_range_of_bytes():
    (images, _), _ = data.load("digits")
    assert (images.min(), images.max()) == (0, 255)


def test_no_digit_is_in_training_and_test():
    (training, _), (test, _) = data.load("digits")
    assert not {image.tobytes() for image in training} & {image.tobytes() for image in test}


def test_the_digits_are_those_of_the_public_data_set():
    labels = np.concatenate([labels for _, labels in data.load("digits")])
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_colour_digits_are_the_same_at_every_call():
    (first, _), _ = data.load()
    (second, _), _ = data.load()
    np.testing.assert_array_equal(first, second)


def test_colour_digits_are_the_same_on_every_machine():
    (images, labels), _ = data.load()
    assert int(images.astype("int64").sum()) == pytest.approx(2_251_860_273, abs=100)  # a few may round otherwise
    assert images[100, 10, 20].tolist() == [232, 206, 87]
    assert labels[:8].tolist() == [2, 8, 2, 6, 6, 7, 1, 9]


def test_every_colouring_holds_every_digit():
    (_, labels), _ = data.load()
    np.testing.assert_array_equal(labels.reshape(4, -1), np.tile(labels[:1437], (4, 1)))


def test_ink_and_paper_differ_in_every_channel():
    ink = np.zeros((50, 8, 8))
    ink[:, 2:6, 2:6] = 1.0
    pictures = handwriting.coloured(ink, seed=1).astype("float32") / 255
    difference = np.abs(pictures[:, 14:18, 14:18].mean(axis=(1, 2)) - pictures[:, :4, :4].mean(axis=(1, 2)))
    assert difference.min() > 0.3


def test_enlarging_keeps_a_plain_picture_plain():
    np.testing.assert_allclose(handwriting.enlarging(8, 32).sum(axis=1), 1)


def test_the_file_is_small_and_says_where_it_is_from():
    assert (FOLDER / "digits.npz").stat().st_size < 100_000
    assert "Creative Commons Attribution 4.0" in (FOLDER / "digits.txt").read_text()


# names


def test_an_unknown_data_set_is_told_which_ones_there_are():
    with pytest.raises(
        ValueError, match=r"Expected one of the data sets digits, colour_digits, cifar10\. Received: 'x'"
    ):
        data.load("x")


@pytest.mark.parametrize("name", ["digits", "colour_digits", "cifar10"])
def test_ten_classes_have_names(name):
    assert len(set(data.class_names(name))) == 10


def test_bytes_become_floats_from_0_to_1():
    floats = data.as_floats(np.array([0, 51, 255], "uint8"))
    assert floats.dtype == np.float32
    np.testing.assert_allclose(floats, [0, 0.2, 1])


# CIFAR-10


@pytest.fixture
def arrays():
    """A very small CIFAR-10."""
    rng = np.random.default_rng(0)
    images = {part: rng.integers(0, 256, (n, 32, 32, 3), "uint8") for part, n in (("x_train", 7), ("x_test", 3))}
    labels = {part: rng.integers(0, 10, n, "uint8") for part, n in (("y_train", 7), ("y_test", 3))}
    return images | labels


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("VITLAB_DATA", str(tmp_path))
    return tmp_path


def test_cifar_comes_from_the_folder_that_is_set(folder, arrays):
    np.savez(folder / "cifar10.npz", **arrays)
    (x_train, y_train), (x_test, y_test) = data.load("cifar10")
    np.testing.assert_array_equal(x_train, arrays["x_train"])
    np.testing.assert_array_equal(y_test, arrays["y_test"])
    assert (x_test.dtype, y_train.dtype) == (np.uint8, np.int32)


def test_a_folder_without_the_file_is_told_what_to_do(folder):
    with pytest.raises(FileNotFoundError, match=r"cifar10\.npz.*VITLAB_DATA.*colour_digits"):
        data.load("cifar10")


BROKEN = {
    "no archive": lambda path, arrays: path.write_bytes(b"no archive"),
    "an empty archive": lambda path, arrays: zipfile.ZipFile(path, "w").close(),
    "an array is missing": lambda path, arrays: np.savez(path, **{**arrays, "y_test": arrays["y_test"][:2]}),
    "floats": lambda path, arrays: np.savez(path, **{**arrays, "x_test": arrays["x_test"] / 255}),
    "channels first": lambda path, arrays: np.savez(
        path, **{**arrays, "x_test": arrays["x_test"].transpose(0, 3, 1, 2)}
    ),
    "a class too many": lambda path, arrays: np.savez(path, **{**arrays, "y_train": arrays["y_train"] + 10}),
    "objects": lambda path, arrays: np.savez(path, **{**arrays, "y_test": np.array([{}, None, 3])}),
}


@pytest.mark.parametrize("breaking", BROKEN.values(), ids=BROKEN)
def test_a_file_that_holds_something_else_is_told_what_was_expected(folder, arrays, breaking):
    breaking(folder / "cifar10.npz", arrays)
    with pytest.raises(ValueError, match="Expected"):
        data.load("cifar10")


def test_without_a_folder_keras_downloads(monkeypatch, arrays):
    monkeypatch.delenv("VITLAB_DATA", raising=False)
    whole = [(arrays["x_train"], arrays["y_train"][:, None]), (arrays["x_test"], arrays["y_test"][:, None])]
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", lambda: whole)
    (_, y_train), _ = data.load("cifar10")
    np.testing.assert_array_equal(y_train, arrays["y_train"])


def test_a_failed_download_is_told_what_to_do(monkeypatch):
    def fail():
        raise Exception("URL fetch failure")

    monkeypatch.delenv("VITLAB_DATA", raising=False)
    monkeypatch.setattr(keras.datasets.cifar10, "load_data", fail)
    with pytest.raises(ConnectionError, match=r"URL fetch failure.*VITLAB_DATA.*colour_digits"):
        data.load("cifar10")


def test_the_ten_classes_are_in_the_order_of_cifars_labels():
    assert cifar.CIFAR_CLASSES[3] == "cat"
    assert cifar.CIFAR_CLASSES[9] == "truck"


# batches

COUNT, HEIGHT, WIDTH = 23, 5, 7


@pytest.fixture
def numbered():
    """Images that say which one they are: all pixels of image n have the value n."""
    images = np.tile(np.arange(COUNT, dtype="uint8")[:, None, None, None], (1, HEIGHT, WIDTH, 3))
    return images, np.arange(COUNT)


@pytest.fixture
def noise():
    """Random images, no two rows or columns alike."""
    return np.random.default_rng(0).integers(0, 256, (COUNT, HEIGHT, WIDTH, 3), "uint8"), np.arange(COUNT)


def epoch(batches):
    """All images and labels of one epoch."""
    images, labels = zip(*((x.numpy(), y.numpy()) for x, y in batches), strict=True)
    return np.concatenate(images), np.concatenate(labels)


def test_batches_without_shuffling_are_the_images_in_order(noise):
    images, labels = epoch(data.pipeline(*noise, batch_size=5))
    np.testing.assert_allclose(images, noise[0].astype("float32") / 255)
    np.testing.assert_array_equal(labels, noise[1])


def test_floats_stay_as_they_are(noise):
    floats = data.as_floats(noise[0])
    np.testing.assert_array_equal(epoch(data.pipeline(floats, noise[1], batch_size=5))[0], floats)


def test_shuffled_images_keep_their_labels(numbered):
    images, labels = epoch(data.pipeline(*numbered, batch_size=5, shuffle=True))
    np.testing.assert_array_equal(np.rint(images[:, 0, 0, 0] * 255), labels)
    assert labels.tolist() != sorted(labels)


def test_every_epoch_has_another_order(numbered):
    batches = data.pipeline(*numbered, batch_size=5, shuffle=True)
    assert epoch(batches)[1].tolist() != epoch(batches)[1].tolist()


@pytest.mark.parametrize("options", [{"shuffle": True}, {"shuffle": True, "flip": True, "crop": 2}])
def test_the_same_seed_gives_the_same_epochs(noise, options):
    one, other = (data.pipeline(*noise, batch_size=5, seed=3, **options) for _ in range(2))
    for _ in range(2):
        for first, second in zip(epoch(one), epoch(other), strict=True):
            np.testing.assert_array_equal(first, second)


def test_another_seed_gives_another_order(numbered):
    one, other = (data.pipeline(*numbered, batch_size=5, shuffle=True, seed=seed) for seed in (1, 2))
    assert epoch(one)[1].tolist() != epoch(other)[1].tolist()


def test_training_batches_are_all_full_and_no_image_comes_twice(numbered):
    _, labels = epoch(data.pipeline(*numbered, batch_size=5, shuffle=True))
    assert len(labels) == len(set(labels)) == 20


def test_fewer_images_than_a_batch_make_one_batch(numbered):
    _, labels = epoch(data.pipeline(*numbered, batch_size=100, shuffle=True))
    assert sorted(labels) == list(range(COUNT))


def test_test_batches_leave_no_image_out(numbered):
    assert len(epoch(data.pipeline(*numbered, batch_size=5))[1]) == COUNT


def test_a_flipped_image_is_mirrored_left_to_right(noise):
    images, _ = epoch(data.pipeline(*noise, batch_size=5, flip=True))
    plain = noise[0].astype("float32") / 255
    kept = [np.allclose(image, original) for image, original in zip(images, plain, strict=True)]
    mirrored = [np.allclose(image, original[:, ::-1]) for image, original in zip(images, plain, strict=True)]
    assert [a or b for a, b in zip(kept, mirrored, strict=True)] == [True] * COUNT
    assert 0 < sum(mirrored) < COUNT


def test_a_cropped_image_is_a_shifted_part_of_its_mirrored_surroundings(noise):
    images, _ = epoch(data.pipeline(*noise, batch_size=5, crop=2))
    padded = np.pad(noise[0].astype("float32") / 255, ((0, 0), (2, 2), (2, 2), (0, 0)), "symmetric")
    shifts = []
    for image, surroundings in zip(images, padded, strict=True):
        places = [(y, x) for y in range(5) for x in range(5)]
        parts = (surroundings[y : y + HEIGHT, x : x + WIDTH] for y, x in places)
        shifts += [place for place, part in zip(places, parts, strict=True) if np.allclose(part, image)]
    assert len(shifts) == COUNT
    assert len(set(shifts)) > 5


def test_every_epoch_is_augmented_in_another_way(noise):
    batches = data.pipeline(*noise, batch_size=5, flip=True, crop=2)
    assert not np.array_equal(epoch(batches)[0], epoch(batches)[0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"labels": np.arange(3)}, "as many labels"),
        ({"images": np.zeros((COUNT, HEIGHT, WIDTH))}, r"images \(n, H, W, C\)"),
        ({"batch_size": 0}, "batch_size"),
        ({"crop": HEIGHT}, "crop"),
        ({"crop": -1}, "crop"),
    ],
)
def test_arguments_that_cannot_be_are_named(noise, change, words):
    given = {"images": noise[0], "labels": noise[1], "batch_size": 5, **change}
    with pytest.raises(ValueError, match=words):
        data.pipeline(**given)


def test_without_tensorflow_the_way_around_is_named(noise, monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorflow", None)
    with pytest.raises(ImportError, match=r"pip install tensorflow-cpu.*data\.as_floats"):
        batches.pipeline(*noise, batch_size=5)


PREDICT = """
import keras, numpy as np
from vitlab import data
images, labels = data.load("digits")[1]
model = keras.Sequential([keras.Input((8, 8, 1)), keras.layers.Flatten()])
batches = data.pipeline(images, labels, batch_size=50)
expected = data.as_floats(images).reshape(360, 64)
print(keras.backend.backend(), np.array_equal(model.predict(batches, verbose=0), expected))
"""


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_batches_feed_a_model_of_another_backend(backend):
    pytest.importorskip(backend, reason="the environment of `make colab` has JAX", exc_type=ImportError)
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run(
        [sys.executable, "-c", PREDICT], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == [backend, "True"]


def test_on_another_backend_tensorflow_leaves_the_gpus_alone(noise, monkeypatch):
    hidden = []
    monkeypatch.setattr(keras.backend, "backend", lambda: "jax")
    monkeypatch.setattr(tf.config, "set_visible_devices", lambda devices, kind: hidden.append((devices, kind)))
    np.testing.assert_array_equal(epoch(data.pipeline(*noise, batch_size=5))[1], noise[1])
    assert hidden == [([], "GPU")]


def test_on_its_own_backend_tensorflow_keeps_the_gpus(noise, monkeypatch):
    monkeypatch.setattr(tf.config, "set_visible_devices", lambda *given: pytest.fail("the GPUs were hidden"))
    data.pipeline(*noise, batch_size=5)


# what students install


def test_the_wheel_holds_the_digits_and_their_source(tmp_path):
    with zipfile.ZipFile(build_wheel(tmp_path)) as wheel:
        names = set(wheel.namelist())
        assert wheel.read("vitlab/data/digits.npz") == (FOLDER / "digits.npz").read_bytes()
    assert {"vitlab/data/digits.txt", "vitlab/data/batches.py", "vitlab/fixtures/03_tokens.npz"} <= names


def test_every_module_of_the_package_is_in_the_wheel(tmp_path):
    modules = {str(path.relative_to(CHECKOUT / "course")) for path in (CHECKOUT / "course/vitlab").rglob("*.py")}
    with zipfile.ZipFile(build_wheel(tmp_path)) as wheel:
        assert modules <= set(wheel.namelist())
