"""One call that trains a model under a budget."""

import keras

from vitlab.data.batches import epochs, pipeline
from vitlab.training import devices
from vitlab.training.checkpoints import Checkpoint, Keeper
from vitlab.training.progress import Curves, Lines

WATCHED = 2_000
"""Test images that are looked at after each epoch."""
AT_ONCE = 256
"""Test images in a batch, at most."""
TOGETHER = 32
"""Steps that TensorFlow makes in a row before it comes back to Python, at most."""
SPARED = r"^(?!.*(kernel|embeddings))"
"""Weights whose names match are not decayed: biases, norms, positions, CLS."""


def fit(model, data, budget, seed=0, resume=None, live=False):
    """Train a model under a budget, and print one line for each epoch: -> keras History of the whole training.

    Adam with decoupled weight decay, a warm-up and a cosine, gradients clipped at norm 1 for each weight, cross-entropy
    from logits. Batches are made while the model computes. The same arguments give the same model again on the same
    machine.

    Args:
        model: any keras.Model, call(images (B, H, W, C) float32 in [0, 1], training=None) -> logits (B, K). Need be
            neither built nor compiled. To use several GPUs, make it inside strategy().
        data: ((x_train, y_train), (x_test, y_test)), images (n, H, W, C) uint8 from 0 to 255 or float from 0 to 1,
            labels (n,) ints. The first 2,000 test images at most are looked at after each epoch; they teach nothing.
        budget: a Budget, e.g. budget("cpu").
        seed: of the order of the images, their changes, and dropout; 0 to 2**32 - 1. The model's first weights come
            from before: keras.utils.set_random_seed(seed), then the model, then fit.
        resume: a folder. After each epoch the state is kept there; the same call goes on after the last whole epoch,
            on Colab after a disconnect when the folder is on Google Drive. None keeps nothing.
        live: draw curves that grow below the cell, in a notebook.

    Returns:
        history.history has loss, accuracy, val_loss and val_accuracy, one value for each epoch.

    Raises:
        ValueError: images and labels do not fit together.
    """
    training, watched = chosen(data, budget)
    parts, together = even_parts(max(1, len(training[0]) // budget.batch_size), TOGETHER)
    steps = parts * together
    say_unused(model)
    with devices.scope_of(model):
        model(first_batch(training[0]))  # makes all weights
    with devices.computing_in(model, devices.precision(model)):
        compile_for(model, budget, steps * budget.epochs, together)
        checkpoint = None if resume is None else Checkpoint(resume, model, budget, (seed, training, watched))
        before = checkpoint.read() if checkpoint else {}
        done = len(before.get("loss", ()))
        history = keras.callbacks.History()
        if done < budget.epochs:
            history = devices.with_xla_if_possible(
                model,
                epochs(*training, budget.batch_size, steps, range(done, budget.epochs), budget.flip, budget.crop, seed),
                epochs=budget.epochs,
                initial_epoch=done,
                steps_per_epoch=steps,
                shuffle=False,  # the batches are
                validation_data=test_batches(watched),
                callbacks=watchers(budget, before, checkpoint, live),
                verbose=0,
            )
    return whole_history(history, before, model)


def compile_for(model, budget, steps, together=1, loss=None):
    """Compile a model for a training of so many steps under a budget.

    Args:
        model: a keras.Model.
        budget: a Budget.
        steps: of the whole training; one step is one batch.
        together: steps that are made in a row before Python is asked again; divides the steps of an epoch.
        loss: a function (targets, outputs) -> one number. None: cross-entropy from logits, with the accuracy beside it.
    """
    warmup = min(round(budget.warmup_share * steps), steps - 1)
    rate = keras.optimizers.schedules.CosineDecay(
        0.0 if warmup else budget.learning_rate,
        steps - warmup,
        warmup_target=budget.learning_rate if warmup else None,
        warmup_steps=warmup,
    )
    with devices.scope_of(model):
        optimizer = keras.optimizers.AdamW(rate, weight_decay=budget.weight_decay, clipnorm=1.0)
        optimizer.exclude_from_weight_decay(var_names=[SPARED])
        model.compile(
            optimizer,
            loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            metrics=None if loss else [keras.metrics.SparseCategoricalAccuracy("accuracy")],
            jit_compile=devices.xla(model, steps * budget.batch_size),
            steps_per_execution=together if devices.runs_many_steps(model) else 1,
        )
        if model.built:
            optimizer.build(model.trainable_variables)  # made in the first step, TensorFlow would trace that twice


def watchers(budget, before, checkpoint, live):
    """What is done after each epoch: the line, the curves, the file."""
    found = [Lines(budget.epochs)]
    if live:
        found.append(Curves(before))
    if checkpoint:
        found.append(Keeper(checkpoint, before))
    return found


def whole_history(history, before, model):
    """The History with the epochs before this call in front."""
    names = history.history or before
    history.history = {name: [*before.get(name, ()), *history.history.get(name, ())] for name in names}
    history.epoch = list(range(len(history.history["loss"])))
    history.set_model(model)
    model.history = history
    return history


def chosen(data, budget):
    """(images, labels) to train on and (images, labels) to watch, as many as the budget takes."""
    (x_train, y_train), (x_test, y_test) = data
    parts, size = even_parts(min(len(x_test), WATCHED), AT_ONCE)
    taken, watched = min(len(x_train), budget.images), parts * size
    for images, labels in data:
        if len(images) != len(labels) or len(images) == 0:
            raise ValueError(f"Expected as many labels as images. Received: {len(labels)} and {len(images)}.")
    return (x_train[:taken], y_train[:taken]), (x_test[:watched], y_test[:watched])


def even_parts(count, most):
    """Cut count into equal parts of at most `most`, leaving out as few as can be: -> (number of parts, size)."""
    if count <= most:
        return 1, count
    size = max(range(most // 2, most + 1), key=lambda size: (count // size * size, size))
    return count // size, size


def first_batch(images):
    """The first image as a batch (1, H, W, C) of float32 in [0, 1]."""
    batch, _ = next(iter(pipeline(images[:1], [0], 1)))
    return keras.ops.convert_to_tensor(keras.ops.convert_to_numpy(batch))


def test_batches(watched):
    """Batches of test images, all of one size, so that XLA compiles once."""
    _, size = even_parts(len(watched[0]), AT_ONCE)
    return pipeline(*watched, size)


def say_unused(model):
    """Say how to use all GPUs, where there are several and the model was made for one."""
    count = len(devices.gpus())
    if count > 1 and devices.copies(model) == 1:
        print(f"{count} GPUs are here, and one is used. Make the model inside `with training.strategy():` to use all.")
