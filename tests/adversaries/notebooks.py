"""Hostile notebooks: valid files whose cells, marks or code are odd. Enters them into files.HOSTILE."""

from files import FIRST, MB, NOTHING, UNHARMED, edits

from autograder.read.notebook import grade_id_of

ONE = "attention_scores"
OTHER = "softmax_rows"


def graded(notebook):
    """The cells with a mark, by grade id."""
    return {grade_id_of(cell): cell for cell in notebook["cells"] if grade_id_of(cell)}


def scratch(source, **fields):
    """A code cell of the student's own."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source, **fields}


# marks


@edits("one-grade-id-for-all", UNHARMED)
def _(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {"nbgrader": {**graded(notebook)[ONE]["metadata"]["nbgrader"]}}


@edits("swapped-ids", UNHARMED)
def _(notebook):
    marked = graded(notebook)
    marked[ONE]["metadata"], marked[OTHER]["metadata"] = marked[OTHER]["metadata"], marked[ONE]["metadata"]


@edits("own-points", UNHARMED)
def _(notebook):
    for cell in graded(notebook).values():
        cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "schema_version": 99, "cell_type": "raw"}


@edits("own-check-cells", UNHARMED)
def _(notebook):
    for cell in graded(notebook).values():
        if cell["metadata"]["nbgrader"].get("locked"):
            cell["source"] = "raise SystemExit"


@edits("extra-graded-cells", UNHARMED)
def _(notebook):
    for i in range(5):
        mark = {"grade": True, "grade_id": f"bonus_{i}", "locked": True, "points": 1000, "solution": False}
        metadata = {"nbgrader": {**mark, "schema_version": 3, "task": False, "cell_type": "code"}}
        notebook["cells"].append(scratch("1000", metadata=metadata))


@edits("no-checks", UNHARMED)
def _(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if not str(grade_id_of(cell)).startswith("check_")]


@edits("no-marks", UNHARMED)
def _(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}


@edits("backwards", UNHARMED)
def _(notebook):
    notebook["cells"].reverse()


@edits("all-cells-a-hundred-times", UNHARMED)
def _(notebook):
    notebook["cells"] *= 100


ODD_VALUES = {"number": 3, "list": [1], "object": {"a": 1}, "null": None, "true": True, "text": "x", "half": "\ud800"}
for kind, odd in ODD_VALUES.items():

    @edits(f"cells-{kind}", NOTHING)
    def _(notebook, odd=odd):
        notebook["cells"] = odd

    @edits(f"odd-cells-{kind}", UNHARMED)
    def _(notebook, odd=odd):
        fields = ["source", "metadata", "outputs", "cell_type", "id", "execution_count", "attachments"]
        notebook["cells"] += [odd, *({**scratch("1"), field: odd} for field in fields)]
        notebook["cells"] += [scratch("1", metadata={"nbgrader": odd}), scratch("1", outputs=[odd])]
        notebook["cells"] += [scratch("1", metadata={"nbgrader": {"grade_id": odd}}), scratch([odd, "\n1"])]
        for output in ("stream", "error", "display_data", "execute_result", odd):
            for key in ("text", "name", "traceback", "ename", "evalue", "data", "metadata"):
                notebook["cells"].append(scratch("1", outputs=[{"output_type": output, key: odd}]))
        for mime in ("text/plain", "image/png", "text/html"):
            notebook["cells"].append(scratch("1", outputs=[{"output_type": "display_data", "data": {mime: odd}}]))

    @edits(f"odd-fields-of-solutions-{kind}", UNHARMED)
    def _(notebook, odd=odd):
        for cell in graded(notebook).values():
            cell |= {"outputs": odd, "attachments": odd, "id": odd, "execution_count": odd}

    @edits(f"odd-notebook-{kind}", UNHARMED)
    def _(notebook, odd=odd):
        notebook |= {"metadata": odd, "nbformat": odd, "nbformat_minor": odd, "worksheets": odd}

    @edits(f"odd-notebook-metadata-{kind}", UNHARMED)
    def _(notebook, odd=odd):
        names = ("kernelspec", "language_info", "title", "authors", "widgets", "vitlab", "celltoolbar")
        notebook["metadata"] = dict.fromkeys(names, odd)


for version in (0, 2, 3, 5, "four", -1, 10**30):

    @edits(f"nbformat-{version}", UNHARMED)
    def _(notebook, version=version):
        notebook["nbformat"] = version


for language in ("bash", "R", "nowhere<script>"):

    @edits(f"kernel-{language[:7]}", UNHARMED)
    def _(notebook, language=language):
        notebook["metadata"]["kernelspec"] = {"name": language, "language": language, "display_name": language}
        notebook["metadata"]["language_info"] = {"name": language, "pygments_lexer": language}


# code

for number, magic in enumerate(["%%bash", "%%script bash", "%%html", "%%javascript", "%%writefile x", "%%perl"]):

    @edits(f"cell-magic-{number}", FIRST)
    def _(notebook, magic=magic):
        cell = graded(notebook)[ONE]
        cell["source"] = magic + "\n" + cell["source"]


for number, magic in enumerate(["!rm -rf /", "%run x.py", "%cd /", "!!ls", "%%time\n%%capture", "?print", "a = !ls"]):

    @edits(f"line-magic-{number}", UNHARMED)
    def _(notebook, magic=magic):
        cell = graded(notebook)[ONE]
        cell["source"] = magic + "\n" + cell["source"]


CODE = {
    "200000-lines": "x = 1\n" * 200_000,
    "5-mb-in-one-line": "x = '" + "a" * 5 * MB + "'",
    "1-mb-in-one-line": "x = 1;" * (MB // 6),
    "crowded-line": "; ".join(f"x{i} = f(x{i - 1})" for i in range(20_000)),
    "parentheses": "x = " + "(" * 10_000 + "1" + ")" * 10_000,
    "brackets": "x = " + "[" * 150 + "1" + "]" * 150,
    "minus-signs": "x = " + "-" * 50_000 + "1",
    "attribute-chain": "x = a" + ".b" * 5000,
    "call-chain": "x = a" + "()" * 5000,
    "sum-of-many": "x = " + " + ".join(["1"] * 20_000),
    "nested-blocks": "".join(" " * i + "if True:\n" for i in range(98)) + " " * 98 + "x = 1",
    "nested-lambdas": "x = " + "lambda: " * 3000 + "1",
    "nested-f-strings": "x = f'" + "{1:" * 50 + "}" * 50 + "'",
    "elifs": "if a: pass\n" + "elif a: pass\n" * 5000,
    "form-feeds": "\f\n".join(f"x{i} = 1" for i in range(1000)),
    "carriage-returns": "\r".join(f"x{i} = 1" for i in range(1000)),
    "line-separators": "\u2028\x85\x1c".join(f"# x{i} = 1" for i in range(1000)),
    "a-surrogate": "x = '\ud800'",
    "a-nul": "x = '\0'",
    "a-chain-of-names": "\n".join(f"x{i} = x{i + 1}" for i in range(20_000)),
    "a-circle-of-helpers": "\n".join(f"def f{i}(): return f{(i + 1) % 3000}()" for i in range(3000)),
    "600-shell-lines": "!ls\n" * 600,
    "shell-lines-below-much-code": "x = 1\n" * 30_000 + "!ls\n" * 400,
    "open-strings": "!echo \"it's\n" * 400,
    "a-million-magics": "%time x\n" * 200_000,
    "huge-integer": "x = " + "9" * 10_000,
    "huge-power": "x = 9 ** 9 ** 9",
    "escaped-newlines": "x = 1 + \\\n" * 20_000 + "1",
    "cell-magic-tower": "%%time\n" * 20_000 + "x = 1",
    "nested-time": "%time " * 3000 + "x = 1",
    "wild": "from os import *\n" * 2000 + "exec('x = 1')\n" * 2000,
}
for code_name, code in CODE.items():

    @edits(f"code-{code_name}", UNHARMED)
    def _(notebook, code=code):
        notebook["cells"].append(scratch(code))

    if len(code) < 100_000:

        @edits(f"code-first-{code_name}", UNHARMED)
        def _(notebook, code=code):
            notebook["cells"].insert(0, scratch(code))


TEXTS = {
    "open-math": "\\\\[" * 30_000,
    "dollars": "$" * 100_001,
    "begins": "\\begin{a}" * 10_000,
    "brackets": "[" * 50_000,
    "images": "![" * 50_000,
    "stars": "*a_" * 50_000,
    "backticks": "".join("`" * i + " " for i in range(400)),
    "quotes": ">" * 5000 + " x",
    "lists": "".join("  " * i + "- x\n" for i in range(500)),
    "table": "|a" * 5000 + "\n" + "|-" * 5000 + "\n" + "|b" * 5000,
    "tags": "<b>" * 20_000,
    "comments": "<!--" * 20_000,
    "references": "\n".join(f"[{i}]: x" for i in range(20_000)),
    "entities": "&#x41;" * 50_000,
    "attachment": "![photo](attachment:photo.png)",
    "surrogate": "\ud800",
    "nul": "\0\x1b[31m\x07",
    "long": "words " * 500_000,
    "blank-lines": "- x\n" + "\n" * 100_000 + "x",
}
for text_name, text in TEXTS.items():

    @edits(f"text-{text_name}", UNHARMED)
    def _(notebook, text=text):
        notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text})
        notebook["cells"].append({"cell_type": "raw", "metadata": {}, "source": text})
        graded(notebook)["question_1"]["source"] = text


NEEDED = {
    "a-chain-of-names-backwards": ("\n".join(f"x{i} = x{i + 1}" for i in range(2000)), "x0"),
    "a-text-too-long-for-the-wire": ("x = '" + "注" * (MB - 1000) + "'", "x"),
    "a-value-without-end": ("x = 9 ** 9 ** 9", "x"),
    "a-class-of-all-names": ("class Meta(type):\n    def __call__(cls, *a): raise SystemExit\n", "Meta"),
}
for needed_name, (needed, used) in NEEDED.items():

    @edits(f"needs-{needed_name}", UNHARMED if used in ("Meta", "x0") else FIRST)
    def _(notebook, needed=needed, used=used):
        cell = graded(notebook)[ONE]
        cell["source"] = f"{needed}\n{cell['source']}\n    {used}\n"
