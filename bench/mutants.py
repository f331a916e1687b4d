"""Which small mistakes could stand in a source file? One change each: a comparison, a sum, a constant, a condition."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_CALCULATED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.FloorDiv: ast.Mult, ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.LShift: ast.RShift, ast.RShift: ast.LShift,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One file with one mistake."""

    path: Path
    line: int
    change: str
    source: str


def find_mutants(path: Path) -> Iterator[Mutant]:
    """Every mutant of a file, in order.

    Types, docstrings and what only type checkers read are left alone, and two things that can be changed without any mistake:
    `strict=` of zip, which asserts, and the -1 of `reshape`, where NumPy takes any negative number for the same.
    """
    source = path.read_text(encoding="utf-8")
    for at in range(len([*_places(ast.parse(source))])):
        tree = ast.parse(source)
        node = [*_places(tree)][at]
        change = _change(node)
        yield Mutant(path, node.lineno, change, ast.unparse(tree))


def _places(tree: ast.Module) -> Iterator[ast.Compare | ast.BinOp | ast.BoolOp | ast.UnaryOp | ast.Constant | ast.If]:
    typed = {id(one) for node in ast.walk(tree) for part in _typing(node) for one in ast.walk(part)}
    for node in ast.walk(tree):
        if id(node) in typed:
            continue
        if (
            (isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED)
            or (isinstance(node, ast.BinOp) and type(node.op) in _CALCULATED)
            or isinstance(node, ast.BoolOp)
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert))
            or (isinstance(node, ast.Constant) and type(node.value) in {int, bool})
        ):
            yield node


def _typing(node: ast.AST) -> list[ast.AST]:
    """What of a node only speaks to type checkers and decorators, or says the same whatever it says."""
    found: list[ast.AST | None] = []
    if isinstance(node, ast.AnnAssign | ast.arg):
        found = [node.annotation]
    elif isinstance(node, ast.FunctionDef):
        found = [node.returns, *node.decorator_list]
    elif isinstance(node, ast.ClassDef):
        found = [*node.decorator_list]
    elif isinstance(node, ast.Assign | ast.keyword):
        is_alias = isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript)
        found = [node.value] if is_alias or (isinstance(node, ast.keyword) and node.arg == "strict") else []
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
        found = [one for one in node.args if isinstance(one, ast.UnaryOp) and isinstance(one.op, ast.USub)]
    return [one for one in found if one is not None]


def _change(node: ast.AST) -> str:
    """Make the mistake in place; what was done."""
    before = ast.unparse(node)
    if isinstance(node, ast.Compare):
        node.ops[0] = _COMPARED[type(node.ops[0])]()
    elif isinstance(node, ast.BinOp):
        node.op = _CALCULATED[type(node.op)]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd()
    elif isinstance(node, ast.Constant):
        node.value = not node.value if isinstance(node.value, bool) else 1 + int(str(node.value))
    return f"{before} -> {ast.unparse(node)}"
