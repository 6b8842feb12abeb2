package tracery

import (
	"bytes"
	"slices"

	"tracery.dev/tracery/tracerypb"
)

// Kind is what a field's values are in Go.
type Kind uint8

const (
	// KindNone is of a field that this kernel's records do not have.
	KindNone Kind = iota
	// KindInt is a signed integer: int64.
	KindInt
	// KindUint is an unsigned integer: uint64.
	KindUint
	// KindBool is a bool.
	KindBool
	// KindText is a string.
	KindText
	// KindBytes is a []byte.
	KindBytes
	// KindInts is a list of signed integers: []int64.
	KindInts
	// KindUints is a list of unsigned integers: []uint64. Bitmasks are such lists, the lowest word first.
	KindUints
)

var kindNames = [...]string{"none", "int", "uint", "bool", "text", "bytes", "ints", "uints"}

// String is the kind's name in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

// Field reads one field of an event's records. Find it once and use it for every record, which is whole and begins with
// common_type; what Go has read from it is never outside of it. A field does not change, and any number of goroutines may
// use it.
//
// A record has no value of a field where the record is too short or damaged. [Field.Has] tells that from 0 and from an
// empty text. A nil Field has no value in any record, so a tool that would like a field need not ask whether there is one.
type Field struct {
	name       string
	occurrence int
	number     int32
	symbols    []*Symbols
	kind       Kind
	op         operation
	texts      *texts
}

// operation is one of a decode plan, found to be right.
type operation struct {
	place      tracerypb.Placement
	conversion tracerypb.Conversion
	// The value, or its location word, is at [from, end).
	from, end int
	// One integer, and its size.
	form form
	size int
	// The location word.
	location form
	wide     bool
	// Whether this is an integer at a fixed place, with nothing to compute: what nearly all are.
	plain bool
	// Nil for none.
	arithmetic *arithmetic
}

// Name is the kernel's name of the field.
func (f *Field) Name() string {
	if f == nil {
		return ""
	}
	return f.name
}

// Occurrence says which of the event's fields of this name it is, from 0.
func (f *Field) Occurrence() int {
	if f == nil {
		return 0
	}
	return f.occurrence
}

// Number is the field's number in the event's message.
func (f *Field) Number() int32 {
	if f == nil {
		return 0
	}
	return f.number
}

// Kind is what the field's values are.
func (f *Field) Kind() Kind {
	if f == nil {
		return KindNone
	}
	return f.kind
}

// Symbols are the kernel's tables of names for the values of an integer field, one for each use in the print format.
func (f *Field) Symbols() []*Symbols {
	if f == nil {
		return nil
	}
	return f.symbols
}

// Has is whether the record has a value of this field.
func (f *Field) Has(record []byte) bool {
	switch f.Kind() {
	case KindNone:
		return false
	case KindInt, KindUint, KindBool:
		_, ok := f.op.integer(record)
		return ok
	default:
		_, ok := f.op.span(record)
		return ok
	}
}

// Int is the record's value of an integer field; 0 if there is none. A value of an unsigned field beyond the largest int64
// is negative: use [Field.Uint].
func (f *Field) Int(record []byte) int64 {
	if f != nil && f.op.plain && f.op.end <= len(record) {
		return f.op.form.load(record[f.op.from:])
	}
	if f.Kind() != KindInt && f.Kind() != KindUint {
		return 0
	}
	v, _ := f.op.integer(record)
	return v
}

// Uint is the record's value of an integer field; 0 if there is none. A negative value of a signed field is what 64 bits
// make of it.
func (f *Field) Uint(record []byte) uint64 {
	return uint64(f.Int(record))
}

// Bool is the record's value of a bool field; false if there is none.
func (f *Field) Bool(record []byte) bool {
	if f.Kind() != KindBool {
		return false
	}
	v, _ := f.op.integer(record)
	return v != 0
}

// Text is the record's value of a text field, up to its first NUL, malformed UTF-8 replaced by U+FFFD; "" if there is
// none. The last few hundred different texts of up to 32 bytes are kept by the field and given again without allocating.
func (f *Field) Text(record []byte) string {
	if f.Kind() != KindText {
		return ""
	}
	b, ok := f.op.bytes(record)
	if !ok {
		return ""
	}
	return f.texts.of(b)
}

// AppendText appends the record's value of a text field to dst, as [Field.Text] has it.
func (f *Field) AppendText(dst, record []byte) []byte {
	if f.Kind() != KindText {
		return dst
	}
	b, _ := f.op.bytes(record)
	return appendText(dst, b)
}

// Bytes is the record's value of a field of bytes or text, as a view of the record: what the kernel wrote, a text up to its
// first NUL and not checked to be UTF-8. Nil if there is none. It never allocates.
func (f *Field) Bytes(record []byte) []byte {
	if f.Kind() != KindBytes && f.Kind() != KindText {
		return nil
	}
	b, ok := f.op.bytes(record)
	if ok && b == nil {
		// The empty value of an empty record.
		return []byte{}
	}
	return b
}

