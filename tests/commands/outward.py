"""A walk over the source: which messages leave the room and the own chat, and what is in them.

Outward is what operators, coordinators and the group room read. The walk begins at the calls
that tell them, goes back to where the message is made, and into every function on the way. What
it cannot follow it reports as well: silence would be no proof.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Which argument is the message. `self` does not count.
_TELLING = {"tell_operators": 1, "show_group": 3}
_TO_A_PERSON = {"tell_person": 2, "tell_identity": 2, "show_person": 3, "answer": 0, "settle": 0}
_OUTSIDERS = ("operator", "coordinator")
_MAKING = ("message", "Message")
_OWN = ("Own", "unseal")


@dataclass
class Walk:
    """What was found: `keys` of outward messages (`*` for a part that varies) and `wrong`."""

    keys: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def walk(sources: Mapping[str, str]) -> Walk:
    """Follow every outward message in these modules (text by name)."""
    return _Walker(sources).walk()


class _Walker:
    def __init__(self, sources: Mapping[str, str]) -> None:
        self._found = Walk()
        self._functions: dict[str, list[tuple[str, Function]]] = {}
        self._imported: set[tuple[str, str, str]] = set()  # by whom, from where, what
        for name, text in sources.items():
            for node in ast.walk(ast.parse(text)):
                if isinstance(node, Function):
                    self._functions.setdefault(node.name, []).append((name, node))
                elif isinstance(node, ast.ImportFrom):
                    origin = f"{(node.module or '').replace('.', '/')}.py"
                    self._imported |= {(name, origin, each.name) for each in node.names}
        self._telling: dict[tuple[str, str], int] = {}  # module ("" for a method) and name
        self._seen: set[tuple[str, str]] = set()

    def walk(self) -> Walk:
        before = -1
        while before != len(self._telling):  # who passes a message on tells as well
            before = len(self._telling)
            self._found, self._seen = Walk(), set()
            for name, found in self._functions.items():
                for where, function in found:
                    for told in list(self._outward(where, name, function)):
                        self._message(where, function, told)
        return self._found

    def _outward(self, where: str, name: str, function: Function) -> Iterator[ast.expr]:
        """The messages that this function tells outsiders."""
        calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
        to_outsiders = any(
            _called(call) == "with_role" and any(_text(arg) in _OUTSIDERS for arg in call.args)
            for call in calls
        ) or any(
            _called(call) == "command" and _right(call) in _OUTSIDERS
            for decorator in function.decorator_list
            for call in ast.walk(decorator)
            if isinstance(call, ast.Call)
        )
        names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        for call in calls:
            called = _called(call)
            position = self._position(where, call)
            if called in _TO_A_PERSON and to_outsiders:
                position = _TO_A_PERSON[called]
            if called == "payload" and "group_place" in names:
                position = 0
            if position is None or name in _TELLING:
                continue
            named = [each.value for each in call.keywords if each.arg in ("message", "text")]
            yield (*call.args[position : position + 1], *named)[0]

    def _position(self, where: str, call: ast.Call) -> int | None:
        """Which argument is the message, if this call tells outsiders."""
        called = _called(call)
        if isinstance(call.func, ast.Attribute):
            return self._telling.get(("", called))
        for (module, name), position in self._telling.items():
            if name == called and (module == where or (where, module, name) in self._imported):
                return position
        return _TELLING.get(called)

    def _message(self, where: str, function: Function, node: ast.expr) -> None:
        """Where this message is made, and that nothing of a case is put into it there."""
        match node:
            case ast.Await(value=inner) | ast.Starred(value=inner):
                self._message(where, function, inner)
            case ast.IfExp(body=one, orelse=other):
                self._message(where, function, one)
                self._message(where, function, other)
            case ast.Call() if _called(node) in _MAKING:
                self._found.keys.add(_key(node.args[0]))
                for part in (*node.args[1:], *(word.value for word in node.keywords)):
                    self._clean(where, function, part)
            case ast.Call():
                self._clean(where, function, node)
            case ast.Name(id=name):
                self._named(where, function, name)
            case _:
                self._wrong(where, node, "the walk cannot follow this message")

    def _named(self, where: str, function: Function, name: str) -> None:
        given = list(_values(function, name))
        for value in given:
            self._message(where, function, value)
        parameters = [each.arg for each in function.args.args if each.arg != "self"]
        if name in parameters:
            method = len(parameters) < len(function.args.args)
            key = ("" if method else where, function.name)
            self._telling.setdefault(key, parameters.index(name))
        elif not given:
            self._wrong(where, function, f"nobody gives {name} a value")

    def _clean(self, where: str, function: Function, node: ast.AST) -> None:
        """No word of a case in this expression, nor in what it is made of."""
        for part in ast.walk(node):
            match part:
                case ast.Name(id=name) | ast.Attribute(attr=name) if name in _OWN:
                    self._wrong(where, part, f"{name} goes outward")
                case ast.Name(id=name):
                    mark = (f"{where}:{function.name}:{function.lineno}", name)
                    if mark not in self._seen:
                        self._seen.add(mark)
                        for value in _values(function, name):
                            self._clean(where, function, value)
                case ast.Call() if _called(part) in _MAKING:
                    self._found.keys.add(_key(part.args[0]))
                case ast.Call():
                    self._into(where, part)

    def _into(self, caller: str, call: ast.Call) -> None:
        """The same for the whole of a function of ours that helps to make a message."""
        for where, function in self._functions.get(_called(call), ()):
            mark = (f"{where}:{function.name}:{function.lineno}", "")
            if mark not in self._seen and self._reaches(caller, call, where):
                self._seen.add(mark)
                for statement in function.body:
                    self._clean(where, function, statement)

    def _reaches(self, caller: str, call: ast.Call, where: str) -> bool:
        """Whether this call is of a function in the module `where`, and not of a namesake."""
        match call.func:
            case ast.Name(id=name):
                return where == caller or (caller, where, name) in self._imported
            case ast.Attribute(value=ast.Name(id="self")):
                return where == caller
            case ast.Attribute(value=ast.Name(id=module)) if where.endswith(f"/{module}.py"):
                folder = where.removesuffix(f"/{module}.py")
                return (caller, f"{folder}.py", module) in self._imported
        return False

    def _wrong(self, where: str, node: ast.AST, why: str) -> None:
        line = f"{where}:{getattr(node, 'lineno', 0)}: {why}"
        if line not in self._found.wrong:
            self._found.wrong.append(line)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _text(node: ast.AST) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _right(call: ast.Call) -> str:
    return next((_text(word.value) for word in call.keywords if word.arg == "right"), "")


def _key(node: ast.expr) -> str:
    match node:
        case ast.JoinedStr(values=parts):
            return "".join(_text(part) or "*" for part in parts)
    return _text(node) or "*"


def _values(function: Function, name: str) -> Iterator[ast.expr]:
    """Everything that this name is given in the function."""
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=targets, value=value):
                if any(_names(target, name) for target in targets):
                    yield value
            case ast.AnnAssign(target=target, value=ast.expr() as value) if _names(target, name):
                yield value
            case ast.NamedExpr(target=target, value=value) if _names(target, name):
                yield value
            case ast.AugAssign(target=target, value=value) if _names(target, name):
                yield value
            case ast.For(target=target, iter=value) if _names(target, name):
                yield value
            case ast.comprehension(target=target, iter=value) if _names(target, name):
                yield value


def _names(target: ast.AST, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(target))
