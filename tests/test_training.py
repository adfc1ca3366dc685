"""vitlab.training: a recipe, one call that trains, and a training that goes on where it was cut off."""

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import ClassVar

import keras
import numpy as np
import pytest
from small_vit import SmallViT
from vitlab import training
from vitlab.data.batches import epochs
from vitlab.training import checkpoints, devices, fitting, progress

SIZES = {"image_size": 8, "patch_size": 4, "num_classes": 3, "dim": 6, "depth": 1, "num_heads": 2, "mlp_dim": 10}
TESTS = Path(__file__).parent


def data(count=60, seed=0):
    """Images (n, 8, 8, 3) whose class is the colour that is brightest, and test images."""
    rng = np.random.default_rng(seed)

    def part(n):
        labels = rng.integers(0, 3, n)
        return (rng.integers(0, 100, (n, 8, 8, 3)) + 150 * np.eye(3, dtype=int)[labels][:, None, None]), labels

    return tuple((images.astype("uint8"), labels) for images, labels in (part(count), part(26)))


def small(**changes):
    """A budget of some steps."""
    given = {"images": 60, "epochs": 4, "batch_size": 7, "flip": True, "crop": 1, "model": {**SIZES, "dropout": 0.2}}
    return dataclasses.replace(training.budget("cpu"), **{**given, **changes})


def built(make, seed=0):
    """A fresh model with all its weights."""
    keras.utils.set_random_seed(seed)
    made = make()
    made(np.zeros((1, 8, 8, 3), "float32"))
    return made


def vit(budget):
    """A vision transformer of a budget."""
    return built(lambda: SmallViT(**budget.model))


def perceptron(width=5, seed=0, dropout=0.2):
    """A model that is quick to compile."""

    def make():
        hidden = keras.layers.Dense(width, "relu"), keras.layers.Dropout(dropout)
        return keras.Sequential([keras.layers.Flatten(), *hidden, keras.layers.Dense(3)])

    return built(make, seed)


def not_compiled(patch):
    """Train step by step from now on, without compiling."""
    compile_for = fitting.compile_for

    def and_not_compile(made, *given):
        compile_for(made, *given)
        made.run_eagerly, made.steps_per_execution = True, 1

    patch.setattr(fitting, "compile_for", and_not_compile)


@pytest.fixture
def eager(monkeypatch):
    """Trains without compiling: for tests in which it does not matter how."""
    not_compiled(monkeypatch)


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """The file of a training of one epoch, as it was kept."""
    folder = tmp_path_factory.mktemp("kept")
    with pytest.MonkeyPatch.context() as patch:
        not_compiled(patch)
        training.fit(perceptron(), data(), small(epochs=1), resume=folder)
    return (folder / checkpoints.FILE).read_bytes()


def weights(model):
    """All weights in one row."""
    return np.concatenate([np.ravel(keras.ops.convert_to_numpy(weight)) for weight in model.weights])


# budgets


@pytest.mark.parametrize("name", ["cpu", "gpu"])
@pytest.mark.parametrize("dataset", ["colour_digits", "cifar10"])
def test_every_budget_is_named_and_holds_all_arguments_of_the_model(name, dataset):
    budget = training.budget(name, dataset)
    assert budget.name == name
    assert set(budget.model) == {*SIZES, "dropout", "pool"}
    assert budget.model["dim"] % budget.model["num_heads"] == 0


@pytest.mark.parametrize(("found", "name"), [([], "cpu"), (["gpu:0"], "gpu")])
def test_without_a_name_the_devices_decide(monkeypatch, found, name):
    monkeypatch.delenv("VITLAB_BUDGET", raising=False)
    monkeypatch.setattr(devices, "gpus", lambda: found)
    assert training.budget().name == name


@pytest.mark.parametrize("given", [("tpu", "cifar10"), ("cpu", "imagenet")])
def test_an_unknown_budget_is_told_which_ones_there_are(given):
    with pytest.raises(ValueError, match=r"cpu, gpu.*colour_digits, cifar10.*Received"):
        training.budget(*given)


def test_the_environment_can_name_the_budget_but_not_against_the_argument(monkeypatch):
    monkeypatch.setenv("VITLAB_BUDGET", "gpu")
    assert training.budget().name == "gpu"
    assert training.budget("cpu").name == "cpu"


