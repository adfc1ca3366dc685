"""From cells to the statements that an exercise needs."""

import pytest

from autograder.read.code import read_code
from autograder.read.notebook import Cell
from autograder.read.slice import analyse, slice_for

EXERCISES = frozenset({"f", "g", "Layer"})


def cells_of(sources):
    """Code cells, labelled by their place; a Cell stays as it is."""
    return tuple(
        source if isinstance(source, Cell) else Cell(f"cell {i}", None, "code", source)
        for i, source in enumerate(sources, start=1)
    )


def code_of(*sources):
    return read_code(cells_of(sources), EXERCISES)


def slice_of(target, *sources, replaced=()):
    return slice_for(target, analyse(code_of(*sources)), frozenset(replaced))


def texts(target, *sources, replaced=()):
    """The chosen statements as written."""
    return [statement.source for statement in slice_of(target, *sources, replaced=replaced).statements]


def result(target, *sources, call=()):
    """Run the chosen statements in order and call the target."""
    namespace = {}
    exec("\n".join(texts(target, *sources)), namespace)
    return namespace[target](*call)


# what an exercise needs

WORKING = {
    "a helper before": ["def helper(x): return x + 1", "def f(x): return helper(x)"],
    "a helper after": ["def f(x): return helper(x)", "def helper(x): return x + 1"],
    "a helper of a helper": ["def f(x): return a(x)", "def a(x): return b(x)", "def b(x): return x + one", "one = 1"],
    "a constant": ["one = 1", "def f(x): return x + one"],
    "two in one line": ["a, b = 0, 1", "def f(x): return x + a + b"],
    "a chain": ["a = b = 1", "def f(x): return x + b"],
    "an annotated constant": ["one: int = 1", "def f(x): return x + one"],
    "a partial": ["import functools", "def add(x, y): return x + y", "f = functools.partial(add, 1)"],
    "a lambda": ["f = lambda x: x + one", "one = 1"],
    "another name": ["def mine(x): return x + 1", "f = mine"],
    "a table filled in a loop": ["table = {}", "for i in range(5):\n    table[i] = i + 1", "def f(x): return table[x]"],
    "a list appended to": ["rows = []", "for i in range(5):\n    rows.append(i + 1)", "def f(x): return rows[x]"],
    "a dict updated": ["table = {3: 0}", "table.update({3: 4})", "def f(x): return table[x]"],
    "a table filled by a comprehension for its effect": [
        "table = {}",
        "[table.update({i: i + 1}) for i in range(5)]",
        "def f(x): return table[x]",
    ],
    "a registering decorator": [
        "table = {}",
        "def register(g):\n    table[3] = g\n    return g",
        "@register\ndef _(x): return x + 1",
        "def f(x): return table[3](x)",
    ],
    "a registering decorator with arguments": [
        "table = {}",
        "def register(key):\n    def put(g):\n        table[key] = g\n        return g\n    return put",
        "@register(3)\ndef _(x): return x + 1",
        "def f(x): return table[3](x)",
    ],
    "single dispatch": [
        "import functools",
        "@functools.singledispatch\ndef g(x): return 0",
        "@g.register(int)\ndef _(x): return x + 1",
        "def f(x): return g(x)",
    ],
    "a registry of subclasses": [
        "class Base:\n    known = []\n    def __init_subclass__(cls): Base.known.append(cls)",
        "class Child(Base):\n    def add(self, x): return x + 1",
        "def f(x): return Base.known[0]().add(x)",
    ],
    "a registry kept by a metaclass": [
        "class Registry(type):\n    known = []\n    def __init__(cls, *args):\n        type(cls).known.append(cls)",
        "class Base(metaclass=Registry): pass",
        "class Child(Base):\n    def add(self, x): return x + 1",
        "def f(x): return Registry.known[-1]().add(x)",
    ],
    "code made from text": [
        "one = 1",
        "def define(source):\n    exec(source, globals())",
        "define('def f(x): return helper(x)')",
        "helper = eval('lambda x: x + one')",
    ],
    "a function that fills a table of the notebook": [
        "table = {}",
        "def fill(): table[3] = 4",
        "fill()",
        "def f(x): return table[x]",
    ],
    "a table filled by a function": [
        "table = {}",
        "def fill(t):\n    t[3] = 4",
        "fill(table)",
        "def f(x): return table[x]",
    ],
    "an entry removed": ["table = {3: 0, 9: 1}", "del table[3]", "def f(x): return x + len(table)"],
    "a counter": ["one = 0", "one += 1", "def f(x): return x + one"],
    "a condition": ["import sys", "if sys.maxsize:\n    def f(x): return x + 1\nelse:\n    def f(x): return x"],
    "a failed import": [
        "try:\n    import nosuch\nexcept ImportError:\n    nosuch = None",
        "def f(x): return x + (nosuch is None)",
    ],
    "a context": ["import contextlib", "with contextlib.suppress(KeyError):\n    one = 1", "def f(x): return x + one"],
    "a decorator": ["def plus(g):\n    return lambda x: g(x) + 1", "@plus\ndef f(x):\n    return x"],
    "a default": ["one = 1", "def f(x, y=one): return x + y"],
    "an annotation": ["Number = int", "def f(x: Number) -> Number: return x + 1"],
    "a star import": ["from math import *", "def f(x): return floor(x + 1.5)"],
    "a plain import": ["import math", "def f(x): return math.floor(x + 1.5)"],
    "an import under a name": ["from math import floor as down", "def f(x): return down(x + 1.5)"],
    "an import inside": ["def f(x):\n    import math\n    return math.floor(x + 1.5)"],
    "a walrus": ["if (one := 1):\n    pass", "def f(x): return x + one"],
    "a global statement": ["def set_up():\n    global one\n    one = 1", "set_up()", "def f(x): return x + one"],
    "a global of its own": ["count = 0", "def f(x):\n    global count\n    count += 1\n    return x + count"],
    "a class": ["class Adder:\n    def __call__(self, x): return x + one", "one = 1", "f = Adder()"],
    "a method put on afterwards": [
        "class Adder: pass",
        "def call(self, x): return x + 1",
        "Adder.__call__ = call",
        "f = Adder()",
    ],
    "an attribute of the function": ["def f(x): return x + f.one", "f.one = 1"],
    "setattr": ["class Box: pass", "setattr(Box, 'one', 1)", "def f(x): return x + Box.one"],
    "exec": ["exec('one = 1')", "def f(x): return x + one"],
    "globals": ["globals()['one'] = 1", "def f(x): return x + one"],
    "a comprehension": ["ones = [1 for _ in range(3)]", "def f(x): return x + ones[0]"],
    "a loop variable": ["for one in range(2):\n    pass", "def f(x): return x + one"],
    "a match": ["match 1:\n    case one:\n        pass", "def f(x): return x + one"],
    "an unpacked star": ["first, *rest = [0, 1]", "def f(x): return x + rest[0]"],
    "future imports": ["from __future__ import annotations", "def f(x: Nonsense): return x + 1"],
    "an assertion beside it": ["def f(x): return x + 1", "assert f(1) == 5, 'a try of my own'"],
}


