# mypy: ignore-errors
# (numba carries no types; the annotations here are for readers)
"""
Rows of lanes: the few vector steps that every search of this room is made of.

A row holds the walking times of 32 starts to one junction (int32 ticks, two cache lines), or the nearest
outlets of 8 business types (int64 keys). The steps are written as vector instructions of the compiler's
own language, because numba's loops over 32 lanes cost about 25 ns each (checks for overlapping rows,
a changed-flag folded lane by lane) and these cost about 5. The compiler maps them to whatever the machine
has, AVX-512, AVX2 or NEON. With the JIT switched off the same steps run as numpy lines.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import config, types
from numba.core import cgutils
from numba.extending import intrinsic
from numpy.typing import NDArray

LANES = 32
"""Starts per row. 16 lanes: 1.5 times slower on the benchmark city; 64 leave the first cache."""

CHUNK = 16
"""Outlets that are compared with the cutoffs at once."""

KEY_LANES = 8
"""Business types per vector in the search for the nearest."""

COUNT_BITS = 21
"""Bits per cutoff in a packed count of three cutoffs."""

OUTLET_BITS = 31
"""Low bits of a nearest key, the outlet's index; the ticks lie above, so ties go to the lowest index."""

AHEAD = 6
"""Places between asking for a row of the result and writing it."""


def lane_array(n: int, kind: type = np.int32) -> NDArray[Any]:
    """
    An empty array of ``n`` numbers that starts at a cache line.

    numpy's own start 16 bytes after one, so that every vector would lie across two.
    """
    item = np.dtype(kind).itemsize
    raw = np.empty(n * item + 64, np.uint8)
    start = -raw.ctypes.data % 64
    return raw[start : start + n * item].view(kind)


_I1, _I32, _I64 = ir.IntType(1), ir.IntType(32), ir.IntType(64)


def _address(context, builder, array_type, array, offset, vector):
    """Pointer to ``vector`` at element ``offset`` of a one-dimensional array."""
    data = cgutils.create_struct_proxy(array_type)(context, builder, value=array).data
    return builder.bitcast(builder.gep(data, [offset]), vector.as_pointer())


def _load(builder, pointer, element_bytes=4):
    value = builder.load(pointer)
    value.align = element_bytes
    return value


def _store(builder, value, pointer, element_bytes=4):
    builder.store(value, pointer).align = element_bytes


def _splat(builder, scalar, vector):
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, _I32(0))
    zeros = ir.Constant(ir.VectorType(_I32, vector.count), [0] * vector.count)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), zeros)


def _smaller(builder, a, b):
    return builder.select(builder.icmp_signed("<", a, b), a, b)


def _bits(builder, mask):
    return builder.bitcast(mask, ir.IntType(mask.type.count))


_ROW = ir.VectorType(_I32, LANES)
_PART = ir.VectorType(_I32, CHUNK)
_PART_INDEX = ir.VectorType(_I32, CHUNK)
_KEYS = ir.VectorType(_I64, KEY_LANES)


@intrinsic
def relax_row(typingctx, rows, source, target, ticks):
    """``rows[target] = min(rows[target], rows[source] + ticks)``; the lanes that became smaller, as bits."""

    def build(context, builder, signature, args):
        array, source_at, target_at, cost = args
        place = _address(context, builder, signature.args[0], array, target_at, _ROW)
        start = _load(builder, _address(context, builder, signature.args[0], array, source_at, _ROW))
        new = builder.add(start, _splat(builder, cost, _ROW))
        old = _load(builder, place)
        _store(builder, _smaller(builder, new, old), place)
        return _bits(builder, builder.icmp_signed("<", new, old))

    return types.uint32(rows, types.intp, types.intp, types.int32), build


@intrinsic
def fill_row(typingctx, rows, target, value):
    """``rows[target] = value`` in every lane."""

    def build(context, builder, signature, args):
        array, target_at, scalar = args
        place = _address(context, builder, signature.args[0], array, target_at, _ROW)
        _store(builder, _splat(builder, scalar, _ROW), place)
        return context.get_dummy_value()

    return types.void(rows, types.intp, types.int32), build


@intrinsic
def meet_rows(typingctx, rows, first, first_ticks, second, second_ticks, out, target, most):
    """``out[target]``: the smaller of two walks, per lane; those that take at most ``most``, as bits."""

    def build(context, builder, signature, args):
        array, first_at, first_cost, second_at, second_cost, result, target_at, cap = args
        rows_type, out_type = signature.args[0], signature.args[5]
        a = _load(builder, _address(context, builder, rows_type, array, first_at, _ROW))
        b = _load(builder, _address(context, builder, rows_type, array, second_at, _ROW))
        a = builder.add(a, _splat(builder, first_cost, _ROW))
        b = builder.add(b, _splat(builder, second_cost, _ROW))
        best = _smaller(builder, a, b)
        _store(builder, best, _address(context, builder, out_type, result, target_at, _ROW))
        return _bits(builder, builder.icmp_signed("<=", best, _splat(builder, cap, _ROW)))

    i32, at = types.int32, types.intp
    return types.uint32(rows, at, i32, at, i32, rows, at, i32), build