@pytest.mark.parametrize(("count", "dataset"), [(10_000, "colour_digits"), (10_001, "cifar10")])
def test_the_number_of_images_tells_the_recipe(count, dataset):
    labels = np.zeros(count, int)
    given = (np.zeros((count, 1, 1, 3), "uint8"), labels), (np.zeros((1, 1, 1, 3), "uint8"), labels[:1])
    assert training.budget("cpu", given) == training.budget("cpu", dataset)


def test_digits_are_never_mirrored():
    assert not training.budget("cpu").flip
    assert not training.budget("gpu").flip


def test_a_change_of_one_budgets_model_leaves_the_next_one_alone():
    training.budget("cpu").model["dim"] = 7
    assert training.budget("cpu").model["dim"] != 7


# batches of many epochs


def rows(dataset):
    """Each batch as (its pixels' sum, its labels)."""
    return [(float(images.numpy().sum()), labels.numpy().tolist()) for images, labels in dataset]


def test_epochs_from_the_middle_are_those_of_the_whole():
    (images, labels), _ = data(23)
    options = {"batch_size": 5, "steps": 4, "flip": True, "crop": 2, "seed": 3}
    whole = rows(epochs(images, labels, numbers=range(5), **options))
    assert rows(epochs(images, labels, numbers=range(3, 5), **options)) == whole[3 * 4 :]
    assert len(whole) == 5 * 4


def test_every_epoch_has_its_own_order_and_no_image_twice():
    images = np.tile(np.arange(23, dtype="uint8")[:, None, None, None], (1, 5, 7, 3))
    orders = [
        [i for _, labels in rows(epochs(images, np.arange(23), 5, 4, range(n, n + 1))) for i in labels] for n in (0, 1)
    ]
    assert [len(set(order)) for order in orders] == [20, 20]
    assert orders[0] != orders[1]


def test_an_epoch_is_changed_in_another_way_each_time_and_by_each_seed():
    (images, labels), _ = data(23)
    one, two, other = (
        sorted(total for total, _ in rows(epochs(images, labels, 23, 1, range(n, n + 1), crop=2, seed=seed)))
        for n, seed in ((0, 0), (1, 0), (0, 1))
    )
    assert one != two
    assert one != other


@pytest.mark.parametrize(("count", "most", "parts"), [(89, 32, (4, 22)), (720, 256, (3, 240)), (5, 32, (1, 5))])
def test_parts_are_equal_and_leave_out_as_few_as_can_be(count, most, parts):
    assert fitting.even_parts(count, most) == parts


@pytest.mark.parametrize("count", range(33, 400, 7))
def test_parts_leave_out_at_most_a_few_percent(count):
    parts, size = fitting.even_parts(count, 32)
    assert size <= 32
    assert 0.94 * count <= parts * size <= count


# the recipe


def rate(compiled, step):
    """The learning rate at a step, as the optimizer has it."""
    compiled.optimizer.iterations.assign(step)
    return float(keras.ops.convert_to_numpy(compiled.optimizer.learning_rate))


def test_the_rate_rises_to_the_budgets_and_falls_to_nothing():
    budget = small(learning_rate=0.7, warmup_share=0.25)
    made = perceptron()
    training.compile_for(made, budget, 40)
    assert [rate(made, step) for step in (0, 5, 10, 25, 40)] == pytest.approx([0, 0.35, 0.7, 0.35, 0], abs=1e-6)


def test_without_a_warm_up_the_rate_begins_at_the_budgets():
    budget = small(learning_rate=0.7, warmup_share=0.0)
    made = perceptron()
    training.compile_for(made, budget, 40)
    assert [rate(made, step) for step in (0, 20, 40)] == pytest.approx([0.7, 0.35, 0], abs=1e-6)


def test_kernels_are_decayed_and_all_other_weights_are_not():
    budget = small()
    made = vit(budget)
    training.compile_for(made, budget, 40)
    made.optimizer.build(made.trainable_variables)
    decayed = {weight.path.rsplit("/", 1)[-1] for weight in made.weights if made.optimizer._use_weight_decay(weight)}
    assert decayed == {"kernel"}
    assert (made.optimizer.weight_decay, made.optimizer.clipnorm) == (budget.weight_decay, 1.0)


def test_the_loss_takes_logits():
    budget = small()
    made = perceptron()
    training.compile_for(made, budget, 40)
    logits, labels = np.array([[2.0, -1.0, 0.5]]), np.array([2])
    expected = np.log(np.exp(logits).sum()) - logits[0, 2]
    assert float(made.loss(labels, logits)) == pytest.approx(expected, abs=1e-5)


