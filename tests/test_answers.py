"""Answers by people who had not seen the library: no right one loses a mark, no mistake passes or gets a wrong hint."""

import json
import re

import pytest
from lessons import LESSONS, loaded

from autograder.grade.exercise import Notebook, grade_exercise
from autograder.grade.rules import Rules
from autograder.grade.submission import grade_submission
from autograder.lessons import CHECKOUT
from autograder.read.code import read_code
from autograder.read.notebook import Cell, Submission
from autograder.read.slice import analyse

PATIENCE = 180.0
"""Seconds for an exercise of a right answer: how fast the machine is, is not what is asked here."""
RIGHT, WRONG = (sorted(CHECKOUT.glob(f"solutions/*/answers/{kind}/*.py")) for kind in ("right", "wrong"))
# which hint fits, for the mistakes that the library knows; all others must get none
ATTENTION = {
    "02_scores_divides_by_scale": "attention_scores.divides_by_scale",
    "03_softmax_global_max": "softmax_rows.one_maximum_for_all",
    "04_softmax_max_axis_hardcoded": "softmax_rows.maximum_along_last_axis",
    "05_softmax_naive_logsumexp": None,
    "06_mask_zero_score_forbidden": "masked_scores.zeros_are_forbidden",
    "08_mask_multiplies_big_negative": "masked_scores.multiplies_by_wall",
    "09_sdpa_slide_index_transposed": "scaled_dot_product_attention.weights_transposed",
    "10_sdpa_scales_twice": "scaled_dot_product_attention.divided_by_width",
    "15_scale_from_number_of_keys": "attention_scores.root_of_key_count",
    "16_scale_or_default": "attention_scores.zero_counts_as_none",
    "18_divides_by_scale": "attention_scores.divides_by_scale",
    "21_global_max": "softmax_rows.one_maximum_for_all",
    "22_no_keepdims": "softmax_rows.nothing_keeps_its_axis",
    "28_scores_times_mask": "masked_scores.multiplies_mask",
    "29_minus_1e4": "masked_scores.wall_at_minus_ten_to_4",
    "30_inf_times_zero": "masked_scores.infinity_times_zero",
    "34_score_times_large_negative": "masked_scores.multiplies_by_wall",
    "37_mask_after_softmax": "scaled_dot_product_attention.multiplies_weights_by_mask",
    "39_softmax_over_queries": "scaled_dot_product_attention.softmax_over_queries",
    "42_scaling_outside_exp": "scaled_dot_product_attention.no_scale",
    "43_scaled_twice": "scaled_dot_product_attention.divided_by_width",
    "44_returns_scores_not_weights": "scaled_dot_product_attention.returns_scores",
    "46_scale_from_input_width": "SelfAttention.root_of_token_width",
    "47_bias_always_on": "SelfAttention.always_a_bias",
    "51_residual_added": "SelfAttention.adds_residual",
    "56_return_weights_ignored": "SelfAttention.always_a_tuple",
}
MULTIHEAD = {
    "01_split_plain_reshape": "split_heads.reshape_alone",
    "02_split_interleaved": "split_heads.every_hth_feature",
    "03_merge_plain_reshape": "merge_heads.plain_reshape",
    "04_mha_scale_full_width": "MultiHeadAttention.scale_of_the_whole_width",
    "05_mha_dropout_on_blends": "MultiHeadAttention.drops_the_blends",
    "06_mha_mask_after_softmax": "MultiHeadAttention.mask_after_softmax",
    "07_mha_values_from_query": "MultiHeadAttention.values_from_the_queries",
    "08_mha_weights_after_dropout": "MultiHeadAttention.returns_what_dropout_left",
    "09_gap_measures_invariance": "permutation_gap.invariance",
    "10_gap_perm_twice": "permutation_gap.shuffles_back",
    "11_cost_heads_at_full_width": "attention_cost.heads_cost_more",
}
TOKENS = {
    "01_height_for_both_loops": "patchify.as_many_columns_as_rows",
    "02_one_plane_per_colour": "patchify.channels_first",
    "03_patches_per_row_from_height": "unpatchify.as_many_columns_as_rows",
    "05_pixels_from_minus_one_to_one": "PatchEmbedding.from_minus_one_to_one",
    "06_norm_after_the_matrix": "PatchEmbedding.layer_norm",
    "07_outputs_first": "dense_to_conv_kernel.rows_taken_for_outputs",
    "08_x_before_y": "dense_to_conv_kernel.rows_and_columns_swapped",
    "09_tile_for_repeat": "sinusoidal_position_encoding.angles_tiled",
    "10_whole_division": "sinusoidal_position_encoding.whole_division",
    "11_power_of_each_entry": "position_shift_matrix.power_of_each_entry",
    "12_tokens_times_root_of_dim": "LearnedPositionEmbedding.scales_the_tokens",
}
VIT = {
    "01_epsilon_outside_root": "LayerNorm.epsilon_outside_the_root",
    "03_activation_on_both": "FeedForward.activation_on_both",
    "04_dropout_always_on": "FeedForward.always_drops",
    "05_residual_from_normed": "EncoderBlock.residual_from_the_normed_tokens",
    "06_value_not_normed": "EncoderBlock.queries_alone_are_normed",
    "07_norm_before_plus": "EncoderBlock.normalises_the_branch",
    "09_epsilon_default_of_keras": "EncoderBlock.epsilon_of_keras",
    "10_mean_with_cls": "VisionTransformer.mean_with_cls",
    "11_one_block_depth_times": "VisionTransformer.one_block_again_and_again",
    "12_cls_without_position": "VisionTransformer.positions_before_cls",
    "13_one_head_only": "vit_param_count.one_head_for_two_tokens",
    "14_cosine_rises_again": "warmup_cosine.no_end",
}
CAPTIONING = {
    "01_triangle_above": "causal_mask.looks_ahead",
    "02_not_itself": "causal_mask.not_itself",
    "03_hides_who_asks": "padding_mask.who_asks",
    "04_norm_first": "DecoderBlock.pre_norm",
    "05_residual_from_x": "DecoderBlock.second_residual_from_x",
    "07_weights_of_inputs": "shift_captions.weights_of_the_inputs",
    "08_end_does_not_count": "shift_captions.end_not_counted",
    "09_mean_of_means": "masked_token_loss.mean_of_the_captions_means",
    "11_one_block_many_times": "CaptioningTransformer.one_block_again_and_again",
    "12_mask_on_the_first_block_only": "CaptioningTransformer.only_the_first_block_is_causal",
    "13_all_stop_with_the_first": "greedy_decode.stops_when_one_ends",
    "14_reads_the_last_column": "greedy_decode.last_column_of_a_padded_row",
}
CALIBRATION = {
    "01_shared_among_the_others": "smooth_labels.shared_by_the_others",
    "03_mean_over_both_axes": "smoothed_cross_entropy.mean_over_the_classes_too",
    "04_log_of_softmax": "smoothed_cross_entropy.a_little_added",
    "06_true_class_without_its_share": "optimal_smoothed_logit_gap.true_class_left_out",
    "07_odds_against_all_others": "optimal_smoothed_logit_gap.against_all_others_together",
    "08_confidence_of_the_label": "expected_calibration_error.confidence_in_the_true_class",
    "09_gaps_cancel": "expected_calibration_error.absolute_value_at_the_end",
    "10_lower_end_in_the_bin": "expected_calibration_error.left_end_belongs_to_the_bin",
    "11_empty_bins_are_zero": "reliability_curve.empty_bins_at_0",
    "13_multiplied_by_temperature": "fit_temperature.multiplied",
    "14_fitted_to_smoothed_labels": "fit_temperature.smoothed_labels",
}
DISTILLATION = {
    "01_softmax_then_divide": "soft_targets.probabilities_divided",
    "02_sum_over_axis_1": "soft_targets.over_the_second_axis_or_the_only_one",
    "03_hard_term_softened": "distillation_loss.t_in_the_hard_term",
    "04_alpha_swapped": "distillation_loss.alpha_swapped",
    "05_mean_over_classes": "distillation_loss.mean_over_classes",
    "06_kl_the_wrong_way_round": "distillation_loss.the_other_way_round",
    "07_teacher_told_training": "Distiller.teacher_follows_the_flag",
    "08_student_never_in_training": "Distiller.student_never_in_training",
    "09_defaults_in_place_of_arguments": "Distiller.default_temperature_and_alpha",
    "10_token_at_the_end": "DistilledViT.dist_behind_the_patches",
    "11_both_heads_read_cls": "DistilledViT.both_heads_read_cls",
    "12_mean_of_probabilities": "DistilledViT.mean_of_probabilities",
    "13_heads_swapped": "hard_distillation_loss.heads_swapped",
}
INDUCTIVE_BIAS = {
    "01_shift_height_width_mixed": "shift_image.sides_mixed_up",
    "02_equivariance_mean_over_images": "equivariance_error.mean_of_the_largest",
    "03_equivariance_stride_on_input": "equivariance_error.counted_in_the_output",
    "04_circular_corners_zero": "CircularConv2D.corners_are_zero",
    "05_circular_one_pixel_for_every_k": "CircularConv2D.margin_of_one_then_zeros",
    "06_invariance_shifts_add_up": "invariance_rate.moved_on_and_on",
    "07_blur_ends_swapped": "BlurPool2D.repeated_edge",
    "08_blur_off_centre": "BlurPool2D.middle_too_early",
    "09_dense_reshaped_not_transposed": "dense_as_1x1_conv.kernel_turned",
    "10_hybrid_relu_before": "HybridEmbedding.relu_before",
    "11_scaling_offset_modulo": "data_scaling_curve.last_rows_left_out",
}
WINDOWS = {
    "01_local_runs_on": "local_attention_mask.square_runs_on_in_the_next_row",
    "02_axial_axes_exchanged": "axial_attention.axes_swapped",
    "03_axial_length_copied": "axial_attention.columns_cut_as_long_as_rows",
    "04_partition_images_mixed": "window_partition.window_by_window",
    "05_reverse_high_for_wide": "window_reverse.rows_and_columns_of_windows_swapped",
    "06_pairs_borders_forgotten": "attention_pairs.squares_moved_inwards",
    "07_mask_pieces_confused": "shifted_window_mask.regions_that_collide",
    "08_mask_half_a_window": "shifted_window_mask.seam_at_half_a_window_if_there_is_one",
    "09_index_meshgrid": "relative_position_index.columns_first",
    "10_swin_bias_scaled": "SwinBlock.bias_is_scaled_too",
    "11_swin_epsilon_norm2": "SwinBlock.epsilon_for_the_first_norm_alone",
    "12_merging_interleaved": "patch_merging.features_take_turns",
}
MIXERS = {
    "01_mixer_reshape": "MixerBlock.turned_by_reshape",
    "02_mixer_norm2_of_x": "MixerBlock.side_by_side",
    "03_mixer_tanh_gelu": "MixerBlock.approximate_gelu",
    "04_layerscale_residual": "LayerScale.adds_the_residual",
    "05_layerscale_ones": "LayerScale.init_value_outside_of_gamma",
    "06_cab_cls_not_asked": "ClassAttentionBlock.cls_is_not_asked",
    "07_cab_residual_from_norm": "ClassAttentionBlock.residual_from_the_normed_cls",
    "08_cab_norm2_epsilon": "ClassAttentionBlock.epsilon_for_the_first_norm_only",
    "09_sws_floor_under_var": "scaled_weight_standardization.floor_under_the_variance",
    "10_sws_fan_out": "scaled_weight_standardization.fan_out",
    "11_regnet_nearest_linear": "regnet_widths.nearest_in_channels",
    "12_recipe_rounded": "recipe_gain.rounded",
}
INSIDE = {
    "01_rows_for_columns": "mean_attention_distance.numbered_down_first",
    "02_one_division_for_all": "mean_attention_distance.one_division_for_all",
    "03_first_layer_on_the_left": "attention_rollout.first_layer_on_the_left",
    "04_first_layer_without_residual": "attention_rollout.first_layer_without_residual",
    "05_one_mean_for_all_columns": "linear_cka.one_mean_for_all",
    "06_spectral_norm": "linear_cka.spectral_norm",
    "07_loops_swapped": "cka_matrix.rows_and_columns_exchanged",
    "08_size_for_real_part": "cue_conflict.size_in_place_of_the_real_part",
    "09_axes_only_forward": "cue_conflict.back_along_other_axes",
    "10_conflict_asked_once": "shape_bias.equal_labels_for_the_shape",
    "11_exponents_end_at_one": "fit_power_law.no_exponent_above_1",
    "12_floor_is_the_smallest_error": "fit_power_law.smallest_error_for_the_floor",
}
FITTING = {
    "attention": ATTENTION,
    "multihead": MULTIHEAD,
    "tokens": TOKENS,
    "vit": VIT,
    "captioning": CAPTIONING,
    "calibration": CALIBRATION,
    "distillation": DISTILLATION,
    "inductive_bias": INDUCTIVE_BIAS,
    "windows": WINDOWS,
    "mixers": MIXERS,
    "inside": INSIDE,
}
EACH_RIGHT, EACH_WRONG = (
    pytest.mark.parametrize("path", paths, ids=lambda path: f"{path.parents[2].name}-{path.stem}")
    for paths in (RIGHT, WRONG)
)


