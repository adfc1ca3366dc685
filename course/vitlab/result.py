"""What a check found, for people: plain text anywhere, HTML in a notebook."""

from dataclasses import dataclass, field
from html import escape

from vitlab.compare import RIGHT_ALONE

GREEN, RED, AMBER = "#1a7f37", "#c5221f", "#9a6700"


@dataclass(frozen=True)
class CaseResult:
    """One case in words: whether it passed and, if not, the first difference."""

    name: str
    passed: bool
    message: str = ""
    judged: bool = True
    """False for an answer that only the grader judges; passed then says that its form is right."""

    @property
    def right_alone(self):
        """Whether it is right, but counts only with another case, which is wrong."""
        return self.message.startswith(RIGHT_ALONE)


@dataclass(frozen=True)
class CheckResult:
    """The result of check(obj): passed, its cases, and the id and hint of the one misconception that fits, if any."""

    passed: bool
    cases: tuple[CaseResult, ...] = ()
    misconception: str | None = None
    hint: str = ""
    title: str = field(default="", compare=False)
    note: str = field(default="", compare=False)
    """Says that an exercise which this one calls fails its own check."""
    _shown_in: list = field(default_factory=list, repr=False, compare=False)

    def __str__(self):
        lines = [self.title]
        lines += [f"  {word_for(case)}  {case.name}" for case in self.cases]
        failed = [case for case in self.cases if not case.passed and not case.right_alone]
        if failed:
            lines.append(f"First difference, in '{failed[0].name}': {failed[0].message}")
        if self.note:
            lines.append(self.note)
        if self.hint:
            lines.append(f"Hint: {self.hint}")
        return "\n".join(lines)

    def _ipython_display_(self):
        """Shown by check() itself; the notebook's own display of the last line of the cell is then skipped."""
        from IPython import get_ipython
        from IPython.display import display

        count = getattr(get_ipython(), "execution_count", None)
        if count is not None and count in self._shown_in:
            return
        self._shown_in.append(count)
        display({"text/html": self._repr_html_(), "text/plain": str(self)}, raw=True)

    def _repr_html_(self):
        return render(
            self.title, self.cases, self.note, self.hint, AMBER if not self.cases else GREEN if self.passed else RED
        )


def word_for(case):
    """How a case went, in one word of five letters."""
    if case.judged:
        return "ok   " if case.passed else "(ok) " if case.right_alone else "wrong"
    return "here " if case.passed else "lacks"


def render(title, cases, note, hint, colour):
    """A card in HTML that reads well on light and dark pages; all words are escaped."""
    rows, last = [], None
    for case in cases:
        message = "the same" if case.message and case.message == last else case.message
        rows.append(row(case, message))
        last = case.message or last
    tail = f'<div style="margin-top:.5em">{escape(note)}</div>' if note else ""
    tail += f'<div style="margin-top:.5em"><b>Hint.</b> {escape(hint)}</div>' if hint else ""
    return (
        f'<div style="border-left:4px solid {colour};padding:.4em .9em;margin:.4em 0;max-width:52em;line-height:1.45">'
        f"<b>{escape(title)}</b>{''.join(rows)}{tail}</div>"
    )


def row(case, message):
    """One line for a case; a failed one says what differed."""
    mark, colour = ("✓", GREEN) if case.judged else ("•", "inherit")
    if not case.passed:
        mark, colour = ("(✓)", AMBER) if case.right_alone else ("✗", RED)
    words = f'<div style="margin-left:1.5em"><code>{escape(message)}</code></div>' if message else ""
    return f'<div><b style="color:{colour}">{mark}</b> {escape(case.name)}{words}</div>'