# training


def test_a_model_learns_and_the_history_has_every_epoch(monkeypatch):
    monkeypatch.setattr(fitting, "TOGETHER", 2)  # compiles less
    budget = small(epochs=12, learning_rate=0.03)
    made = vit(budget)
    history = training.fit(made, data(), budget)
    assert history.epoch == list(range(12))
    assert {name: len(values) for name, values in history.history.items()} == dict.fromkeys(
        ("accuracy", "loss", "val_accuracy", "val_loss"), 12
    )
    assert history.history["val_accuracy"][-1] > 0.8
    assert isinstance(history, keras.callbacks.History)


def test_the_same_arguments_give_the_same_model():
    budget = small(epochs=2)
    one, other = perceptron(), perceptron()
    for made in (one, other):
        training.fit(made, data(), budget, seed=5)
    np.testing.assert_allclose(weights(one), weights(other), atol=1e-6)


def test_another_seed_gives_another_order(eager):
    budget = small(epochs=1)
    one, other = perceptron(), perceptron()
    training.fit(one, data(), budget, seed=5)
    training.fit(other, data(), budget, seed=6)
    assert np.abs(weights(one) - weights(other)).max() > 1e-4


def test_bytes_and_floats_are_the_same_images(eager):
    budget = small(epochs=1, flip=False, crop=0)
    as_bytes = data()
    as_floats = tuple((images.astype("float32") / 255, labels) for images, labels in as_bytes)
    one, other = perceptron(), perceptron()
    training.fit(one, as_bytes, budget)
    training.fit(other, as_floats, budget)
    np.testing.assert_allclose(weights(one), weights(other), atol=1e-5)


def test_a_model_without_a_training_argument_and_few_images_trains(eager):
    made = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3)])
    history = training.fit(made, data(5), small(epochs=2, batch_size=16))
    assert len(history.history["loss"]) == 2


def test_the_first_step_of_a_training_is_traced_once():
    traced = []

    class Counting(SmallViT):
        def call(self, images, training=None):
            if training:
                traced.append(images.shape)
            return super().call(images, training=training)

    training.fit(Counting(**SIZES), data(), small(epochs=2))
    assert len(traced) == 1


def test_a_budget_takes_as_many_images_as_it_says(eager, monkeypatch):
    seen = []
    monkeypatch.setattr(fitting, "epochs", lambda images, *rest: seen.append(len(images)) or epochs(images, *rest))
    budget = small(images=20, epochs=1)
    training.fit(perceptron(), data(), budget)
    assert seen == [20]


def test_too_few_labels_are_named():
    (images, labels), test = data()
    with pytest.raises(ValueError, match="as many labels as images"):
        training.fit(perceptron(), ((images, labels[:-1]), test), small())


class Printing(keras.Model):
    """Holds an operation that XLA cannot compile."""

    def __init__(self):
        super().__init__()
        self.head = keras.layers.Dense(3)

    def call(self, images):
        """Logits."""
        import tensorflow as tf

        return self.head(keras.ops.reshape(tf.numpy_function(lambda x: x, [images], "float32"), (-1, 8 * 8 * 3)))


def test_what_xla_cannot_compile_is_said_and_trained_without(monkeypatch, capsys):
    monkeypatch.setattr(devices, "XLA_PAYS_FROM", 0)
    history = training.fit(Printing(), data(), small(epochs=2))
    assert len(history.history["loss"]) == 2
    assert "XLA cannot compile" in capsys.readouterr().out


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="other backends do not look at labels")
def test_another_error_of_the_model_is_raised_as_it_is():
    made = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(2)])
    images, labels = np.zeros((9, 8, 8, 3), "uint8"), np.full(9, 2)
    with pytest.raises(Exception, match="label"):
        training.fit(made, ((images, labels), (images, labels)), small(epochs=1))


@pytest.mark.parametrize(("images", "expected"), [(100, False), (devices.XLA_PAYS_FROM, True)])
def test_xla_is_used_where_it_pays(images, expected):
    assert devices.xla(perceptron(), images) is expected


# half precision


class Spy(keras.layers.Layer):
    """Notes the number types that pass through it."""

    kinds: ClassVar[list] = []

    def call(self, x):
        """x as it is."""
        self.kinds.append(keras.backend.standardize_dtype(x.dtype))
        return x