@pytest.mark.parametrize("sources", WORKING.values(), ids=WORKING)
def test_an_exercise_works_with_the_statements_chosen_for_it(sources):
    assert result("f", *sources, call=(3,)) == 4


def test_the_last_definition_wins():
    assert result("f", "def f(x): return 'old'", "def f(x): return 'new'", call=(1,)) == "new"


def test_statements_come_in_the_order_of_the_notebook():
    assert texts("f", "b = 2", "def f(): return a + b", "a = 1") == ["b = 2", "def f(): return a + b", "a = 1"]


def test_a_layer_whose_call_is_set_afterwards_is_chosen_with_it():
    sources = ["class Layer:\n    pass", "def call(self, x):\n    return x", "Layer.call = call"]
    assert texts("Layer", *sources) == sources


def test_the_cells_that_define_the_exercise_are_named():
    assert slice_of("f", "def f(): return 1", "x = 1", "def f(): return 2").binding_cells == ("cell 1", "cell 3")


def test_what_is_not_defined_has_no_statements():
    assert texts("f", "x = 1", "def g(): return x") == []


def test_the_names_that_an_exercise_uses_are_known():
    assert {"f", "g"} <= slice_of("f", "def f(x): return g(x)", "def g(x): return x").names


# what it does not need

LEFT_OUT = {
    "a print": "print(f(1))",
    "a bare call": "f(1)",
    "a check": "check(f)",
    "a demo": "with demo():\n    print(f(1))",
    "a plot": "plt.plot(f(1))",
    "a plot's settings": "ax = plt.gca()\nax.set(title='x')",
    "a training loop": "for step in range(10):\n    loss = model.step(f(step))",
    "an assertion": "assert f(1) == 5",
    "a seed": "np.random.seed(0)",
    "another exercise": "def g(x): return f(x)",
    "a while loop": "while True:\n    f(1)",
    "a display": "display(f)",
    "the last line of a cell": "f(np.zeros(3)).shape",
}


