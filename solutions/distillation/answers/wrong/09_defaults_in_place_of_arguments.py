# exercise: Distiller
# mistake: temperature and alpha are written as 3.0 and 0.5, and the arguments are ignored
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

    def call(self, images, training=None):
        return self.student(images, training=training)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        teacher_logits = self.teacher(x, training=False)
        return distillation_loss(y_pred, teacher_logits, y, temperature=3.0, alpha=0.5)
