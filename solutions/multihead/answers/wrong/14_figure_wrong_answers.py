# exercise: figure
# mistake: answer_1 is N = D and not 2 D (four products against four, as if each head product cost twice); answer_2 calls layer(x, c) equivariant, and the causal mask too
# %%
def figure():
    sides = np.array([32, 64, 112, 224, 448])
    pixel_tokens = sides**2
    patch_tokens = (sides // 16) ** 2
    pixel_bytes = 4.0 * pixel_tokens**2
    patch_bytes = 4.0 * patch_tokens**2
    slopes = [np.polyfit(np.log(sides), np.log(b), 1)[0] for b in (pixel_bytes, patch_bytes)]
    return {
        "pixel_bytes": pixel_bytes,
        "patch_bytes": patch_bytes,
        "slopes": np.array(slopes),
        "answer_1": 768,
        "answer_2": [1, 2, 1, 1],
    }
