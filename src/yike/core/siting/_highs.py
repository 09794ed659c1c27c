"""HiGHS behind one function: a mixed-integer program in arrays, its answer with status and bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csc_array, sparray

from yike.core.siting.options import SolveOptions, never
from yike.core.tables import BoolArray, FloatArray

_STATUS = {
    highspy.HighsModelStatus.kOptimal: "optimal",
    highspy.HighsModelStatus.kInfeasible: "infeasible",
    highspy.HighsModelStatus.kUnboundedOrInfeasible: "infeasible",
    highspy.HighsModelStatus.kTimeLimit: "time",
    highspy.HighsModelStatus.kInterrupt: "person",
    highspy.HighsModelStatus.kSolutionLimit: "work",
}


@dataclass(frozen=True, eq=False)
class Program:
    """Minimise or maximise ``cost @ x`` with ``row_low <= matrix @ x <= row_high`` and bounds on ``x``."""

    cost: FloatArray
    matrix: sparray
    row_low: FloatArray
    row_high: FloatArray
    low: FloatArray
    high: FloatArray
    is_integer: BoolArray
    maximise: bool = False


@dataclass(frozen=True, eq=False)
class Answer:
    """What HiGHS found; ``x`` is None when it found nothing."""

    x: FloatArray | None
    objective: float
    bound: float
    status: str  # "optimal" | "infeasible" | "time" | "person" | "work"


def run_highs(
    program: Program,
    options: SolveOptions,
    start: FloatArray | None = None,
    *,
    max_nodes: int | None = None,
) -> Answer:
    """
    Solve a program with HiGHS.

    Parameters
    ----------
    start
        A feasible point to begin with.
    max_nodes
        Most nodes of the search tree: a limit of work that is the same on every machine.

    Returns
    -------
    Answer
        ``bound`` is the best proven one, the objective itself when optimal.
    """
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("time_limit", float(options.time_limit_s))
    highs.setOptionValue("random_seed", int(options.seed))
    highs.setOptionValue("mip_rel_gap", float(options.wanted_gap))
    highs.setOptionValue("mip_abs_gap", 0.0)
    highs.setOptionValue("threads", 1 if options.n_threads is None else int(options.n_threads))
    if max_nodes is not None:
        highs.setOptionValue("mip_max_nodes", max_nodes)
    if options.should_stop is not never:
        _ask_between(highs, options)
    highs.passModel(_model_of(program))
    if start is not None:
        known = highspy.HighsSolution()
        known.col_value = start.tolist()
        highs.setSolution(known)
    highs.run()
    info = highs.getInfo()
    status = _STATUS.get(highs.getModelStatus(), "work")
    has_point = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    x = np.array(highs.getSolution().col_value) if has_point else None
    objective = float(info.objective_function_value) if has_point else float("nan")
    is_mip = bool(program.is_integer.any())
    bound = objective if status == "optimal" and not is_mip else float(info.mip_dual_bound)
    return Answer(x, objective, bound, status)


def _ask_between(highs: highspy.Highs, options: SolveOptions) -> None:
    """Let ``should_stop`` end the search."""

    def ask(event: Any) -> None:
        if options.should_stop():
            event.interrupt()

    for moment in (highs.cbMipInterrupt, highs.cbSimplexInterrupt, highs.cbIpmInterrupt):
        moment.subscribe(ask)


def _model_of(program: Program) -> highspy.HighsLp:
    matrix = csc_array(program.matrix)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.col_cost_ = program.cost
    lp.col_lower_, lp.col_upper_ = program.low, program.high
    lp.row_lower_, lp.row_upper_ = program.row_low, program.row_high
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data.astype(float)
    lp.sense_ = highspy.ObjSense.kMaximize if program.maximise else highspy.ObjSense.kMinimize
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(i)] for i in program.is_integer]
    return lp
