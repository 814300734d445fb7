"""Faults: one small change to one function, and the code objects that put it in the place of what runs."""

import ast
import copy
import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Final

__all__ = ["Inapplicable", "Mutant", "install", "mutants_of"]

_SWAPPED: Final[dict[type[ast.AST], type[ast.AST]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}
#: Fields of a definition or an annotated assignment that are no part of what runs.
_AT_IMPORT: Final = {"annotation", "returns", "decorator_list", "args"}
_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Place = tuple[ast.AST, str, int | None]
"""Where a node stands: its parent, the parent's field, and the index where that is a list."""


class Inapplicable(Exception):  # noqa: N818 - it is no error: another mutant is drawn
    """The fault cannot stand in the place of the running code, or nothing runs it."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: the ``number``-th of the function that starts at ``first_line``.

    ``lines`` are those whose execution reaches it; ``before`` and ``after`` are source.
    """

    path: Path
    function: str
    first_line: int
    number: int
    lines: range
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.lines.start} {self.function}: {self.before!r} -> {self.after!r}"


@dataclass(frozen=True, slots=True)
class _Fault:
    place: _Place
    replacement: ast.AST | None
    """``None`` takes the node out of its list, or empties the field."""
    lines: range
    before: str
    after: str


def mutants_of(path: Path) -> list[Mutant]:
    """Return every fault that can be put into the functions of a module, in the order of the source.

    What is prose stays: docstrings, log lines, the sentences of errors, annotations. So do decorators and
    default values, which run at import, and what only asserts: ``assert``, and ``strict`` of ``zip``.
    """
    return [
        Mutant(path, name, function.lineno, number, fault.lines, fault.before, fault.after)
        for name, function in _functions(ast.parse(path.read_text()), "")
        for number, fault in enumerate(_faults(function))
    ]


def install(mutant: Mutant) -> int:
    """Put a fault into the running process; return the number of functions that changed.

    Raises ``Inapplicable`` where the changed code uses other variables of its surroundings than the running
    one, or where no function runs it.
    """
    text = mutant.path.read_text()
    tree = ast.parse(text)
    before = _codes(compile(copy.deepcopy(tree), str(mutant.path), "exec"))
    for _, function in _functions(tree, ""):
        if function.lineno == mutant.first_line:
            _apply(list(_faults(function))[mutant.number])
    after = _codes(compile(ast.fix_missing_locations(tree), str(mutant.path), "exec"))
    changed = {key: code for key, code in after.items() if key in before and code != before[key]}
    replaced = 0
    for running in gc.get_objects():
        if not isinstance(running, FunctionType) or running.__code__.co_filename != str(mutant.path):
            continue
        code = changed.get((running.__code__.co_qualname, running.__code__.co_firstlineno))
        if code is not None:
            try:
                running.__code__ = code
            except ValueError as error:
                raise Inapplicable(str(mutant)) from error
            replaced += 1
    if not replaced:
        raise Inapplicable(str(mutant))
    return replaced


def _codes(code: CodeType) -> dict[tuple[str, int], CodeType]:
    """Return the code objects below one, by qualified name and first line; lambdas of a line share one."""
    codes: dict[tuple[str, int], CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            codes |= _codes(constant) | {(constant.co_qualname, constant.co_firstlineno): constant}
    return codes


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, _Function]]:
    """Yield the outermost functions of a module and of its classes, with their qualified names."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            compiled = any("jit" in ast.unparse(decorator) for decorator in child.decorator_list)
            if child.name != "__repr__" and not compiled:
                yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")
        elif isinstance(child, ast.If | ast.Try | ast.With):
            yield from _functions(child, prefix)


def _faults(function: _Function) -> Iterator[_Fault]:
    for number, statement in enumerate(function.body):
        yield from _faults_at((function, "body", number), statement, range(0))


def _faults_at(place: _Place, node: object, lines: range) -> Iterator[_Fault]:
    if not isinstance(node, ast.AST) or _is_prose(node):
        return
    if isinstance(node, ast.stmt):
        lines = _reaching(node)
    for replacement, after in _replacements(place, node):
        yield _Fault(place, replacement, lines, _source(node), after)
    for name, value in ast.iter_fields(node):
        if name in _AT_IMPORT and not isinstance(node, ast.Call):
            continue
        if isinstance(value, list):
            for number, child in enumerate(value):
                yield from _faults_at((node, name, number), child, lines)
        else:
            yield from _faults_at((node, name, None), value, lines)


def _reaching(node: ast.stmt) -> range:
    """Return the lines of a statement, of one with a body those of its head."""
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if isinstance(body, list):
        first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
        return range(node.lineno, max(first.lineno, node.lineno + 1))
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _is_prose(node: ast.AST) -> bool:
    """Return whether a node only says something: or asserts: a docstring, a log line, a cast, ``strict``."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    if isinstance(node, ast.Expr | ast.Await):
        return _is_prose(node.value)
    if isinstance(node, ast.keyword):
        return node.arg == "strict"
    if isinstance(node, ast.Call):
        called = ast.unparse(node.func)
        return called.split(".")[0] in {"log", "logging"} or called == "cast"
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom | ast.Global | ast.Nonlocal)