@pytest.mark.parametrize("extra", LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_only_uses_the_exercise_is_left_out(extra):
    sources = ["import numpy as np", "import matplotlib.pyplot as plt", "def f(x): return np.abs(x)", extra]
    assert texts("f", *sources) == [sources[0], sources[2]]


def test_a_seed_is_left_out_though_the_exercise_uses_numpy():
    chosen = texts(
        "f", "import numpy as np\nnp.random.seed(0)\nnp.set_printoptions(precision=3)", "def f(): return np.pi"
    )
    assert chosen == ["import numpy as np", "def f(): return np.pi"]


def test_a_variable_of_another_exercise_is_left_out():
    assert texts("f", "a = slow()", "def g(): return a", "def f(a): return a") == ["def f(a): return a"]


def test_unneeded_imports_are_left_out():
    assert texts("f", "import torch", "import math", "def f(): return math.pi") == [
        "import math",
        "def f(): return math.pi",
    ]


def test_a_star_import_is_left_out_where_every_name_is_known():
    assert texts("f", "from math import *", "def f(x): return len(x)") == ["def f(x): return len(x)"]


DEMO = "with demo():\n    below = [f(i) for i in range(3)]\n    rows.append(below)"


def test_a_demo_that_uses_the_name_of_a_helper_is_left_out():
    sources = ["def below(x): return x", "rows = []", "def f(x): return below(x), rows"]
    assert texts("f", *sources, DEMO) == sources


def test_what_only_a_demo_makes_is_taken_from_it():
    sources = [DEMO, "def f(x): return below"]
    assert texts("f", *sources) == sources


def test_an_exercise_written_in_a_demo_counts():
    sources = ["def f(x): return 1", "with demo():\n    def f(x): return 2"]
    assert slice_of("f", *sources).binding_cells == ("cell 1", "cell 2")


STAR = "from keras.ops import *"


def test_a_star_import_is_kept_where_it_may_bind_over_a_builtin():
    assert texts("f", STAR, "def f(x): return sum(x, axis=-1)") == [STAR, "def f(x): return sum(x, axis=-1)"]


def test_a_builtin_brings_no_other_code_that_may_bind_anything():
    assert texts("f", "globals()['a'] = 1", "def f(x): return max(x)") == ["def f(x): return max(x)"]


def test_a_global_that_a_class_takes_over_under_its_own_name_is_chosen():
    sources = ["eps = 1e-6", "class Norm:\n    eps = eps"]
    assert texts("Norm", *sources) == sources


def test_a_method_that_a_decorator_adds_to_a_class_is_chosen_with_it():
    sources = [
        "def add_to_class(kind): return lambda f: setattr(kind, f.__name__, f)",
        "class Layer:\n    pass",
        "@add_to_class(Layer)\ndef call(self, x):\n    return x",
    ]
    assert texts("Layer", *sources) == sources


# stand-ins


def test_a_replaced_helper_is_left_out_with_all_that_only_it_needs():
    sources = ["one = 1", "def g(x): return x + one", "def f(x): return g(x)"]
    assert texts("f", *sources, replaced={"g"}) == ["def f(x): return g(x)"]


def test_what_a_replaced_helper_shares_is_kept():
    sources = ["one = 1", "def g(x): return x + one", "def f(x): return g(x) + one"]
    assert texts("f", *sources, replaced={"g"}) == [sources[0], sources[2]]


def test_a_statement_that_binds_more_than_the_replaced_name_is_kept():
    sources = ["g, one = print, 1", "def f(x): return g(x) + one"]
    assert texts("f", *sources, replaced={"g"}) == sources


# notebook syntax


MAGICS = {
    "a shell line": "!pip install keras\ndef f(x): return x + 1",
    "a magic": "%matplotlib inline\ndef f(x): return x + 1",
    "a magic that is kept": "out = %pwd\ndef f(x): return x + 1",
    "a shell line that is kept": "files = !ls\ndef f(x): return x + 1",
    "a shell line inside": "def f(x):\n    !ls\n    return x + 1",
    "a magic inside": "def f(x):\n    %matplotlib inline\n    return x + 1",
    "a kept shell line inside": "def f(x):\n    files = !ls\n    return x + 1",
    "a shell line as a remedy": (
        "try:\n    import numpy as np\nexcept ImportError:\n    !pip install numpy\ndef f(x): return np.abs(x) + 1"
    ),
    "a magic as a remedy inside": ("def f(x):\n    try:\n        return x + 1\n    except ValueError:\n        %debug"),
    "a shell line at the end of a try": "def f(x):\n    try:\n        return x + 1\n    finally:\n        !ls",
    "a shell line as a case": "def f(x):\n    match x:\n        case 0:\n            !ls\n    return x + 1",
    "a shell line in a condition": "if True:\n    !pip install keras\ndef f(x): return x + 1",
    "help": "f?\ndef f(x): return x + 1",
    "a timed cell": "%%time\ndef f(x): return x + 1",
    "a timed cell below a blank line": "\n\n%%time\ndef f(x): return x + 1",
    "a captured cell": "%%capture out\ndef f(x): return x + 1",
    "two cell magics": "%%capture\n%%time\ndef f(x): return x + 1",
    "a timed line": "%time one = 1\ndef f(x): return x + one",
    "a timed line with spaces": "%time   one = int(1)\ndef f(x): return x + one",
    "windows lines": "one = 1\r\ndef f(x):\r\n    return x + one\r\n",
    "a prompt": ">>> def f(x):\n...     return x + 1",
}


@pytest.mark.parametrize("source", MAGICS.values(), ids=MAGICS)
def test_notebook_syntax_does_not_hinder_an_exercise(source):
    assert result("f", source, call=(3,)) == 4


def test_no_statement_reaches_the_shell():
    assert not [source for source in MAGICS.values() if "get_ipython" in "\n".join(texts("f", source))]


def test_a_timed_assignment_is_kept():
    assert texts("x", "def g(n): return n\n%time x = g(1)") == ["def g(n): return n", "x = g(1)"]


@pytest.mark.parametrize("magic", ["bash", "html", "javascript", "writefile f.py", "latex", "sh"])
def test_a_cell_in_another_language_is_ignored(magic):
    code = code_of(f"%%{magic}\nrm -rf : <b> ${{x}}", "def f(): return 1")
    assert (len(code.parsed), code.broken) == (1, {})


def test_a_magics_sign_inside_a_string_stays_as_it_is():
    source = "text = '''\n%time x\n'''"
    assert result("f", source, "def f(): return text") == "\n%time x\n"


# broken cells and lines


def test_a_syntax_error_names_its_cell_and_line():
    broken = code_of("x = 1", "y = 1\ndef f(:\n    pass").broken
    assert list(broken) == ["cell 2"]
    assert broken["cell 2"].startswith("SyntaxError: ")
    assert broken["cell 2"].endswith(" (line 2 of the cell)")


def test_cells_beside_a_broken_one_survive():
    assert result("f", "def f(: pass", "def f(): return 4") == 4


@pytest.mark.parametrize(
    "source",
    [
        "x = '\0'",
        "(" * 5000 + ")" * 5000,
        "-" * 100_000 + "1",
        "x = '\ud800'",
        "\udcff = 1",
        "x" + "[0]" * 50_000,
        "a." * 50_000 + "b",
    ],
    ids=["a null byte", "brackets", "signs", "half a letter", "half a name", "subscripts", "attributes"],
)
def test_a_hostile_cell_costs_only_itself(source):
    assert result("f", source, "def f(): return 4") == 4


def test_awaiting_at_top_level_costs_only_itself():
    assert result("f", "x = await g()", "def f(): return 4") == 4


def test_too_much_code_is_told_and_the_first_part_is_read(monkeypatch):
    monkeypatch.setattr("autograder.read.code.MAX_CODE", 301)
    code = code_of("def f(): return 1", "#" * 101, "def g(): return 1")
    assert (len(code.parsed), list(code.broken)) == (1, ["cell 2"])


@pytest.mark.parametrize("source", ["!ls\n" * 600, "x = 1\n" * 10_000 + "!ls\n" * 400, "%time x\n" * 20_000])
def test_more_shell_lines_than_can_be_read_cost_only_their_cell(source):
    code = code_of("def f(): return 1", source, "def g(): return 1")
    assert (len(code.parsed), list(code.broken)) == (2, ["cell 2"])


def test_a_tower_of_cell_magics_is_taken_down_once():
    assert result("f", "%%time\n" * 20_000 + "def f(): return 4") == 4


def test_more_statements_than_can_be_held_cost_only_their_cell(monkeypatch):
    monkeypatch.setattr("autograder.read.code.MAX_STATEMENTS", 10)
    code = code_of("def f(): return 1", "x = 1\n" * 10, "def g(): return 1")
    assert (len(code.parsed), list(code.broken)) == (2, ["cell 2"])


def test_many_short_cells_are_read_up_to_a_bound(monkeypatch):
    monkeypatch.setattr("autograder.read.code.MAX_CODE", 1000)
    assert list(code_of(*["1"] * 20).broken) == ["cell 10"]


def test_empty_cells_cost_nothing(monkeypatch):
    monkeypatch.setattr("autograder.read.code.MAX_CODE", 1000)
    assert code_of(*[" \n"] * 20, "f = 1").broken == {}


@pytest.mark.parametrize("separator", ["\f", "\u2028", "\x85", "\x1c", "\v"], ids=ascii)
def test_lines_are_counted_as_python_counts_them(separator):
    code = code_of(f"x = 1  # {separator}\ndef f(): return 4  # kept")
    assert code.parsed[-1].statement.source == "def f(): return 4  # kept"


LINES = {
    "the first line": ("def f(): pass", 1),
    "blank lines before": ("\n\n\ndef f(): pass", 4),
    "a comment before": ("# mine\n# still mine\ndef f(): pass", 3),
    "a magic before": ("%matplotlib inline\n!ls\ndef f(): pass", 3),
    "a cell magic before": ("%%time\n\ndef f(): pass", 3),
    "blank lines and a cell magic": ("\n\n%%time\ndef f(): pass", 4),
    "a decorator": ("import functools\n\n@functools.cache\n@functools.cache\ndef f(): pass", 3),
    "a statement before": ("x = (1,\n     2)\ndef f(): pass", 3),
    "behind a semicolon": ("x = 1; f = print", 1),
    "a string of many lines before": ("x = '''\n\n\n'''\ndef f(): pass", 5),
    "a timed line before": ("%time x = 1\ndef f(): pass", 2),
    "windows lines": ("x = 1\r\n\r\ndef f(): pass", 3),
}


@pytest.mark.parametrize(("source", "line"), LINES.values(), ids=LINES)
def test_a_statement_knows_its_line_in_the_cell(source, line):
    assert slice_of("f", source).statements[-1].line == line


def test_a_statement_knows_its_cell():
    assert slice_of("f", "x = 1", "def f(): pass").statements[0].cell == "cell 2"


def test_comments_inside_a_definition_stay():
    source = "def f():\n    # why\n    return 1  # how"
    assert texts("f", source) == [source]


def test_statements_that_share_a_line_come_apart():
    assert texts("f", "x = 1; f = print; y = 2") == ["f = print"]


# solution cells


def test_a_solution_cell_that_was_turned_into_text_is_read():
    assert result("f", Cell("f", "f", "markdown", "def f(): return 4")) == 4


def test_text_is_not_read_as_code():
    assert code_of(Cell("cell 1", None, "markdown", "x = 1")).parsed == ()


def test_future_imports_are_kept_whatever_the_exercise_uses():
    assert texts("f", "from __future__ import annotations", "def f(): return 1") == [
        "from __future__ import annotations",
        "def f(): return 1",
    ]


def test_a_future_import_in_a_later_cell_is_no_syntax_error():
    assert code_of("x = 1", "from __future__ import annotations").broken == {}


def test_a_long_chain_of_names_written_backwards_is_followed_to_its_end():
    source = "\n".join([*(f"a{i} = a{i - 1}" for i in range(3000, 0, -1)), "a0 = 1", "def f(): return a3000"])
    assert len(texts("f", source)) == 3002


def test_an_object_filled_through_a_keyword_is_filled():
    assert result("f", "d = {}\ndef fill(x): x['a'] = 5\nfill(x=d)\ndef f(): return d['a']") == 5


def test_a_long_chain_of_names_in_texts_is_followed_to_its_end():
    chain = "\n".join(f"x{i} = 'x{i + 1}'" for i in range(5000))
    assert len(texts("f", chain + "\nx5000 = 1", "def f(): return eval('x0')")) == 5002


def test_a_hundred_functions_that_change_each_other_cost_only_themselves():
    body = "; ".join(f"g{i}.x = 1" for i in range(100))
    assert texts("f", *(f"def g{i}(): {body}" for i in range(100)), "def f(): return 1") == ["def f(): return 1"]
