"""Mistakes in Distiller."""

from __future__ import annotations

import keras
from keras import ops

from solutions.distillation import reference
from solutions.registry import Registry

KNOWN = Registry("Distiller")
BEFORE_AND_AFTER = "Compare teacher.get_weights() before and after one step."


class Made(keras.Model):
    """The right model; a wrong one overrides a step."""

    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.assign_roles(student, teacher)
        self.temperature, self.alpha = self.settings(temperature, alpha)
        self.freeze()

    def assign_roles(self, student, teacher):
        self.student = student
        self.teacher = teacher

    def settings(self, temperature, alpha):
        return temperature, alpha

    def freeze(self):
        for layer in self.teacher.layers:
            layer.trainable = False

    def answer(self, images, training):
        return self.student(images, training=training)

    def advice(self, x, training):
        return self.teacher(x, training=False)

    def price(self, said, advised, labels):
        return reference.distillation_loss(said, advised, labels, self.temperature, self.alpha)

    def call(self, images, training=None):
        return self.answer(images, training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return self.price(y_pred, self.advice(x, training), y)


def distiller_variant(name, hint, twin=None, **steps):
    """Register a Distiller with some steps replaced."""
    return KNOWN.wrong(hint, twin)(type(name, (Made,), steps))


def open_loss(student, teacher, labels, t, alpha):
    """The right values, with a gradient for the teacher too."""
    hard = keras.losses.sparse_categorical_crossentropy(labels, student, from_logits=True)
    p, q = ops.log_softmax(teacher / t), ops.log_softmax(student / t)
    return (1 - alpha) * hard + alpha * t**2 * ops.sum(ops.exp(p) * (p - q), axis=-1)


def nothing(self):
    """Leaves the teacher trainable."""


distiller_variant(
    "teacher_in_training",
    "Your teacher is asked with its dropout awake. How is it used after its own training?",
    advice=lambda self, x, training: self.teacher(x, training=True),
)
distiller_variant(
    "teacher_follows_the_flag",
    "In evaluation yours is right. In training your teacher is in training, too: its dropout is awake.",
    advice=lambda self, x, training: self.teacher(x, training=training),
)
distiller_variant(
    "teacher_s_statistics_move",
    f"{BEFORE_AND_AFTER} Its norm counts your batches among its own. Which flag is it called with?",
    freeze=nothing,
    advice=lambda self, x, training: self.teacher(x, training=training),
)
distiller_variant(
    "teacher_learns",
    f"{BEFORE_AND_AFTER} Yours adapts to the student. What keeps a gradient from it?",
    freeze=nothing,
    price=lambda self, said, advised, y: ops.mean(open_loss(said, advised, y, self.temperature, self.alpha)),
)
distiller_variant(
    "roles_swapped",
    "Who is trained? The student of your model has the layers of the teacher.",
    assign_roles=lambda self, student, teacher: Made.assign_roles(self, teacher, student),
)
distiller_variant(
    "logits_swapped",
    "distillation_loss takes the student's logits first, then the teacher's. In which order do you hand them over?",
    price=lambda self, said, advised, y: Made.price(self, advised, said, y),
)
distiller_variant(
    "temperature_and_alpha_swapped",
    "Which of the two numbers comes first, in __init__ and in distillation_loss?",
    settings=lambda self, temperature, alpha: (alpha, temperature),
)
distiller_variant(
    "default_temperature",
    "Your loss is right at T = 3. Where does the temperature go that somebody hands over?",
    settings=lambda self, temperature, alpha: (3.0, alpha),
)
distiller_variant(
    "default_alpha",
    "Your loss is right at alpha = 0.5. Where does the alpha go that somebody hands over?",
    settings=lambda self, temperature, alpha: (temperature, 0.5),
)
distiller_variant(
    "default_temperature_and_alpha",
    "Your loss is right with T = 3 and alpha = 0.5. Where do the numbers go that somebody hands over?",
    settings=lambda self, temperature, alpha: (3.0, 0.5),
)
distiller_variant(
    "temperature_of_one",
    "Your loss does not know the temperature.",
    settings=lambda self, temperature, alpha: (1.0, alpha),
)
distiller_variant(
    "alpha_of_one",
    "Where are the labels in your loss?",
    settings=lambda self, temperature, alpha: (temperature, 1.0),
)
distiller_variant(
    "alpha_turned",
    "alpha is the teacher's share, not the labels'.",
    settings=lambda self, temperature, alpha: (temperature, 1 - alpha),
)
distiller_variant(
    "labels_alone",
    "Where is the teacher in your loss?",
    price=lambda self, said, advised, y: ops.mean(
        keras.losses.sparse_categorical_crossentropy(y, said, from_logits=True)
    ),
)
distiller_variant(
    "student_never_in_training",
    "In fit the student should know that it is trained: its norm should see the batch. Which flag do you hand on?",
    answer=lambda self, images, training: self.student(images, training=False),
)
distiller_variant(
    "student_always_in_training",
    "Call twice with training=False, with other images beside it: the result should stay. Which flag do you hand on?",
    answer=lambda self, images, training: self.student(images, training=True),
)
distiller_variant(
    "calls_the_teacher",
    "To everybody outside, this model is the student. Whose logits does your call return?",
    answer=lambda self, images, training: self.teacher(images, training=False) + 0 * self.student(images),
)
distiller_variant(
    "probabilities",
    "Do your logits sum to 1? call returns them as the student gives them.",
    answer=lambda self, images, training: ops.softmax(self.student(images, training=training)),
)
distiller_variant(
    "both_are_returned",
    "call returns the student's logits alone. Who needs the teacher's, and where can they be asked for?",
    call=lambda self, images, training=None: (
        self.student(images, training=training), self.teacher(images, training=False),
    ),
    price=lambda self, said, advised, y: Made.price(self, said[0], advised, y),
)  # fmt: skip
distiller_variant(
    "student_is_asked_again",
    "y_pred is what call returned in this step. Yours asks the student once more, and in another way than fit did.",
    compute_loss=lambda self, x=None, y=None, y_pred=None, sample_weight=None, training=True: self.price(
        self.student(x, training=False), self.advice(x, training), y
    ),
)
distiller_variant(
    "for_each_image",
    "Your loss has a number for each image. Keras adds up their gradients: the steps are too large by the batch.",
    price=lambda self, said, advised, y: open_loss(said, ops.stop_gradient(advised), y, self.temperature, self.alpha),
)
distiller_variant(
    "a_sum_over_the_batch",
    "Twice the batch, twice your loss. distillation_loss is a mean already.",
    price=lambda self, said, advised, y: Made.price(self, said, advised, y) * said.shape[0],
)
distiller_variant(
    "probabilities_of_the_teacher",
    "distillation_loss wants logits. Your teacher's have become probabilities on the way.",
    advice=lambda self, x, training: ops.softmax(self.teacher(x, training=False)),
)
distiller_variant(
    "softened_before",
    "distillation_loss divides by T. Yours did so before, too.",
    price=lambda self, said, advised, y: Made.price(self, said / self.temperature, advised / self.temperature, y),
)
distiller_variant(
    "everything_frozen",
    "After a step of yours nothing has changed, the student included. Which of the two should stay as it was?",
    freeze=lambda self: setattr(self, "trainable", False),
)
distiller_variant(
    "student_frozen",
    "The student of your model is frozen. Which of the two should stay as it was?",
    freeze=lambda self: setattr(self.student, "trainable", False) or Made.freeze(self),
    twin="everything_frozen",
)
distiller_variant(
    "other_names",
    "The text calls the two models student and teacher, and other programs look for them there.",
    assign_roles=lambda self, student, teacher: setattr(self, "pupil", student) or setattr(self, "teacher", teacher),
    answer=lambda self, images, training: self.pupil(images, training=training),
)

KNOWN.question(
    "outputs_kept_of_another_order",
    "You may compute the teacher's outputs once and keep them. But is row i still about image i after a shuffle, and "
    "about the same picture after a shift?",
)
KNOWN.question(
    "needs_a_compiled_loss",
    "compile(optimizer) is given no loss here, so there is none that super().compute_loss could find.",
)


@KNOWN.right("Inside a call, Keras hands the training flag on to layers that are called without one.")
class flag_from_the_surroundings(Made):
    def call(self, images, training=None):
        return self.student(images)


@KNOWN.right("Outside of a call, a model without a flag is used as after training.")
class teacher_without_a_flag(Made):
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return self.price(y_pred, self.teacher(x), y)


@KNOWN.right("Stopping the gradient keeps the teacher as it is, too, as long as its norms do not see batches.")
class only_the_gradient_is_stopped(Made):
    def freeze(self):
        """The loss stops the gradient."""