def _replacements(place: _Place, node: ast.AST) -> Iterator[tuple[ast.AST | None, str]]:  # noqa: C901, PLR0912 - one arm a kind
    parent, field, _ = place
    match node:
        case ast.Compare() | ast.BoolOp() | ast.BinOp() | ast.AugAssign():
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Mod):
                strings = any(
                    isinstance(side, ast.JoinedStr)
                    or (isinstance(side, ast.Constant) and isinstance(side.value, str))
                    for side in (node.left, node.right)
                )
                if strings:
                    return
            operators = node.ops if isinstance(node, ast.Compare) else [node.op]
            for number, operator in enumerate(operators):
                if type(operator) in _SWAPPED:
                    changed = copy.deepcopy(node)
                    swapped = _SWAPPED[type(operator)]()
                    if isinstance(changed, ast.Compare):
                        changed.ops[number] = swapped  # type: ignore[call-overload]
                    else:
                        changed.op = swapped  # type: ignore[assignment]
                    yield changed, _source(changed)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield node.operand, _source(node.operand)
        case ast.Constant():
            yield from _constants(parent, field, node)
        case ast.Break() | ast.Continue():
            yield _SWAPPED[type(node)](), _SWAPPED[type(node)].__name__.lower()
        case ast.Return(value=value) if value is not None and not _is_falsy(value):
            yield ast.Return(ast.Constant(None)), "return None"
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.Raise() | ast.Delete():
            yield ast.Pass(), "pass"
        case ast.Slice():
            for edge in ("lower", "upper"):
                if getattr(node, edge) is not None:
                    changed_slice = copy.deepcopy(node)
                    setattr(changed_slice, edge, None)
                    yield changed_slice, _source(changed_slice)
        case ast.keyword(arg=str()):
            yield None, ""
        case _:
            pass
    if field == "test" or (field == "ifs" and isinstance(parent, ast.comprehension)):
        for holds in (True, False):
            yield ast.Constant(holds), str(holds)


def _constants(parent: ast.AST, field: str, node: ast.Constant) -> Iterator[tuple[ast.AST | None, str]]:
    value, changed = node.value, None
    if isinstance(value, bool):
        changed = ast.Constant(not value)
    elif isinstance(value, int):
        changed = ast.Constant(value + 1)
    elif isinstance(value, float):
        changed = ast.Constant(value * 2 if value else 1.0)
    elif isinstance(value, str) and field not in {"format_spec", "annotation"} and not _in_error(parent):
        changed = ast.Constant(value + "XX")
    if changed is not None:
        yield changed, repr(changed.value)


def _in_error(parent: ast.AST) -> bool:
    """Return whether a string's parent makes an error: what it says is prose."""
    return isinstance(parent, ast.Call) and ast.unparse(parent.func).endswith(("Error", "Exception"))


def _is_falsy(node: ast.AST) -> bool:
    """Return whether a returned value is ``None`` or ``False``: conditions take both for the same."""
    return isinstance(node, ast.Constant) and (node.value is None or node.value is False)


def _source(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else text[:99] + "…"


def _apply(fault: _Fault) -> None:
    parent, field, number = fault.place
    if number is None:
        setattr(parent, field, fault.replacement)
        return
    siblings = getattr(parent, field)
    if fault.replacement is None:
        del siblings[number]
    else:
        siblings[number] = fault.replacement
