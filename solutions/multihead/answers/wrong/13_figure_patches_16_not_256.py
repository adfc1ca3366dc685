# exercise: figure
# mistake: a patch counts as 16 pixels, not 16 * 16 = 256, so there are 16 times too many patches
# %%
def figure():
    sides = np.array([32, 64, 112, 224, 448])
    pixel_tokens = sides**2
    patch_tokens = sides**2 // 16
    pixel_bytes = 4.0 * pixel_tokens**2
    patch_bytes = 4.0 * patch_tokens**2
    slopes = [np.polyfit(np.log(sides), np.log(b), 1)[0] for b in (pixel_bytes, patch_bytes)]
    return {
        "pixel_bytes": pixel_bytes,
        "patch_bytes": patch_bytes,
        "slopes": np.array(slopes),
        "answer_1": 1536,
        "answer_2": [1, 2, 2, 0],
    }
