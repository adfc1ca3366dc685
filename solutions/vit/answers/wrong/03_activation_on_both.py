# exercise: FeedForward
# mistake: the activation is on fc2 as well (copied line)
# %%
import keras
import numpy as np
from keras import ops


# %%
class FeedForward(keras.layers.Layer):
    def __init__(self, dim, hidden_dim, activation="gelu", dropout=0.0, **kwargs):
        super().__init__(**kwargs)
        self.fc1 = keras.layers.Dense(hidden_dim, activation=activation)
        self.fc2 = keras.layers.Dense(dim, activation=activation)
        self.dropout = keras.layers.Dropout(dropout)

    def call(self, x, training=None):
        x = self.fc1(x)
        x = self.dropout(x, training=training)
        return self.fc2(x)