def assignment_of(path):
    """The lesson that an answer file belongs to."""
    return next(name for name in LESSONS if name.partition("_")[2] == path.parents[2].name)


def notebook_of(path):
    """The reference's notebook, with the cells of an answer file after it."""
    reference = (path.parents[2] / "reference.py").read_text(encoding="utf-8")
    parts = re.split(r"^# %%.*$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    cells = [Cell("reference", None, "code", reference)]
    return Submission(
        "s", assignment_of(path), (*cells, *(Cell(f"cell {i}", None, "code", part) for i, part in enumerate(parts)))
    )


@pytest.mark.parametrize("folder", sorted(FITTING))
def test_each_lesson_has_ten_right_answers_and_ten_mistakes(folder):
    assert sum(path.parents[2].name == folder for path in RIGHT) >= 10
    assert sum(path.parents[2].name == folder for path in WRONG) >= 10


@EACH_RIGHT
def test_a_right_answer_loses_no_mark(path, worker):
    lesson = loaded(assignment_of(path))
    verdict = grade_submission(notebook_of(path), lesson, worker, Rules(f"secret of {path.stem}", seconds=PATIENCE))
    lost = {name: found.cases for name, found in verdict.exercises.items() if found.outcome != "passed"}
    assert lost == {}
    assert verdict.points == sum(lesson.points[name] for name in lesson.exercises)


@EACH_WRONG
def test_a_mistake_does_not_pass_and_gets_no_wrong_hint(path, worker):
    lesson = loaded(assignment_of(path))
    exercise = re.match(r"# exercise: (\w+)", path.read_text(encoding="utf-8"))[1]
    submission = notebook_of(path)
    code = read_code(submission.cells, frozenset())
    notebook = Notebook(submission, code, analyse(code))
    verdict, _ = grade_exercise(exercise, notebook, lesson, worker, Rules(f"secret of {path.stem}", seconds=60.0), {})
    assert verdict.outcome in ("partial", "failed")
    assert verdict.points < lesson.points[exercise]
    assert verdict.misconception == FITTING.get(path.parents[2].name, {}).get(path.stem)


def test_answers_are_no_part_of_what_students_get():
    released = [json.loads(path.read_text(encoding="utf-8")) for path in CHECKOUT.glob("course/*/*.ipynb")]
    sources = "\n".join("".join(cell["source"]) for notebook in released for cell in notebook["cells"])
    assert not any(path.read_text(encoding="utf-8") in sources for path in RIGHT)
