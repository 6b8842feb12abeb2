package tracery

import "tracery.dev/tracery/tracerypb"

// Symbols has the kernel's names for the values or flags of a field: one use of __print_symbolic or __print_flags in the
// event's print format. It does not change and may be used by any number of goroutines.
type Symbols struct {
	table  *tracerypb.SymbolTable
	signed bool
	// The bits in which the kernel compares.
	width uint64
	// The symbols' values, cut to the width.
	values []uint64
}

func newSymbols(table *tracerypb.SymbolTable, signed, wide bool) *Symbols {
	s := &Symbols{table: table, signed: signed, width: 1<<32 - 1}
	if wide {
		s.width = 1<<64 - 1
	}
	for _, symbol := range table.GetSymbols() {
		s.values = append(s.values, uint64(symbol.GetValue())&s.width)
	}
	return s
}

// Flags is whether the names are of flags, of which a value can have several.
func (s *Symbols) Flags() bool {
	return s.table.GetMatch() == tracerypb.SymbolMatch_SYMBOL_MATCH_FLAGS
}

// Delimiter is what the kernel prints between the names of two flags.
func (s *Symbols) Delimiter() string {
	return s.table.GetDelimiter()
}

// AppendNames appends the names that a value of the field has to dst, which may be nil. The rest is what no name stands
// for: the flags that are left, or the whole value; 0 if there is nothing. It allocates only where dst must grow.
func (s *Symbols) AppendNames(dst []string, value int64) (names []string, rest uint64) {
	if s.table.GetMask() == 0 {
		return dst, 0
	}
	left := uint64(shiftRight(value, s.table.GetShift(), s.signed)) & s.table.GetMask() & s.width
	flags := s.Flags()
	for i, v := range s.values {
		switch {
		case flags && left == 0:
			return dst, 0
		case flags && left&v == v:
			dst = append(dst, s.table.Symbols[i].GetName())
			left &^= v
		case !flags && left == v:
			return append(dst, s.table.Symbols[i].GetName()), 0
		}
	}
	return dst, left
}
