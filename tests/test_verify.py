"""The known mistakes test the grader: each is caught, nearly all are named, none wrongly; right ones pass."""

import pytest

from autograder.crew.means import Means
from autograder.matrix import named_share
from autograder.run import isolation
from autograder.verify import verify


@pytest.fixture(scope="module")
def rows():
    """The matrix of lesson 01."""
    if isolation.strongest() is None:
        pytest.skip(f"no isolation here: {isolation.missing()}")
    return verify("01_attention", Means())


def test_every_wrong_variant_is_caught(rows):
    assert [row.id for row in rows if row.kind == "variant" and row.outcome == "passed"] == []


def test_at_least_nine_in_ten_variants_are_named(rows):
    assert named_share(rows) >= 0.9


def test_no_answer_is_named_wrongly(rows):
    assert [(row.id, row.named) for row in rows if row.named and not row.fine] == []


def test_references_and_accepted_variants_get_full_marks(rows):
    assert {row.share for row in rows if row.kind == "accepted"} == {1.0}


def test_every_exercise_has_mistakes_of_its_own(rows):
    named = {row.exercise for row in rows if row.kind == "variant"}
    assert named == {
        "attention_scores",
        "softmax_rows",
        "masked_scores",
        "scaled_dot_product_attention",
        "SelfAttention",
    }
