"""What a student sees while a model trains: one line an epoch, and curves that grow."""

import sys
import time

import keras


class Lines(keras.callbacks.Callback):
    """One line for each epoch: loss, accuracies, seconds, and how long it will still take."""

    def __init__(self, epochs):
        """epochs: of the whole training."""
        super().__init__()
        self.epochs = epochs

    def on_train_begin(self, logs=None):
        """Start the clock."""
        self.took, self.began = [], time.monotonic()

    def on_epoch_end(self, epoch, logs=None):
        """Print the line."""
        now = time.monotonic()
        self.took.append(now - self.began)
        self.began = now
        logs, width = logs or {}, len(str(self.epochs))
        words = [f"epoch {epoch + 1:{width}} of {self.epochs}"] + [
            f"{name} {logs[key]:{form}}" for key, name, form in SHOWN if key in logs
        ]
        print(", ".join([*words, f"{self.took[-1]:.1f} s{self.left(epoch)}"]), flush=True)

    def left(self, epoch):
        """Words for the time that is left, from the median epoch; of the first one, which compiles, no forecast."""
        ahead = self.epochs - epoch - 1
        if len(self.took) == 1:
            return ", compiling included" if ahead else ""
        left = ahead * sorted(self.took)[(len(self.took) - 1) // 2]
        return f", about {duration(left)} left" if left else ""


SHOWN = (("loss", "loss", ".3f"), ("accuracy", "accuracy", ".1%"), ("val_accuracy", "on test images", ".1%"))


def duration(seconds):
    """Seconds in words: 42 s, 3 min."""
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


class Curves(keras.callbacks.Callback):
    """Loss and accuracy as curves below the cell, drawn anew after each epoch. Needs a notebook; else draws nothing."""

    def __init__(self, before):
        """before: history of the epochs before this call, name to values."""
        super().__init__()
        self.history = {name: list(values) for name, values in before.items()}
        self.handle = None

    def on_epoch_end(self, epoch, logs=None):
        """Draw all epochs up to this one."""
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(float(value))
        if not in_notebook():
            return
        import matplotlib.pyplot as plt
        from IPython.display import display

        figure = draw(self.history)
        if self.handle is None:
            self.handle = display(figure, display_id=True)
        else:
            self.handle.update(figure)
        plt.close(figure)


def in_notebook():
    """Whether there is a notebook whose output can be replaced."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return getattr(shell, "kernel", None) is not None


def draw(history):
    """A figure of two plots: loss and accuracy over the epochs, on training and on test images."""
    import matplotlib.pyplot as plt

    from vitlab import plots

    figure, axes = plt.subplots(1, 2, figsize=(9.5, 3.4), layout="constrained")
    epochs = range(1, len(history["loss"]) + 1)
    for ax, name in zip(axes, ("loss", "accuracy"), strict=True):
        series = {"training": history.get(name), "test": history.get(f"val_{name}")}
        plots.curves(epochs, {who: found for who, found in series.items() if found}, "epoch", name, ax=ax)
        ax.xaxis.get_major_locator().set_params(integer=True)
    return figure
