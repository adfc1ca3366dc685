"""Name a mistake: which wrong variant gives the student's answers? Pure functions over answers.

An answer is a dict: {"value": plain value} or {"error": words, "weight_error": bool}.
"""

from vitlab.compare import compare

ENOUGH = 2  # one agreement may be luck


def diagnose(expected, answers, variants, rules):
    """The id of the one variant that reproduces the student's answers, or None: a wrong hint is worse than none.

    Args:
        expected: the reference's answers, one for each question.
        answers: the student's; None where a question was not answered.
        variants: id to that variant's answers, one for each question.
        rules: one dict(tolerance, floor, chance) for each question. With chance, wrong answers differ from call to
            call, and it only counts that both are wrong.

    Returns:
        The id of the variant, if exactly one agrees on all questions that it and the student answered, on at least two
        of them with an answer that differs from the expected one. A tie is silence.
    """
    found = [name for name, own in variants.items() if evidence(expected, answers, own, rules) >= ENOUGH]
    return found[0] if len(found) == 1 else None


def evidence(expected, answers, variant, rules):
    """On how many questions student and variant give the same wrong answer; -1 as soon as they disagree."""
    count = 0
    for right, answer, wrong, rule in zip(expected, answers, variant, rules, strict=True):
        if answer is None:
            continue
        by_chance = rule.get("chance") and not agree(right, wrong, rule)
        same = not agree(right, answer, rule) if by_chance else agree(wrong, answer, rule)
        if same is False:
            return -1
        count += bool(same) and not agree(right, wrong, rule)
    return count


def agree(one, other, rule):
    """True or False; None where both fail in ways that say nothing."""
    if "error" in one and "error" in other:
        known = one["weight_error"] and other["weight_error"]
        return one["error"] == other["error"] if known else None
    if "error" in one or "error" in other:
        return False
    return not compare(one["value"], other["value"], rule["tolerance"], rule["floor"])
