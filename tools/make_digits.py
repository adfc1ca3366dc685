"""Make course/vitlab/data/digits.npz from scikit-learn's copy of the UCI handwritten digits.

    pip install scikit-learn
    python tools/make_digits.py [FILE]

The source is `sklearn.datasets.load_digits`: 1,797 pictures of 8 by 8 pixels with values from 0 to 16, the test part of
"Optical Recognition of Handwritten Digits" (E. Alpaydin and C. Kaynak, UCI, 1998), licence CC BY 4.0. The only changes
are the order, drawn once with a fixed seed so that training and test pictures mix all writers, the split in 1,437 and
360, and the number type. The same file comes out byte for byte. Students never need scikit-learn.
"""

import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

TARGET = Path(__file__).parent.parent / "course/vitlab/data/digits.npz"
TRAINING = 1437  # four fifths

source = load_digits()
order = np.random.RandomState(0).permutation(len(source.target))
images, labels = source.images[order].astype("uint8"), source.target[order].astype("uint8")

path = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
np.savez_compressed(
    path,
    x_train=images[:TRAINING],
    y_train=labels[:TRAINING],
    x_test=images[TRAINING:],
    y_test=labels[TRAINING:],
)
print(f"{path}: {TRAINING} training and {len(labels) - TRAINING} test digits, {path.stat().st_size:,} bytes")
