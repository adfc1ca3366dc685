"""Mistakes in the way through SwinBlock: roll, windows, mask, residuals and norms."""

from __future__ import annotations

from keras import ops

from solutions.windows import reference
from solutions.windows.misconceptions.building import Block, block_registry, block_variant, cut, join

KNOWN = block_registry()


def variant(name, hint, twin=None, **steps):
    """Register a block with some steps replaced."""
    return block_variant(KNOWN, name, hint, twin, **steps)


def moved(x, down, right):
    """The grid rolled."""
    return ops.roll(x, (down, right), axis=(1, 2))


def same(self, x):
    """Nothing is rolled."""
    return x


variant(
    "never_shifts",
    "With shift > 0 your windows lie where they lay before, so the mask cuts tokens apart for nothing. Where is the "
    "roll?",
    there=same,
    back=same,
)
variant(
    "ignores_the_shift",
    "With a shift your output is that of a block without one. Where do you look at `shift`?",
    there=same,
    back=same,
    weigh=lambda self, scores, mask: ops.softmax(scores),
)
variant(
    "rolls_the_wrong_way",
    "After the roll, the top-left window should start `shift` tokens in. Which token stands in your corner?",
    there=lambda self, x: moved(x, self.shift, self.shift),
    back=lambda self, x: moved(x, -self.shift, -self.shift),
)
variant(
    "rolls_down_at_first",
    "The grid should move up and to the left before it is cut. Which sign does ops.roll want for that?",
    there=lambda self, x: moved(x, self.shift, self.shift),
)
variant(
    "never_rolls_back",
    "What attention found for a token must come back to that token's place, before it is added to x.",
    back=same,
)
variant(
    "rolls_twice_the_same_way",
    "The way back is the other way: a token that went up has to come down.",
    back=lambda self, x: moved(x, -self.shift, -self.shift),
)
variant(
    "rolls_the_rows_alone",
    "The grid is rolled up. And to the left? Make sure that your two axes are height and width.",
    there=lambda self, x: moved(x, -self.shift, 0),
    back=lambda self, x: moved(x, self.shift, 0),
)
variant(
    "rolls_the_columns_alone",
    "The grid is rolled to the left. And up?",
    there=lambda self, x: moved(x, 0, -self.shift),
    back=lambda self, x: moved(x, 0, self.shift),
)
variant(
    "rolls_images_and_rows",
    "Which axes of (B, H, W, C) are height and width? Your roll moves whole images.",
    twin="rolls_the_rows_alone",
    there=lambda self, x: ops.roll(x, (-self.shift, -self.shift), axis=(0, 1)),
    back=lambda self, x: ops.roll(x, (self.shift, self.shift), axis=(0, 1)),
)
variant(
    "rolls_by_a_whole_window",
    "A roll by a whole window only renames the windows. By how much should the grid move?",
    there=lambda self, x: moved(x, *[-self.window * bool(self.shift)] * 2),
    back=lambda self, x: moved(x, *[self.window * bool(self.shift)] * 2),
)
variant(
    "rolls_by_half_a_window",
    "Half a window is Swin's choice. Where does your block look at `shift`?",
    there=lambda self, x: moved(x, *[-(self.window // 2) * bool(self.shift)] * 2),
    back=lambda self, x: moved(x, *[self.window // 2 * bool(self.shift)] * 2),
)
variant(
    "half_a_window_for_roll_and_mask",
    "Half a window is Swin's choice, and you roll and mask by it. What does your block make of the number in `shift`?",
    there=lambda self, x: moved(x, -half(self), -half(self)),
    back=lambda self, x: moved(x, half(self), half(self)),
    mask=lambda self, height, width: mask_of_half(self, height, width),
)
variant(
    "residual_from_the_rolled_grid",
    "The first residual is x as it came in. Yours was rolled.",
    call=lambda self, x, training=None: rolled_residual(self, x),
)
variant(
    "without_the_mask",
    "Change a token in the first row of the picture: with a shift, your last row notices. Where is the mask?",
    weigh=lambda self, scores, mask: ops.softmax(scores),
)
variant(
    "inverted_mask",
    "In this course 1 means 'may attend'. Which scores did you push down?",
    close=lambda self, scores, mask: ops.where(mask, -1e9, scores),
)
variant(
    "zero_for_forbidden",
    "A score of 0 is an ordinary score: many allowed ones are lower. What is exp(0)?",
    close=lambda self, scores, mask: scores * ops.cast(mask, "float32"),
)
variant(
    "adds_the_mask",
    "A difference of 1 between scores is a nudge, not a wall. How low must a forbidden score be?",
    close=lambda self, scores, mask: scores + ops.cast(mask, "float32"),
)
variant(
    "mask_after_the_softmax",
    "Do your weights still sum to 1 under the mask?",
    weigh=lambda self, scores, mask: ops.softmax(scores) * (ops.cast(mask, "float32") if self.shift else 1.0),
)
variant(
    "masks_take_turns",
    "All windows of image 0 come first, then those of image 1. Which window's mask does your second window get?",
    stretch=lambda self, mask, count: ops.repeat(mask, count // mask.shape[0], axis=0)[:, None],
)
variant(
    "last_mask_for_all",
    "Each window has a mask of its own. Yours all get the last one.",
    stretch=lambda self, mask, count: mask[-1][None, None],
)
variant(
    "mask_of_the_turned_grid",
    "Height before width: try a grid that is wider than tall.",
    mask=lambda self, height, width: Block.mask(self, width, height),
)
variant(
    "the_whole_grid",
    "Every token of yours looks at the whole picture. Where are the windows?",
    inside=lambda self, windows, height, width: everywhere(self, windows, height, width),
)
variant(
    "tokens_down_first",
    "The windows come back right. But in which order do their tokens stand while rel_bias is added?",
    part=lambda self, x: cut(x, self.window, "brcxyk"),
    whole=lambda self, windows, height, width: join(windows, self.window, height, width, "brcxyk"),
)
variant(
    "windows_by_reshape_alone",
    "There and back, two reshapes give x again. But your windows are pieces of rows.",
    part=lambda self, x: ops.reshape(x, (-1, self.window**2, x.shape[-1])),
    whole=lambda self, windows, height, width: ops.reshape(windows, (-1, height, width, windows.shape[-1])),
)
variant(
    "windows_down_first",
    "Your windows are counted down first, and the masks to the right first: each gets another's.",
    part=lambda self, x: cut(x, self.window, "bcryxk"),
    whole=lambda self, windows, height, width: join(windows, self.window, height, width, "bcryxk"),
)
variant(
    "comes_back_by_reshape_alone",
    "The windows are right on the way in. On the way back, every token has to find its place in the grid.",
    whole=lambda self, windows, height, width: ops.reshape(windows, (-1, height, width, windows.shape[-1])),
)
variant(
    "no_residual_around_attention",
    "If attention returned 0 for every token, what should the block pass on to the MLP?",
    call=lambda self, x, training=None: (h := self.attend(self.norm1(x))) + self.mlp(self.norm2(h)),
)
variant(
    "no_residual_around_the_mlp",
    "If the MLP returned 0 for every token, what should the block pass on?",
    call=lambda self, x, training=None: self.mlp(self.norm2(x + self.attend(self.norm1(x)))),
)
variant(
    "residual_from_the_normed",
    "What runs along the first residual line: x, or the normed x?",
    call=lambda self, x, training=None: (h := (n := self.norm1(x)) + self.attend(n)) + self.mlp(self.norm2(h)),
)
variant(
    "second_residual_from_the_normed",
    "The second residual starts from z. Yours starts behind the norm.",
    call=lambda self, x, training=None: (n := self.norm2(x + self.attend(self.norm1(x)))) + self.mlp(n),
)
variant(
    "second_residual_from_x",
    "The second plus adds z, which already holds what attention found. Yours goes back to x.",
    call=lambda self, x, training=None: x + self.mlp(self.norm2(x + self.attend(self.norm1(x)))),
)
variant(
    "side_by_side",
    "The MLP should see what attention has found. Yours sees x.",
    call=lambda self, x, training=None: x + self.attend(self.norm1(x)) + self.mlp(self.norm2(x)),
)
variant(
    "norm_last",
    "This is the lecture's encoder block, with the norm after the plus. Swin's norms stand in front of the boxes.",
    call=lambda self, x, training=None: self.norm2((h := self.norm1(x + self.attend(x))) + self.mlp(h)),
)
variant(
    "first_norm_after_the_plus",
    "norm1 stands in front of attention, and the plus adds x as it came in. Where does your first norm stand?",
    call=lambda self, x, training=None: (h := self.norm1(x + self.attend(x))) + self.mlp(self.norm2(h)),
)
variant(
    "norms_of_the_branches",
    "Is what goes into attention normed, or what comes out of it? (Swin's second version does the latter.)",
    call=lambda self, x, training=None: (h := x + self.norm1(self.attend(x))) + self.norm2(self.mlp(h)),
)
variant(
    "norms_swapped",
    "norm1 belongs to attention and norm2 to the MLP. Fresh ones look alike; trained ones do not.",
    call=lambda self, x, training=None: (h := x + self.attend(self.norm2(x))) + self.mlp(self.norm1(h)),
)
variant(
    "one_norm_used_twice",
    "The text has two norms. Yours uses one of them twice.",
    call=lambda self, x, training=None: (
        (h := x + self.attend(self.norm1(x))) + self.mlp(self.norm1(h)) + 0 * self.norm2(h)
    ),
)
variant(
    "mlp_sees_what_is_not_normed",
    "norm2 stands in front of the MLP. Yours does nothing.",
    call=lambda self, x, training=None: (h := x + self.attend(self.norm1(x))) + self.mlp(h) + 0 * self.norm2(h),
)
variant(
    "attention_sees_what_is_not_normed",
    "norm1 stands in front of attention. Yours does nothing.",
    call=lambda self, x, training=None: (h := x + self.attend(x)) + self.mlp(self.norm2(h)) + 0 * self.norm1(x),
)


def half(layer):
    """Half a window where there is a shift, whatever it is."""
    return layer.window // 2 if layer.shift else 0


def mask_of_half(layer, height, width):
    """The mask for a shift of half a window."""
    return ops.convert_to_tensor(reference.shifted_window_mask(height, width, layer.window, half(layer)))


def rolled_residual(layer, x):
    """h = roll(x) + attention, rolled back: only the residual is at the wrong place."""
    h = layer.there(x) + layer.attend(layer.norm1(x))
    return h + layer.mlp(layer.norm2(h))


def everywhere(layer, windows, height, width):
    """Attention over all tokens of an image, each pair with the bias of its places in their windows."""
    count, size, dim = windows.shape
    number = height * width // size
    grid = ops.reshape(windows, (count // number, number * size, dim))
    q, k, v = (layer.split(part) for part in layer.project(grid))
    scores = layer.dots(q, k) + ops.tile(layer.bias(), (1, number, number))
    return ops.reshape(layer.finish(layer.merge(layer.blend(ops.softmax(scores), v))), (count, size, dim))


@KNOWN.right("A norm looks at one token at a time, so the roll may come before it.")
class rolls_before_the_norm(Block):
    def call(self, x, training=None):
        rolled = self.norm1(self.there(x))
        _, height, width, _ = x.shape
        found = self.inside(self.part(rolled), height, width)
        h = self.back(self.whole(found, height, width)) + x
        return self.mlp(self.norm2(h)) + h


@KNOWN.right("Joined and rolled back before wo: a matrix for each token may come at any place.")
class projects_at_the_end(Block):
    def finish(self, merged):
        return merged

    def attend(self, x):
        return self.wo(super().attend(x))


@KNOWN.right("One window after the other is slow and right.")
class window_by_window(Block):
    def inside(self, windows, height, width):
        mask, found = self.mask(height, width), []
        for n in range(windows.shape[0]):
            q, k, v = (self.split(part) for part in self.project(windows[n : n + 1]))
            weights = self.weigh(self.score(q, k), mask[n % mask.shape[0]][None, None])
            found.append(self.finish(self.merge(self.blend(weights, v))))
        return ops.concatenate(found, axis=0)