def test_in_half_precision_weights_stay_whole_and_the_model_is_as_before(monkeypatch):
    monkeypatch.setattr(devices, "precision", lambda made: "mixed_float16")
    made = built(
        lambda: keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(5, "relu"), Spy(), keras.layers.Dense(3)])
    )
    Spy.kinds.clear()
    history = training.fit(made, data(), small(epochs=12, learning_rate=0.03))
    assert Spy.kinds[0] == "float32"  # as the weights are made
    assert set(Spy.kinds[1:]) == {"float16"}
    assert history.history["val_accuracy"][-1] > 0.8
    assert {weight.dtype for weight in made.weights} == {"float32"}
    Spy.kinds.clear()
    made.predict(np.zeros((2, 8, 8, 3), "float32"), verbose=0)
    assert set(Spy.kinds) == {"float32"}


def test_without_a_gpu_the_model_keeps_its_own_precision():
    assert devices.precision(perceptron()) is None


# going on


class Cut(Exception):
    """The machine is gone."""


def cut_after(monkeypatch, epoch):
    """Let the next training end when it has kept so many epochs."""
    write = checkpoints.Checkpoint.write

    def then_cut(self, history):
        write(self, history)
        if len(history["loss"]) == epoch:
            raise Cut

    monkeypatch.setattr(checkpoints.Checkpoint, "write", then_cut)


def test_a_training_that_was_cut_off_ends_as_if_it_had_not_been(tmp_path, monkeypatch):
    budget = small()
    whole = perceptron()
    expected = training.fit(whole, data(), budget, seed=3)
    with monkeypatch.context() as patch:
        cut_after(patch, 2)
        with pytest.raises(Cut):
            training.fit(perceptron(), data(), budget, seed=3, resume=tmp_path)
    going_on = perceptron(seed=9)  # a new session: fresh weights, other random states
    history = training.fit(going_on, data(), budget, seed=3, resume=tmp_path)
    np.testing.assert_allclose(weights(going_on), weights(whole), atol=1e-6)
    assert history.epoch == expected.epoch
    for name, values in expected.history.items():
        np.testing.assert_allclose(history.history[name], values, atol=1e-5)


def test_a_training_that_is_done_is_not_done_again(eager, tmp_path, monkeypatch):
    budget = small(epochs=2)
    first = perceptron()
    expected = training.fit(first, data(), budget, resume=tmp_path)
    second = perceptron(seed=1)
    monkeypatch.setattr(second, "fit", lambda *given, **named: pytest.fail("it trains again"))
    history = training.fit(second, data(), budget, resume=tmp_path)
    np.testing.assert_array_equal(weights(second), weights(first))
    assert history.history == expected.history


def test_what_is_in_the_folder_is_one_file(eager, tmp_path):
    training.fit(perceptron(), data(), small(epochs=2), resume=tmp_path / "new")
    assert [path.name for path in (tmp_path / "new").iterdir()] == [checkpoints.FILE]


def test_a_write_that_fails_leaves_the_file_as_it_was(eager, kept, tmp_path, monkeypatch):
    (tmp_path / checkpoints.FILE).write_bytes(kept)

    def fail(file, **arrays):
        file.write(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="full"):
        training.fit(perceptron(), data(), small(epochs=2), resume=tmp_path)
    aside = tmp_path / checkpoints.ASIDE  # the old one is of another training
    assert [path.name for path in tmp_path.iterdir()] == [aside.name]
    assert aside.read_bytes() == kept


