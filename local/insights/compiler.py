"""Makes a function of an expression, once for a query, so that it runs quickly for every row."""

from local.insights import functions, operators
from local.insights.arithmetic import arithmetic
from local.insights.errors import Place
from local.insights.scopes import Scope
from local.insights.syntax import TIME, Call, Field, In, Like, Literal, Node, Operation
from local.insights.typed import Kind, Typed, no_time
from local.insights.values import Get, Row, Value, number


def compiled(node: Node, scope: Scope) -> Typed:
    """The expression, with its names looked up and its operands checked for what they are."""
    match node:
        case Literal():
            return _constant(node)
        case Field():
            return scope.field(node)
        case Call(name="bin", arguments=(Literal(value=int(length)),)):
            return _bin(length, scope, node.place)
        case Call():
            return scope.aggregate(node) or _call(node, scope)
        case Operation():
            return _operation(node, scope)
        case In() | Like():
            return _test(node, scope)


def _constant(literal: Literal) -> Typed:
    value = literal.value
    return Typed(Kind.TEXT if isinstance(value, str) else Kind.NUMBER, lambda _: value, literal.place)


def _call(node: Call, scope: Scope) -> Typed:
    function = functions.function(node.name, len(node.arguments), node.place)
    return function([compiled(each, scope) for each in node.arguments], node.place)


def _operation(node: Operation, scope: Scope) -> Typed:
    operands = [compiled(each, scope) for each in node.operands]
    match node.operator:
        case "and":
            return operators.conjunction(operands, node.place)
        case "or":
            return operators.disjunction(operands, node.place)
        case "not":
            return operators.negation(operands[0], node.place)
        case "=" | "!=" | "<" | "<=" | ">" | ">=":
            return _comparison(node, operands)
        case sign:
            return arithmetic(sign, operands, node.place)


def _test(node: In | Like, scope: Scope) -> Typed:
    subject = compiled(node.subject, scope)
    if isinstance(node, In):
        return operators.membership(subject, node.values, node.place, negated=node.negated)
    return operators.likeness(subject, node.pattern, node.place, negated=node.negated)


def _comparison(node: Operation, operands: list[Typed]) -> Typed:
    if node.operator == "=" and (text := plain_text(node.operands[1])) is not None:
        return operators.equals_text(operands[0], text, node.place)
    return operators.comparison(node.operator, operands[0], operands[1], node.place)


def plain_text(node: Node) -> str | None:
    """The text that stands there, if it is one and writes out no number: only the same text is equal to it."""
    if isinstance(node, Literal) and isinstance(node.value, str) and number(node.value) is None:
        return node.value
    return None


def _bin(length: int, scope: Scope, place: Place) -> Typed:
    """`bin(5m)`: the beginning, in UTC, of the period that the event's time is in."""
    time = scope.field(Field(TIME, place)).need({Kind.TIME}, "a time")
    return Typed(Kind.TIME, _floored(time, length, place), place)


def _floored(time: Get, length: int, place: Place) -> Get:
    def floored(row: Row) -> Value:
        since = time(row)
        if not isinstance(since, int):
            raise no_time(place)
        return since - since % length

    return floored
