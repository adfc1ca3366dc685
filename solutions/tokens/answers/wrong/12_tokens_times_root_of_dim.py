# exercise: LearnedPositionEmbedding
# mistake: the tokens are multiplied by sqrt(dim) first, as code for texts often does
# %%
import keras


class LearnedPositionEmbedding(keras.layers.Layer):
    def __init__(self, num_positions, dim, **kwargs):
        super().__init__(**kwargs)
        self.scale = dim**0.5
        self.embeddings = self.add_weight(shape=(num_positions, dim), initializer="random_normal", name="embeddings")

    def call(self, x):
        return x * self.scale + self.embeddings[: x.shape[1]]
