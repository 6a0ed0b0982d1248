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
_LEFT_OUT = r"(?:unchanged|as[ ]is|as[ ]before|as[ ]it[ ](?:is|was)|omitted|elided|not[ ]shown|untouched|intact)"
_STAYS = (
    rf"(?:(?:(?:is|are|was|were|stays?|remains?|kept|keeps?|left)[ ]){{0,2}}(?:exactly[ ])?{_LEFT_OUT}"
    r"|(?:stays?|remains?|kept|keeps?)[ ](?:exactly[ ])?(?:the[ ])?(?:same|identical))"
)
_HERE = r"(?:(?:is|are|goes|go|comes|continues|follows)[ ])?(?:the[ ]same|same|here|continues|follows|as[ ]above)"
_OLD = r"(?:existing|previous|original)"
_ELIDED = re.compile(
    # `...`, `... rest`, `...rest of the cards`, `...existing code`, `... existing items ...`; no `...rest`
    rf"{_DOTS}\s?(?:(?:and|the|your|all|keep|with|plus)[ ]){{0,2}}\(?(?:\W*$"
    rf"|(?:rest|remainder)[ ]of[ ](?:the|your|this|our)\b"
    rf"|(?:rest|remainder|remaining|other|{_OLD}|same|unchanged)(?:[ ]\w{{1,20}}){{0,2}}?"
    rf"[ ](?:{_THING}\b|\(?{_STAYS}|{_DOTS}|as[ ](?:before|above)))"
    rf"|{_DOTS}[ ](?:and[ ]|the[ ])?(?:rest|remainder|unchanged|same|omitted)\W*$"
    rf"|(?:{_DOTS}\s?)?(?:"
    # `rest of the code`, `the remaining sections stay the same`, `keep the rest of the component`
    rf"(?:(?:and|the|keep|all|your|include)[ ]){{0,3}}(?:rest|remainder|remaining)(?:[ ]of)?"
    rf"(?:[ ](?:the|this|your|our))?(?:[ ]\w{{1,20}}){{0,2}}?"
    rf"[ ](?:{_THING}[ ](?:{_STAYS}|{_HERE}).{{0,30}}|{_PROGRAM}\W*)$"
    # `all other handlers remain unchanged`, `existing styles remain the same`
    rf"|(?:(?:the|keep|your|all)[ ]){{0,2}}(?:{_OLD}|other)(?:[ ]\w{{1,20}})?[ ]{_THING}"
    rf"[ ](?:{_STAYS}.{{0,30}}|{_DOTS})$"
    rf"|(?:keep[ ])?(?:the[ ])?existing[ ]code(?:[ ](?:goes[ ])?here)?\W*$"
    r"|same[ ](?:code|component|implementation|markup|jsx|content)[ ]as[ ]before\W*$"
    # `code unchanged`, `everything else stays the same`
    rf"|(?:(?:the|all)[ ])?(?:code|component|implementation)[ ](?:(?:is|stays|remains)[ ])?{_LEFT_OUT}\W*$"
    rf"|(?:(?:the|all|everything)[ ])?(?:else|rest)[ ](?:{_STAYS}|is[ ]the[ ]same)\W*$"
    r"|unchanged(?:[ ]code)?\W*$"
    # `implementation omitted for brevity`
    r"|.{0,80}\b(?:(?:omitted|removed|shortened|truncated|abbreviated|skipped|elided)[ ](?:here[ ])?for[ ]brevity"
    r"|(?:omitted|elided)[ ](?:here[ ])?for[ ]clarity)\b)",
)


def is_elision(comment: str) -> bool:
    """Whether a comment, with or without its marks, says that code was left out where it stands."""
    return any(_stands_for_code(line) for line in comment.split("\n"))


def _stands_for_code(line: str) -> bool:
    said = " ".join(line[: 2 * _LONGEST].lower().strip(" \t\r/*#<>!-{}%;").split())
    return len(said) <= _LONGEST and _ELIDED.match(said.strip("([])")) is not None
