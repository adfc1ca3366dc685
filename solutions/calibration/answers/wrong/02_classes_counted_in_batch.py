# exercise: smooth_labels
# mistake: to_categorical without num_classes makes as many columns as the batch's largest label needs
# %%
import keras


# %%
def smooth_labels(labels, num_classes, epsilon):
    hard = keras.utils.to_categorical(labels)
    return hard * (1 - epsilon) + epsilon / num_classes
