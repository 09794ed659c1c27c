"""
Tables on a shelf: frozen dataclasses of arrays written to two files and mapped back without copying.

``tables.json`` tells the shape of things, ``arrays.bin`` holds every array, each once, at a multiple of 64
bytes. Nothing is executed when it is read: only dataclasses and enums of this project come back to life.
"""

from __future__ import annotations

import datetime as dt
import json
import mmap
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import shapely

TABLES, ARRAYS = "tables.json", "arrays.bin"
ALIGN = 64
LONG = 32
"""Tuples of texts from this length on are kept as one array of bytes."""

HOME = "yike."


class UnreadableShelfError(ValueError):
    """The files are not what was written."""


def put_on_shelf(thing: Any, folder: Path) -> None:
    """
    Write a tree of dataclasses, arrays and plain values into a folder that exists.

    Raises
    ------
    TypeError
        Something in it can be neither written nor read back.
    """
    with (folder / ARRAYS).open("wb") as stream:
        writer = _Writer(stream)
        tree = writer.node(thing)
    record = {"tree": tree, "arrays": writer.arrays, "bytes": writer.at}
    (folder / TABLES).write_text(json.dumps(record, ensure_ascii=False, separators=(",", ":")), "utf-8")


def take_from_shelf(folder: Path) -> Any:
    """
    Read back what ``put_on_shelf`` wrote; arrays are read-only views of the mapped file.

    Raises
    ------
    UnreadableShelfError
        A file is missing, cut short, or names something that is not of this project.
    """
    try:
        record = json.loads((folder / TABLES).read_text("utf-8"))
        with (folder / ARRAYS).open("rb") as stream:
            size = stream.seek(0, 2)
            if size != record["bytes"]:
                raise UnreadableShelfError(f"{ARRAYS}: {size} != {record['bytes']}")
            memory = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        return _Reader(memory, record["arrays"]).thing(record["tree"])
    except (OSError, KeyError, IndexError, TypeError, AttributeError, ImportError, ValueError) as error:
        raise UnreadableShelfError(str(error)[:200]) from error


class _Writer:
    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.at = 0
        self.arrays: list[list[Any]] = []  # dtype, shape, offset
        self.seen: dict[int, tuple[int, Any]] = {}  # id -> number, and the thing itself so that it lives
        self.n_seen = 0

    def node(self, thing: Any) -> Any:
        if thing is None or (isinstance(thing, bool | str | int | float) and not isinstance(thing, Enum)):
            return thing
        if id(thing) in self.seen:
            return {"same": self.seen[id(thing)][0]}
        return self._new(thing)

    def _new(self, thing: Any) -> Any:
        if isinstance(thing, Enum):
            return {"enum": _name_of(type(thing)), "value": thing.value}
        if isinstance(thing, np.generic):
            return {"scalar": self._array(np.asarray(thing))}
        if isinstance(thing, dt.date):
            return {"date": thing.isoformat()}
        if isinstance(thing, Path):
            return {"path": str(thing)}
        if isinstance(thing, shapely.Geometry):
            return {"wkb": shapely.to_wkb(thing, hex=True)}
        node = self._many(thing)
        # numbered after its parts, as the reader meets them
        self.seen[id(thing)] = (self.n_seen, thing)
        self.n_seen += 1
        return node

    def _many(self, thing: Any) -> Any:
        if isinstance(thing, np.ndarray):
            return {"array": self._array(thing)}
        if is_dataclass(thing) and not isinstance(thing, type):
            cells = {f.name: self.node(getattr(thing, f.name)) for f in fields(thing)}
            return {"class": _name_of(type(thing)), "fields": cells}
        if isinstance(thing, tuple | list) and _is_text(thing):
            data = "\0".join(thing).encode()
            kind = "texts" if isinstance(thing, tuple) else "text_list"
            return {kind: self._array(np.frombuffer(data, np.uint8))}
        if isinstance(thing, list | Mapping) and _is_plain(thing):
            return {"plain": thing}
        if isinstance(thing, tuple):
            return {"tuple": [self.node(v) for v in thing]}
        if isinstance(thing, list):
            return {"list": [self.node(v) for v in thing]}
        if isinstance(thing, Mapping):
            return {"dict": [[self.node(k), self.node(v)] for k, v in thing.items()]}
        raise TypeError(f"{type(thing).__name__} cannot be put on a shelf")

    def _array(self, array: np.ndarray) -> int:
        if array.dtype.hasobject:
            raise TypeError("an array of objects cannot be put on a shelf")
        self.stream.write(b"\0" * (-self.at % ALIGN))
        self.at += -self.at % ALIGN
        self.arrays.append([array.dtype.str, list(array.shape), self.at])
        data = np.ascontiguousarray(array).tobytes()
        self.stream.write(data)
        self.at += len(data)
        return len(self.arrays) - 1


