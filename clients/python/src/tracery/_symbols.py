"""Names for values, from a print format's `__print_symbolic` and `__print_flags`."""

from __future__ import annotations

from typing import NamedTuple

from .v1 import options_pb2


class Symbols(NamedTuple):
    """What one symbol table says of a value."""

    names: tuple[str, ...]
    """The names that it has: of values one at most, of flags any number."""
    rest: int
    """What no name stands for: the bits that are left, or the whole value. 0 if there is nothing."""


class SymbolTable:
    """One table of a field."""

    __slots__ = ("_bits", "_flags", "_mask", "_shift", "_symbols")

    def __init__(self, table: options_pb2.SymbolTable, bits: int) -> None:
        """`bits`: those of the numbers in which the kernel compares."""
        self._bits = (1 << bits) - 1
        self._flags = table.match == options_pb2.SYMBOL_MATCH_FLAGS
        self._shift = table.shift
        self._mask = table.mask
        self._symbols = [(symbol.value & self._bits, symbol.name) for symbol in table.symbols]

    def look_up(self, value: int) -> Symbols:
        """Reads a field's value as the kernel does."""
        if not self._mask:
            return Symbols((), 0)
        left = (value >> self._shift) & self._mask & self._bits
        if not self._flags:
            for symbol, name in self._symbols:
                if symbol == left:
                    return Symbols((name,), 0)
            return Symbols((), left)
        names = []
        for symbol, name in self._symbols:
            if not left:
                break
            if left & symbol == symbol:
                names.append(name)
                left &= ~symbol
        return Symbols(tuple(names), left)
