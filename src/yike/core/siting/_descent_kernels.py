"""What the descents on prices per person share: when a bound is the best, when steps get shorter."""

# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)

from numba import njit

WORTH_NOTING = 1e-7
"""Smaller gains of the bound, as a share of it, count as none."""

SHORTENED = 0.6
"""What is left of the step length after too many steps without gain."""

SHORTEST = 1e-4


@njit(cache=True)
def note_bound(memory, bound):
    """
    Take note of a bound; whether it is the lowest so far.

    ``memory`` = (best bound, step length, steps without gain, ...).
    """
    if bound < memory[0] - WORTH_NOTING * abs(memory[0]):
        memory[2] = 0.0
    else:
        memory[2] += 1.0
    if bound >= memory[0]:
        return False
    memory[0] = bound
    return True


@njit(cache=True)
def is_stalled(memory, most):
    """Whether ``most`` steps gained nothing; then steps get shorter, and the caller goes back to its best."""
    if memory[2] < most:
        return False
    memory[1] *= SHORTENED
    memory[2] = 0.0
    return True


@njit(cache=True)
def is_spent(memory):
    """Whether steps have become too short to go on."""
    return memory[1] < SHORTEST
