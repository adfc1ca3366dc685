"""Mistakes in data_scaling_curve."""

from __future__ import annotations

import numpy as np

from solutions.registry import Registry

KNOWN = Registry("data_scaling_curve")
STEPS = "How many calls of train_on_batch does the smallest size get, how many the largest? They should get as many."
FRESH = "Is the model of the second size a new one, or does it know already what the first has learnt?"
ONCE = "Count how often each of the rows is shown in one pass. Each should come once."


def rows_of(size, batch, seed=0):
    """Endless batches of row numbers: pass after pass in another order."""
    random = np.random.default_rng(seed)
    while True:
        order = random.permutation(size)
        yield from (order[i : i + batch] for i in range(0, size, batch))


def share_right(model, images, labels):
    """Of all images."""
    return float(np.mean(np.argmax(model.predict(images, verbose=0), axis=-1) == labels))


class Plan:
    """The right experiment in steps; a wrong one replaces a step."""

    def model(self, build_fn, size, seed):
        return build_fn(seed)

    def steps(self, size, steps, batch):
        return steps

    def kept(self, x, y, size):
        return x[:size], y[:size]

    def batches(self, size, batch):
        return rows_of(size, batch)

    def train(self, model, training, test, size, steps, batch):
        rows = self.batches(size, batch)
        for _ in range(self.steps(size, steps, batch)):
            own = next(rows)
            model.train_on_batch(training[0][own], training[1][own])

    def accuracy(self, model, training, test):
        return share_right(model, *test)

    def one(self, build_fn, data, size, seed, steps, batch):
        training, test = self.kept(*data[0], size), data[1]
        model = self.model(build_fn, size, seed)
        self.train(model, training, test, size, steps, batch)
        return self.accuracy(model, training, test)

    def all(self, build_fn, data, sizes, seeds, steps, batch):
        return {size: [self.one(build_fn, data, size, seed, steps, batch) for seed in seeds] for size in sizes}


def variant(name, hint, **steps):
    """Register an experiment with some steps replaced."""
    plan = type(name, (Plan,), steps)

    def curve(build_fn, data, sizes, seeds, steps=400, batch_size=50):
        return plan().all(build_fn, data, sizes, seeds, steps, batch_size)

    curve.__name__ = name
    return KNOWN.wrong(hint)(curve)


def best_step(self, model, training, test, size, steps, batch):
    """Looks at the test images after every step."""
    rows, self.best = self.batches(size, batch), 0.0
    for _ in range(steps):
        own = next(rows)
        model.train_on_batch(training[0][own], training[1][own])
        self.best = max(self.best, share_right(model, *test))


def a_look_at_every_step(self, model, training, test, size, steps, batch):
    """Prints nothing, chooses nothing, but asks about the test images all the time."""
    rows = self.batches(size, batch)
    for _ in range(steps):
        share_right(model, *test)
        own = next(rows)
        model.train_on_batch(training[0][own], training[1][own])