class _Reader:
    def __init__(self, memory: Any, arrays: list[list[Any]]) -> None:
        self.memory, self.arrays = memory, arrays
        self.seen: list[Any] = []

    def thing(self, node: Any) -> Any:
        if not isinstance(node, dict):
            return node
        if "same" in node:
            return self.seen[node["same"]]
        if "enum" in node:
            return _class_of(node["enum"])(node["value"])
        if "scalar" in node:
            return self._array(node["scalar"])[()]
        if "date" in node:
            return dt.date.fromisoformat(node["date"])
        if "path" in node:
            return Path(node["path"])
        if "wkb" in node:
            return shapely.from_wkb(node["wkb"])
        made = self._many(node)
        self.seen.append(made)
        return made

    def _many(self, node: dict[str, Any]) -> Any:
        if "array" in node:
            return self._array(node["array"])
        if "class" in node:
            kind = _class_of(node["class"])
            if list(node["fields"]) != [f.name for f in fields(kind)]:
                raise UnreadableShelfError(f"{node['class']} had other fields when this was written")
            made = object.__new__(kind)
            for name, value in node["fields"].items():
                object.__setattr__(made, name, self.thing(value))
            return made
        if "texts" in node:
            return tuple(self._texts(node["texts"]))
        if "text_list" in node:
            return self._texts(node["text_list"])
        if "plain" in node:
            return node["plain"]
        if "tuple" in node:
            return tuple(self.thing(v) for v in node["tuple"])
        if "list" in node:
            return [self.thing(v) for v in node["list"]]
        return {self.thing(k): self.thing(v) for k, v in node["dict"]}

    def _texts(self, number: int) -> list[str]:
        return self._array(number).tobytes().decode().split("\0")

    def _array(self, number: int) -> np.ndarray:
        kind, shape, at = self.arrays[number]
        n = int(np.prod(shape, dtype=np.int64))
        array = np.frombuffer(self.memory, np.dtype(kind), n, at) if n else np.empty(0, np.dtype(kind))
        array = array.reshape(shape)
        array.flags.writeable = False
        return array


def _is_text(many: tuple[Any, ...] | list[Any]) -> bool:
    return len(many) >= LONG and all(type(v) is str and "\0" not in v for v in many)


def _is_plain(thing: Any) -> bool:
    """Whether JSON gives it back as it is."""
    if thing is None or type(thing) in (bool, str, int, float):
        return True
    if type(thing) is list:
        return all(_is_plain(v) for v in thing)
    return type(thing) is dict and all(type(k) is str and _is_plain(v) for k, v in thing.items())


def _name_of(kind: type) -> str:
    if not kind.__module__.startswith(HOME):
        raise TypeError(f"{kind.__module__}.{kind.__qualname__} is not of this project")
    return f"{kind.__module__}:{kind.__qualname__}"


def _class_of(name: str) -> Any:
    module, _, rest = name.partition(":")
    if not module.startswith(HOME):
        raise UnreadableShelfError(f"{name} is not of this project")
    kind = getattr(import_module(module), rest)
    if not (isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, Enum))):
        raise UnreadableShelfError(f"{name} is no table")
    return kind
