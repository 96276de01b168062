"""The typed stub of the core names what the compiled module has, argument by argument."""

import ast
from importlib import resources

import pytest

from thermalsat import _core

KINDS = {
    "double": "float", "int": "int", "Py_ssize_t": "int", "bool": "bool", "bint": "bool",
    "double[::1]": "_Floats",
    "const double[::1]": "_Floats", "double[:, ::1]": "_Floats", "Py_ssize_t[::1]": "_Indices",
    "const Py_ssize_t[::1]": "_Indices", "Problem": "Problem", "Solver": "Solver",
}  # fmt: skip
STUB = ast.parse(resources.files("thermalsat").joinpath("_core.pyi").read_text(encoding="utf-8"))


def stubbed():
    """Arguments of every function and method of the stub: name, annotation, whether it has a default."""
    found = {}
    for node in STUB.body:
        if isinstance(node, ast.FunctionDef):
            found[node.name] = listed(node)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}.{f.name}": listed(f) for f in node.body if isinstance(f, ast.FunctionDef)}
    return found


def listed(function):
    args = function.args.args
    first_default = len(args) - len(function.args.defaults)
    return [
        (arg.arg, ast.unparse(arg.annotation), k >= first_default)
        for k, arg in enumerate(args)
        if arg.arg != "self"
    ]


def embedded(name):
    """The same from the signature that Cython writes into the docstring."""
    owner, _, method = name.rpartition(".")
    target = getattr(_core, owner) if method == "__init__" else _core
    if method != "__init__":
        for part in name.split("."):
            target = getattr(target, part)
    text = target.__doc__.splitlines()[0]
    inside = text[text.index("(") + 1 : text.rindex(")")].replace("[:, ::1]", "[:; ::1]")
    found = []
    for part in inside.split(", "):
        declared, _, default = part.partition("=")
        kind, _, argument = declared.replace("[:; ::1]", "[:, ::1]").rpartition(" ")
        if argument != "self":
            found.append((argument, KINDS.get(kind), bool(default)))
    return found


def public():
    """Every function, and every method that a class defines itself."""
    for name in _core.__all__:
        target = getattr(_core, name)
        if not isinstance(target, type):
            yield name
            continue
        yield from (f"{name}.{m}" for m, f in vars(target).items() if not m.startswith("_") and callable(f))
        if target.__doc__.startswith(f"{name}("):
            yield f"{name}.__init__"


def test_the_stub_names_everything_and_nothing_else():
    assert set(stubbed()) == set(public())
    names = next(n.value for n in STUB.body if isinstance(n, ast.Assign) and n.targets[0].id == "__all__")
    assert ast.literal_eval(names) == _core.__all__


@pytest.mark.parametrize("name", sorted(public()))
def test_arguments_agree(name):
    written, compiled = stubbed()[name], embedded(name)
    assert [(n, has) for n, _, has in written] == [(n, has) for n, _, has in compiled]
    for (argument, annotation, _), (_, kind, _) in zip(written, compiled, strict=True):
        if kind is not None:
            assert annotation.removesuffix(" | None") == kind, argument
