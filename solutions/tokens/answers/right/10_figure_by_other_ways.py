# %%
import numpy as np


def similarity_of(distance, dim, base=10000.0):
    """The formula at the end of section 8."""
    i = np.arange(dim // 2)
    return np.cos(distance[..., None] / base ** (2 * i / dim)).sum(axis=-1)


def search_green():
    """Colour the one value and look where it comes out. Own cut, with slices only."""
    picture = np.zeros((224, 224, 3))
    picture[150, 60, 1] = 1
    tokens = [picture[y : y + 16, x : x + 16].ravel() for y in range(0, 224, 16) for x in range(0, 224, 16)]
    return np.argwhere(np.array(tokens))[0]


# %%
def figure():
    p = np.arange(49)
    card = postcard()
    top, bottom, left, right = 0, 32, 0, 48
    strip = [card[y : y + 8, x : x + 8] for y in range(top, bottom, 8) for x in range(left, right, 8)]
    return dict(
        tokens=np.array([224 * 224 // side**2 for side in 2 ** np.arange(6)]),
        strip=np.array(strip),
        similarity=similarity_of(p[:, None] - p[None, :], 64).astype(np.float32),
        answer_1=float(2 * np.pi / 10000.0 ** (-510 / 512)),
        answer_2=search_green(),
    )