DAMAGES = {
    "cut short": lambda content: content[: len(content) // 2],
    "empty": lambda content: b"",
    "some bytes differ": lambda content: content[:900] + bytes(40) + content[940:],
    "something else": lambda content: b"no archive",
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_said_and_left_aside(eager, kept, tmp_path, capsys, damage):
    (tmp_path / checkpoints.FILE).write_bytes(damage(kept))
    history = training.fit(perceptron(), data(), small(epochs=1), resume=tmp_path)
    assert len(history.history["loss"]) == 1
    assert "is damaged" in capsys.readouterr().out
    assert (tmp_path / checkpoints.ASIDE).is_file()


OTHERS = {
    "budget": {"budget": small(epochs=1, learning_rate=0.5)},
    "seed": {"seed": 1},
    "data": {"data": data(seed=1)},
    "model": {"model": perceptron(width=6)},
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_the_file_of_another_training_is_said_and_left_aside(eager, kept, tmp_path, capsys, other):
    (tmp_path / checkpoints.FILE).write_bytes(kept)
    given = {"model": perceptron(), "data": data(), "budget": small(epochs=1), "seed": 0, "resume": tmp_path}
    training.fit(**{**given, **other})
    assert "another training" in capsys.readouterr().out


# what is seen


def test_one_line_an_epoch(eager, capsys):
    budget = small(epochs=3)
    training.fit(perceptron(), data(), budget)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in lines] == ["epoch 1 of 3", "epoch 2 of 3", "epoch 3 of 3"]
    assert all("accuracy" in line and "on test images" in line for line in lines)
    assert ["left" in line for line in lines] == [False, True, False]
    assert "compiling included" in lines[0]


@pytest.mark.parametrize(("seconds", "words"), [(0.4, "0 s"), (42, "42 s"), (180, "3 min")])
def test_durations_are_short(seconds, words):
    assert progress.duration(seconds) == words


def test_outside_a_notebook_no_curves_are_drawn(eager, monkeypatch):
    monkeypatch.setattr(progress, "draw", lambda history: pytest.fail("drawn"))
    budget = small(epochs=1)
    training.fit(perceptron(), data(), budget, live=True)


def test_in_a_notebook_one_figure_grows_also_after_going_on(eager, tmp_path, monkeypatch):
    import IPython.display

    drawn, shown = [], []

    class Handle:
        def update(self, figure):
            shown.append("updated")

    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(IPython.display, "display", lambda figure, display_id: shown.append("new") or Handle())
    draw = progress.draw
    monkeypatch.setattr(progress, "draw", lambda history: drawn.append(len(history["loss"])) or draw(history))
    budget = small(epochs=3)
    with monkeypatch.context() as patch:
        cut_after(patch, 1)
        with pytest.raises(Cut):
            training.fit(perceptron(), data(), budget, resume=tmp_path)
    training.fit(perceptron(), data(), budget, resume=tmp_path, live=True)
    assert drawn == [2, 3]
    assert shown == ["new", "updated"]


def test_the_curves_show_training_and_test():
    figure = progress.draw({"loss": [2.0, 1.0], "val_loss": [2.1, 1.5], "accuracy": [0.1, 0.5]})
    left, right = figure.axes
    assert [line.get_label() for line in left.lines] == ["training", "test"]
    assert [line.get_label() for line in right.lines] == ["training"]
    np.testing.assert_allclose(left.lines[1].get_xdata(), [1, 2])


# several devices

SPREAD = """
import sys
import numpy as np
if keras_on == "tensorflow":
    import tensorflow as tf
    cpu = tf.config.list_physical_devices("CPU")
    tf.config.set_logical_device_configuration(cpu[0], [tf.config.LogicalDeviceConfiguration()] * 2)
sys.path.insert(0, tests)
from vitlab import training
from vitlab.training import devices
import test_training as here
budget = here.small(batch_size=8, epochs=2)
dark = tuple((images // 8, labels) for images, labels in here.data())  # no gradient is large enough to be clipped
def losses(names):
    with training.strategy(names):
        model = here.perceptron(dropout=0.0)
        found = training.fit(model, dark, budget).history["loss"]
        return [devices.copies(model), *found]
one, two = losses(["cpu:0"]), losses(["cpu:0", "cpu:1"])
print("counts", one[0], two[0])
print("gap", max(abs(a - b) for a, b in zip(one[1:], two[1:], strict=True)))
"""


@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_two_devices_train_as_one(backend):
    if backend == "jax":
        pytest.importorskip("jax", reason="the environment of `make colab` has JAX", exc_type=ImportError)
    flags = {"KERAS_BACKEND": backend, "XLA_FLAGS": "--xla_force_host_platform_device_count=2"}
    program = f"keras_on, tests = {backend!r}, {str(TESTS)!r}\n{SPREAD}"
    done = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, **flags}, capture_output=True, text=True, timeout=240
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = dict(line.split(" ", 1) for line in done.stdout.splitlines() if line.startswith(("counts", "gap")))
    assert found["counts"] == "1 2"
    assert float(found["gap"]) < 1e-3


def test_one_device_needs_no_strategy():
    with training.strategy(["cpu:0"]), training.strategy([]), training.strategy():
        assert devices.copies(perceptron()) == 1


def test_unused_gpus_are_said(monkeypatch, capsys):
    monkeypatch.setattr(devices, "gpus", lambda: ["gpu:0", "gpu:1"])
    fitting.say_unused(perceptron())
    assert "2 GPUs are here" in capsys.readouterr().out
