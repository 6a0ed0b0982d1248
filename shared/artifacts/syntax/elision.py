"""Comments that stand in place of code: "rest of the code unchanged", `// ...existing code`."""

import re

MESSAGE = "A comment stands here in place of code; write that code out in full."

_LONGEST = 160  # characters of a line that are looked at; who leaves code out says so briefly

_DOTS = r"(?:\.{3,6}(?!\.)|…)"  # a whole line of dots is a ruler
_PROGRAM = (
    r"(?:code|codebase|components?|file|functions?|methods?|implementation|logic|jsx|markup|program|module"
    r"|app|application)"
)
_THING = (
    rf"(?:{_PROGRAM}|html|css|styles?|styling|script|page|document|contents?|body|class|classes|sections?|imports?"
    r"|render|return|diagram|nodes?|handlers?|hooks?|rules?)"
)
_SAME = (
    r"(?:(?:is|are|was|were|stays?|remains?|kept|keeps?|left|goes|go|comes|continues|follows)[ ]){0,2}"
    r"(?:exactly[ ])?(?:the[ ])?"
    r"(?:unchanged|same|as[ ]is|as[ ]before|as[ ]above|as[ ]it[ ](?:is|was)|omitted|elided|not[ ]shown|identical"
    r"|untouched|intact|here|continues|follows)"
)
_ELIDED = re.compile(
    # `...`, `... rest of the code`, `... existing code ...`
    rf"{_DOTS}(?:\s?(?:and|the|your|all|keep|with|plus)){{0,2}}\s?\(?"
    rf"(?:$|(?:rest|remaining|remainder|existing|previous|original|unchanged|same|omitted)\b)"
    rf"|(?:{_DOTS}\s?)?(?:"
    # `rest of the code`, `the remaining sections stay the same`, `keep the rest of the component`
    rf"(?:(?:and|the|keep|all|your|include)[ ]){{0,3}}(?:rest|remainder|remaining)(?:[ ]of)?"
    rf"(?:[ ](?:the|this|your|our))?(?:[ ]\w{{1,20}}){{0,2}}?[ ](?:{_THING}[ ]{_SAME}.{{0,30}}|{_PROGRAM}\W*)$"
    # `same code as before`, `all other handlers remain unchanged`
    rf"|(?:(?:the|keep|your|all)[ ]){{0,2}}(?:existing|previous|original|same|other)(?:[ ]\w{{1,20}})?[ ]{_THING}"
    rf"[ ](?:{_SAME}.{{0,30}}|{_DOTS})$"
    rf"|(?:keep[ ])?(?:the[ ])?existing[ ]code\W*$"
    # `code unchanged`, `everything else stays the same`
    rf"|(?:(?:the|all|everything|rest)[ ])?(?:code|else|component|implementation|rest)[ ]{_SAME}\W*$"
    rf"|unchanged(?:[ ](?:code|from[ ].{{1,30}}))?\W*$"
    # `implementation omitted for brevity`
    r"|.{0,80}\b(?:omitted|removed|shortened|truncated|abbreviated|skipped|elided)[ ](?:here[ ])?for[ ]"
    r"(?:brevity|clarity)\b)",
)


def is_elision(comment: str) -> bool:
    """Whether a comment, with or without its marks, says that code was left out where it stands."""
    return any(_stands_for_code(line) for line in comment.split("\n"))


def _stands_for_code(line: str) -> bool:
    said = " ".join(line[: 2 * _LONGEST].lower().strip(" \t\r/*#<>!-{}%;").split())
    return len(said) <= _LONGEST and _ELIDED.match(said.strip("([])")) is not None
