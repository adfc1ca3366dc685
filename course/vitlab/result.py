"""What a check found, for people: plain text anywhere, HTML in a notebook."""

from dataclasses import dataclass, field
from html import escape

GREEN, RED, AMBER = "#1a7f37", "#c5221f", "#9a6700"


@dataclass(frozen=True)
class CaseResult:
    """One case in words: whether it passed and, if not, the first difference."""

    name: str
    passed: bool
    message: str = ""


@dataclass(frozen=True)
class CheckResult:
    """The result of check(obj): passed, its cases, and the id and hint of the one misconception that fits, if any."""

    passed: bool
    cases: tuple[CaseResult, ...] = ()
    misconception: str | None = None
    hint: str = ""
    title: str = field(default="", compare=False)
    _shown_in: list = field(default_factory=list, repr=False, compare=False)

    def __str__(self):
        lines = [self.title]
        lines += [f"  {'ok   ' if case.passed else 'wrong'}  {case.name}" for case in self.cases]
        failed = [case for case in self.cases if not case.passed]
        if failed:
            lines.append(f"First difference, in '{failed[0].name}': {failed[0].message}")
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
        return render(self.title, self.cases, self.hint, AMBER if not self.cases else GREEN if self.passed else RED)


def render(title, cases, hint, colour):
    """A card in HTML that reads well on light and dark pages; all words are escaped."""
    rows = "".join(row(case) for case in cases)
    tail = f'<div style="margin-top:.5em"><b>Hint.</b> {escape(hint)}</div>' if hint else ""
    return (
        f'<div style="border-left:4px solid {colour};padding:.4em .9em;margin:.4em 0;max-width:52em;line-height:1.45">'
        f"<b>{escape(title)}</b>{rows}{tail}</div>"
    )


def row(case):
    """One line for a case; a failed one says what differed."""
    mark, colour = ("✓", GREEN) if case.passed else ("✗", RED)
    message = f'<div style="margin-left:1.5em"><code>{escape(case.message)}</code></div>' if case.message else ""
    return f'<div><b style="color:{colour}">{mark}</b> {escape(case.name)}{message}</div>'
