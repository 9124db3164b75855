"""States of a work, and which step leads from which to which."""

from __future__ import annotations

from enum import StrEnum

from netgraph.messages import Message


class State(StrEnum):
    """Where a work stands, in the order of the loop."""

    OPEN = "open"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    VERIFIED = "verified"
    CLOSED = "closed"
    REOPENED = "reopened"
    ESCALATED = "escalated"
    REPLIED = "replied"
    WITHDRAWN = "withdrawn"


class Step(StrEnum):
    """What can be done with a work; each step is one line of its history."""

    OPEN = "open"
    UPDATE = "update"
    ASSIGN = "assign"
    START = "start"
    SUBMIT = "submit"
    VERIFY = "verify"
    CLOSE = "close"
    REOPEN = "reopen"
    ESCALATE = "escalate"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    RENAME = "rename"
    NOTE = "note"


#: States as people are told of them.
TOLD = {
    State.OPEN: Message("open"),
    State.ASSIGNED: Message("assigned"),
    State.IN_PROGRESS: Message("in progress"),
    State.SUBMITTED: Message("submitted"),
    State.VERIFIED: Message("verified"),
    State.CLOSED: Message("closed"),
    State.REOPENED: Message("reopened"),
    State.ESCALATED: Message("escalated"),
    State.REPLIED: Message("replied"),
    State.WITHDRAWN: Message("withdrawn"),
}

#: Proven by a newer inventory.
DONE = frozenset({State.VERIFIED, State.CLOSED})

_UNDER_WAY = frozenset({State.ASSIGNED, State.IN_PROGRESS, State.REOPENED})

#: From which states a person may take each step.
ALLOWED_FROM = {
    Step.ASSIGN: _UNDER_WAY | {State.OPEN, State.ESCALATED, State.REPLIED},
    Step.START: frozenset({State.ASSIGNED, State.REOPENED}),
    Step.SUBMIT: _UNDER_WAY,
    Step.VERIFY: frozenset({State.SUBMITTED}),
    Step.CLOSE: frozenset({State.VERIFIED}),
    Step.REOPEN: frozenset({State.SUBMITTED, State.VERIFIED, State.CLOSED, State.WITHDRAWN}),
    Step.ESCALATE: _UNDER_WAY | {State.OPEN, State.SUBMITTED, State.REPLIED},
    Step.REPLY: _UNDER_WAY | {State.OPEN, State.ESCALATED, State.REPLIED},
    Step.WITHDRAW: frozenset(State) - DONE - {State.WITHDRAWN},
    Step.RENAME: frozenset(State) - DONE - {State.WITHDRAWN},
    Step.NOTE: frozenset(State),
}

#: Where a step leads; steps that are missing here leave the state as it is, or look at evidence.
LEADS_TO = {
    Step.ASSIGN: State.ASSIGNED,
    Step.START: State.IN_PROGRESS,
    Step.SUBMIT: State.SUBMITTED,
    Step.CLOSE: State.CLOSED,
    Step.REOPEN: State.REOPENED,
    Step.ESCALATE: State.ESCALATED,
    Step.REPLY: State.REPLIED,
    Step.WITHDRAW: State.WITHDRAWN,
}


def steps_from(state: State) -> tuple[Step, ...]:
    """Give the steps that a person may take from a state.

    >>> [step.value for step in steps_from(State.VERIFIED)]
    ['close', 'reopen', 'note']
    """
    return tuple(step for step, states in ALLOWED_FROM.items() if state in states)