def epochs_alike(self, size, steps, batch):
    """As many passes for each size as the largest of the lesson's needs."""
    return max(1, steps * batch // 100) * size // batch


def whole_set(self, model, training, test, size, steps, batch):
    """All rows in every call."""
    for _ in range(steps):
        model.train_on_batch(*training)


def own_draws(replace):
    """Batches drawn anew for every step."""

    def batches(self, size, batch):
        random = np.random.default_rng(1)
        while True:
            yield random.choice(size, batch, replace=replace)

    return batches


def all_but_the_last(self, size, batch):
    """Pass after pass from the first row on, without the last batch of each."""
    while True:
        yield from (np.arange(i, i + batch) for i in range(0, max(size - batch, 1), batch))


def first_batch(self, size, batch):
    """The same rows again and again."""
    while True:
        yield np.arange(batch)


def on_the_test_images(self, model, training, test, size, steps, batch):
    """Trains on test images too."""
    Plan.train(self, model, training, test, size, steps - 1, batch)
    model.train_on_batch(test[0][:batch], test[1][:batch])


def one_model_for_all(self, build_fn, data, sizes, seeds, steps, batch):
    """A model for each seed, which goes on from size to size."""
    models = {seed: build_fn(seed) for seed in seeds}
    self.model = lambda build_fn, size, seed: models[seed]
    return Plan.all(self, build_fn, data, sizes, seeds, steps, batch)


def one_model_for_a_size(self, build_fn, data, sizes, seeds, steps, batch):
    """A model for each size, which goes on from seed to seed."""
    models = {size: build_fn(seeds[0]) for size in sizes}
    self.model = lambda build_fn, size, seed: models[size]
    return Plan.all(self, build_fn, data, sizes, seeds, steps, batch)


def one_model_ever(self, build_fn, data, sizes, seeds, steps, batch):
    """A single model."""
    model = build_fn(seeds[0])
    self.model = lambda build_fn, size, seed: model
    return Plan.all(self, build_fn, data, sizes, seeds, steps, batch)


def means(self, build_fn, data, sizes, seeds, steps, batch):
    """A mean over the seeds."""
    found = Plan.all(self, build_fn, data, sizes, seeds, steps, batch)
    return {size: float(np.mean(values)) for size, values in found.items()}


def by_seed(self, build_fn, data, sizes, seeds, steps, batch):
    """Seeds as keys."""
    found = Plan.all(self, build_fn, data, sizes, seeds, steps, batch)
    return {seed: [found[size][i] for size in sizes] for i, seed in enumerate(seeds)}


def as_lists(self, build_fn, data, sizes, seeds, steps, batch):
    """A list for each size, without names."""
    return list(Plan.all(self, build_fn, data, sizes, seeds, steps, batch).values())


def best_seed(self, build_fn, data, sizes, seeds, steps, batch):
    """The best seed's accuracy in place of each."""
    found = Plan.all(self, build_fn, data, sizes, seeds, steps, batch)
    return {size: [max(values)] * len(values) for size, values in found.items()}


def seeds_sorted(self, build_fn, data, sizes, seeds, steps, batch):
    """The accuracies in the order of their size."""
    found = Plan.all(self, build_fn, data, sizes, seeds, steps, batch)
    return {size: sorted(values) for size, values in found.items()}


variant("equal_epochs", STEPS, steps=epochs_alike)
variant("one_pass_each", STEPS, steps=lambda self, size, steps, batch: size // batch)
variant(
    "steps_are_passes",
    "A step is one call of train_on_batch, not a pass over all rows. How many calls do you make?",
    steps=lambda self, size, steps, batch: steps * size // batch,
)
variant("one_step_more", "Count your calls: `steps` are asked for.", steps=lambda self, size, steps, batch: steps + 1)
variant("one_step_less", "Count your calls: `steps` are asked for.", steps=lambda self, size, steps, batch: steps - 1)
variant("no_training", "Does your model ever see a training image?", steps=lambda *a: 0)
variant("goes_on_from_size_to_size", FRESH, all=one_model_for_all)
variant(
    "goes_on_from_seed_to_seed",
    "Each seed has a new model. Does the one of the second seed know what the first has learnt?",
    all=one_model_for_a_size,
)
variant("a_single_model", FRESH, all=one_model_ever)
variant(
    "always_the_first_seed",
    "With which seed is the second model of a size made?",
    model=lambda self, build_fn, size, seed: build_fn(0),
)
variant(
    "seed_from_the_size",
    "Only the seeds that are handed over make models.",
    model=lambda self, build_fn, size, seed: build_fn(seed + size),
)
variant(
    "all_rows_whatever_the_size",
    "A model of a small size may not see the rows beyond it. Which rows do your batches come from?",
    kept=lambda self, x, y, size: (x, y),
    batches=lambda self, size, batch: rows_of(size + batch, batch),
)
variant(
    "the_last_rows",
    "x_train[:n] are the first n rows. Which are yours?",
    kept=lambda self, x, y, size: (x[-size:], y[-size:]),
)
variant(
    "one_row_too_few",
    "How many rows has x_train[:n]?",
    batches=lambda self, size, batch: (rows % max(size - 1, 1) for rows in rows_of(size, batch)),
)
variant(
    "last_rows_left_out",
    "Write down which rows your calls get, one call after the other. Do the last of the rows ever have their turn?",
    batches=all_but_the_last,
)
variant("drawn_with_repeats", ONCE, batches=own_draws(True))
variant("drawn_anew_each_time", ONCE, batches=own_draws(False))
variant(
    "the_same_batch_each_time",
    "Which rows does the second call get? All rows should have their turn.",
    batches=first_batch,
)
variant(
    "all_rows_in_each_call", "Each call gets exactly batch_size rows. How many does it get from you?", train=whole_set
)
variant(
    "labels_stay_behind",
    "You bring the images into another order. What about their labels?",
    train=lambda self, model, training, test, size, steps, batch: Plan.train(
        self, model, (training[0], np.roll(training[1], 1)), test, size, steps, batch
    ),
)
variant(
    "accuracy_on_training_images",
    "Which images does your accuracy come from? Those that the model has seen say little.",
    accuracy=lambda self, model, training, test: share_right(model, *training),
)
variant(
    "accuracy_on_all_training_images",
    "Which images does your accuracy come from? Those that the model has seen say little.",
    one=lambda self, build_fn, data, size, seed, steps, batch: Plan.one(
        self, build_fn, (data[0], data[0]), size, seed, steps, batch
    ),
)
variant(
    "best_step_on_the_test_images",
    "You look at the test images after every step, and keep the best. What do they tell you then of new images?",
    train=best_step,
    accuracy=lambda self, model, training, test: self.best,
)
variant(
    "asked_before_the_end",
    "Your models are asked something before they are done with training. What for? Even a look may guide a choice.",
    train=a_look_at_every_step,
)
variant(
    "trained_on_test_images",
    "The model has seen test images before it was asked about them.",
    train=on_the_test_images,
)
variant(
    "half_of_the_test_images",
    "All test images count.",
    accuracy=lambda self, model, training, test: share_right(
        model, test[0][: len(test[0]) // 2], test[1][: len(test[1]) // 2]
    ),
)
variant(
    "first_batch_of_the_test_images",
    "All test images count.",
    accuracy=lambda self, model, training, test: share_right(model, test[0][:32], test[1][:32]),
)
variant("per_cent", "An accuracy lies between 0 and 1.", accuracy=lambda self, m, tr, test: 100 * share_right(m, *test))
variant(
    "errors",
    "The share of right answers is asked for, not that of wrong ones.",
    accuracy=lambda self, m, tr, test: 1 - share_right(m, *test),
)
variant(
    "number_of_right_ones",
    "An accuracy lies between 0 and 1.",
    accuracy=lambda self, m, tr, test: share_right(m, *test) * len(test[1]),
)
variant(
    "least_likely_class",
    "Which logit belongs to the answer?",
    accuracy=lambda self, m, tr, test: float(np.mean(m.predict(test[0], verbose=0).argmin(-1) == test[1])),
)
variant("mean_over_the_seeds", "For each size a list with one accuracy for each seed is asked for.", all=means)
variant("keys_are_seeds", "What are the keys of the dict, sizes or seeds?", all=by_seed)
variant("a_list_without_sizes", "A dict is asked for, with the sizes as its keys.", all=as_lists)
variant("the_best_seed", "Every seed counts, not only the best one. How would you know the spread?", all=best_seed)
variant("sorted_accuracies", "The accuracies come in the order of the seeds.", all=seeds_sorted)


@KNOWN.right("The order within a pass is free: from the first row to the last is one, too.")
def in_the_order_of_the_rows(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    """Without any shuffling."""
    (x, y), (x_test, y_test) = data
    curve = {}
    for size in sizes:
        curve[size] = []
        for seed in seeds:
            model = build_fn(seed)
            for step in range(steps):
                start = step * batch_size % size
                model.train_on_batch(x[start : start + batch_size], y[start : start + batch_size])
            curve[size].append((model.predict(x_test, verbose=0).argmax(-1) == y_test).mean())
    return curve


@KNOWN.right("Seeds in the outer loop make the same models.")
def seeds_outside(build_fn, data, sizes, seeds, steps=400, batch_size=50):
    """For each seed all sizes, sorted into the dict."""
    curve = {size: [] for size in sizes}
    for seed in seeds:
        for size in sizes:
            curve[size].append(Plan().one(build_fn, data, size, seed, steps, batch_size))
    return curve