// AppendInts appends the record's values of a field of integers to dst, which may be nil.
func (f *Field) AppendInts(dst []int64, record []byte) []int64 {
	for i, n := 0, f.Len(record); i < n; i++ {
		dst = append(dst, f.At(record, i))
	}
	return dst
}

// AppendUints appends the record's values of a field of unsigned integers, or the words of a bitmask, to dst, which may be
// nil.
func (f *Field) AppendUints(dst []uint64, record []byte) []uint64 {
	for i, n := 0, f.Len(record); i < n; i++ {
		dst = append(dst, uint64(f.At(record, i)))
	}
	return dst
}

// Len is how many integers, or words of a bitmask, the record's value of the field has.
func (f *Field) Len(record []byte) int {
	if f.Kind() != KindInts && f.Kind() != KindUints {
		return 0
	}
	b, _ := f.op.span(record)
	return f.op.count(b)
}

// At is the integer with the index i, from 0, of the record's value of a list, or the word of a bitmask; 0 if there is
// none.
func (f *Field) At(record []byte, i int) int64 {
	if f.Kind() != KindInts && f.Kind() != KindUints {
		return 0
	}
	b, _ := f.op.span(record)
	if i < 0 || i >= f.op.count(b) {
		return 0
	}
	return f.op.at(b, i)
}

// Names are the kernel's names for the record's value of an integer field: of each flag that is set, or of the value, in
// the order of the print format; what two tables name alike is there once. Nil if there are none. [Symbols.AppendNames] does
// not allocate and tells what has no name.
func (f *Field) Names(record []byte) []string {
	if !f.Has(record) {
		return nil
	}
	var names []string
	for _, symbols := range f.symbols {
		names, _ = symbols.AppendNames(names, f.Int(record))
	}
	if len(f.symbols) <= 1 {
		return names
	}
	// Why: a print format may use the same table twice.
	var once []string
	for _, name := range names {
		if !slices.Contains(once, name) {
			once = append(once, name)
		}
	}
	return once
}

// Value is the record's value in the type that [Kind] says, nil if there is none. Bytes are a view of the record.
func (f *Field) Value(record []byte) any {
	if !f.Has(record) {
		return nil
	}
	switch f.kind {
	case KindInt:
		return f.Int(record)
	case KindUint:
		return f.Uint(record)
	case KindBool:
		return f.Bool(record)
	case KindText:
		return f.Text(record)
	case KindBytes:
		return f.Bytes(record)
	case KindInts:
		return f.AppendInts([]int64{}, record)
	default:
		return f.AppendUints([]uint64{}, record)
	}
}

// span is where the value lies; false if the record has none. The view can not be extended into the rest of the record.
func (op *operation) span(record []byte) ([]byte, bool) {
	if len(record) < op.end {
		return nil, false
	}
	base := 0
	switch op.place {
	case tracerypb.Placement_PLACEMENT_FIXED:
		return record[op.from:op.end:op.end], true
	case tracerypb.Placement_PLACEMENT_REST:
		return record[op.from:len(record):len(record)], true
	case tracerypb.Placement_PLACEMENT_REL_LOC:
		base = op.end
	}
	word := op.location.load(record[op.from:])
	from := base + int(word&0xffff)
	to := from + int(word>>16)
	if op.end-op.from == 2 {
		to = len(record)
	}
	if from > to || to > len(record) {
		return nil, false
	}
	return record[from:to:to], true
}

// integer is the value of CONVERSION_INTEGER and CONVERSION_BOOL.
func (op *operation) integer(record []byte) (int64, bool) {
	b, ok := op.span(record)
	if !ok || len(b) < op.size {
		return 0, false
	}
	v := op.form.load(b)
	if op.arithmetic != nil {
		v = op.arithmetic.apply(v)
	}
	return v, true
}

// bytes is the value of CONVERSION_BYTES, and that of CONVERSION_STRING before it is repaired.
func (op *operation) bytes(record []byte) ([]byte, bool) {
	b, ok := op.span(record)
	if ok && op.conversion == tracerypb.Conversion_CONVERSION_STRING {
		if end := bytes.IndexByte(b, 0); end >= 0 {
			b = b[:end:end]
		}
	}
	return b, ok
}

// count is how many integers or words of 64 bits b has.
func (op *operation) count(b []byte) int {
	n := len(b) / op.size
	if op.conversion == tracerypb.Conversion_CONVERSION_BITMASK {
		return (n*op.size + 7) / 8
	}
	return n
}

// at is an integer of b or, of a bitmask, a word of 64 bits: what is behind the last whole word of the kernel's is 0.
func (op *operation) at(b []byte, i int) int64 {
	if op.conversion != tracerypb.Conversion_CONVERSION_BITMASK {
		return op.form.load(b[i*op.size:])
	}
	var word int64
	for from, bits := i*8, 0; bits < 64 && from+op.size <= len(b); from, bits = from+op.size, bits+8*op.size {
		word |= op.form.load(b[from:]) << bits
	}
	return word
}
