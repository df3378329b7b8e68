"""The words of a decision: which layers refuse, and the one sentence that says why."""

from __future__ import annotations

from collections.abc import Iterable

from mwaanet.access.decision import Effect, Layer, Refusal
from mwaanet.access.layers import LayerAnswer
from mwaanet.access.request import Request
from mwaanet.access.truth import Truth


def refusals(request: Request, answers: Iterable[LayerAnswer], *, needed: frozenset[Layer]) -> tuple[Refusal, ...]:
    """Every Deny of every layer, and every layer that does not allow although its Allow is needed."""
    found: list[Refusal] = []
    for answer in answers:
        found.extend(Refusal(answer.layer, one, f"{one} denies {request.action}") for one in answer.denials)
        if answer.layer in needed and answer.allows.value is False:
            found.append(Refusal(answer.layer, None, _lacking(request, answer)))
    return tuple(found)


def _lacking(request: Request, answer: LayerAnswer) -> str:
    """What a layer without a fitting Allow is to blame for."""
    wanted = f"allows {request.action} on {request.resource}"
    if len(answer.names) == 1:
        return f"{answer.layer} {answer.names[0]} has no statement that {wanted}"
    return f"no {answer.layer} {wanted}"


def sentence(request: Request, answer: Truth, refused: tuple[Refusal, ...]) -> str:
    """The decision in one sentence."""
    if answer.value:
        by = next((statement for statement in answer.statements if statement.effect is Effect.ALLOW), None)
        return f"{by} allows {request.action}" if by else f"{request.action} is allowed to the account's root user"
    if answer.value is False:
        explicit = [refusal.reason for refusal in refused if refusal.explicit]
        return "; ".join(explicit or [refusal.reason for refusal in refused])
    waits = [f"it depends on {key}, which is not known" for key in answer.keys]
    waits += [gap.reason for gap in answer.unknown]
    places = ", ".join(str(statement) for statement in answer.statements)
    return f"{request.action} is undecided: {'; '.join(waits)}" + (f" ({places})" if places else "")
