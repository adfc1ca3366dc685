# exercise: Distiller
# mistake: the teacher is given the training flag of the step, so its dropout is at work in fit
# %%
import keras
import numpy as np
from keras import ops


# %%
class Distiller(keras.Model):
    def __init__(self, student, teacher, temperature=3.0, alpha=0.5, **kwargs):
        super().__init__(**kwargs)
        self.student = student
        self.teacher = teacher
        self.teacher.trainable = False
        self.temperature = temperature
        self.alpha = alpha

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        teacher_logits = self.teacher(x, training=training)
        return distillation_loss(y_pred, teacher_logits, y, self.temperature, self.alpha)