@intrinsic
def turn_chunk(typingctx, rows, lines, target, length):
    """Turn 16 rows round: lane ``l`` of row ``r`` goes to ``lines[target + l * length + r]``."""

    def build(context, builder, signature, args):
        array, result, target_at, step = args
        for half in range(LANES // CHUNK):
            parts = []
            for row in range(CHUNK):
                at = ir.Constant(target_at.type, row * LANES + half * CHUNK)
                parts.append(_load(builder, _address(context, builder, signature.args[0], array, at, _PART)))
            for lane, line in enumerate(_transposed(builder, parts)):
                nth = ir.Constant(target_at.type, half * CHUNK + lane)
                at = builder.add(target_at, builder.mul(step, nth))
                _store(builder, line, _address(context, builder, signature.args[1], result, at, _PART))
        return context.get_dummy_value()

    return types.void(rows, lines, types.intp, types.intp), build


def _transposed(builder, parts):
    """Columns of a square of vectors: swap ever larger halves between pairs of them."""
    n = len(parts)
    distance = 1
    while distance < n:
        swapped = list(parts)
        for i in range(n):
            if i & distance:
                continue
            a, b = parts[i], parts[i + distance]
            low = [k if not k & distance else n + k - distance for k in range(n)]
            high = [k + distance if not k & distance else n + k for k in range(n)]
            swapped[i] = builder.shuffle_vector(a, b, ir.Constant(_PART_INDEX, low))
            swapped[i + distance] = builder.shuffle_vector(a, b, ir.Constant(_PART_INDEX, high))
        parts = swapped
        distance *= 2
    return parts


@intrinsic
def count_chunk(typingctx, times, first, first_ticks, second, second_ticks, cut_0, cut_1, cut_2):
    """
    How many of 16 outlets lie within three cutoffs, packed ``COUNT_BITS`` apart.

    Walking time of an outlet: the smaller of ``times[first] + first_ticks`` and ``times[second] + ...``.
    """

    def build(context, builder, signature, args):
        array, first_at, first_cost, second_at, second_cost, *cuts = args
        array_type = signature.args[0]
        a = _load(builder, _address(context, builder, array_type, array, first_at, _PART))
        b = _load(builder, _address(context, builder, array_type, array, second_at, _PART))
        a = builder.add(a, _splat(builder, first_cost, _PART))
        b = builder.add(b, _splat(builder, second_cost, _PART))
        best = _smaller(builder, a, b)
        total = _I64(0)
        for k, cut in enumerate(cuts):
            within = builder.icmp_signed("<=", best, _splat(builder, cut, _PART))
            number = builder.zext(builder.ctpop(_bits(builder, within)), _I64)
            total = builder.add(total, builder.shl(number, _I64(COUNT_BITS * k)))
        return total

    i32, at = types.int32, types.intp
    return types.int64(times, at, i32, at, i32, i32, i32, i32), build


@intrinsic
def relax_keys(typingctx, keys, source, target, step):
    """``keys[target] = min(keys[target], keys[source] + step)`` for 8 types; those that changed, as bits."""

    def build(context, builder, signature, args):
        array, source_at, target_at, cost = args
        place = _address(context, builder, signature.args[0], array, target_at, _KEYS)
        start = _load(builder, _address(context, builder, signature.args[0], array, source_at, _KEYS), 8)
        new = builder.add(start, _splat(builder, cost, _KEYS))
        old = _load(builder, place, 8)
        _store(builder, _smaller(builder, new, old), place, 8)
        return _bits(builder, builder.icmp_signed("<", new, old))

    return types.uint8(keys, types.intp, types.intp, types.int64), build


@intrinsic
def fetch_row(typingctx, table, row, width):
    """
    Ask for a row of a table of int32 or float32 that will be written soon.

    Places stand in the table in any order, so their rows are cold: 0.13 microseconds a place without this.
    """

    def build(context, builder, signature, args):
        array, nth, length = args
        view = cgutils.create_struct_proxy(signature.args[0])(context, builder, value=array)
        place = builder.bitcast(view.data, ir.IntType(8).as_pointer())
        size = builder.mul(length, ir.Constant(length.type, 4))
        start = builder.gep(place, [builder.mul(nth, size)])
        prefetch = cgutils.get_or_insert_function(
            builder.module,
            ir.FunctionType(ir.VoidType(), [ir.IntType(8).as_pointer(), _I32, _I32, _I32]),
            "llvm.prefetch.p0",
        )
        line = ir.Constant(length.type, 64)
        with cgutils.for_range_slice(builder, ir.Constant(length.type, 0), size, line) as (at, _):
            builder.call(prefetch, [builder.gep(start, [at]), _I32(1), _I32(3), _I32(1)])
        return context.get_dummy_value()

    return types.void(table, types.intp, types.intp), build


if config.DISABLE_JIT:  # the same steps as numpy lines, so that a debugger can walk through a search

    def relax_row(rows, source, target, ticks):
        new, old = rows[source : source + LANES] + ticks, rows[target : target + LANES].copy()
        rows[target : target + LANES] = np.minimum(new, old)
        return int((new < old).any())

    def fetch_row(table, row, width):
        pass

    def fill_row(rows, target, value):
        rows[target : target + LANES] = value

    def meet_rows(rows, first, first_ticks, second, second_ticks, out, target, most):
        best = np.minimum(
            rows[first : first + LANES] + first_ticks, rows[second : second + LANES] + second_ticks
        )
        out[target : target + LANES] = best
        return int((best <= most).any())

    def turn_chunk(rows, lines, target, length):
        for lane in range(LANES):
            at = target + lane * length
            lines[at : at + CHUNK] = rows[lane : CHUNK * LANES : LANES]

    def count_chunk(times, first, first_ticks, second, second_ticks, cut_0, cut_1, cut_2):
        best = np.minimum(
            times[first : first + CHUNK] + first_ticks, times[second : second + CHUNK] + second_ticks
        )
        return sum(
            int((best <= cut).sum()) << (COUNT_BITS * k) for k, cut in enumerate((cut_0, cut_1, cut_2))
        )

    def relax_keys(keys, source, target, step):
        new, old = keys[source : source + KEY_LANES] + step, keys[target : target + KEY_LANES].copy()
        keys[target : target + KEY_LANES] = np.minimum(new, old)
        return int((new < old).any())
