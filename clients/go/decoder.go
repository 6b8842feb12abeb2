package tracery

import (
	"fmt"
	"math/bits"
	"slices"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"

	"tracery.dev/tracery/tracerypb"
)

// Decoder reads the records of one event of one kernel: as Go values through its fields, or as the bytes of the event's
// protobuf message. It does not change, and any number of goroutines may use it.
type Decoder struct {
	reading *tracerypb.EventReading
	fields  []*Field
	// Those with an operation, by number.
	filled []*Field
}

// NewDecoder makes a decoder of what the registry says about an event ([Negotiation.Decoder] does it for you). A plan that
// is not as decode.proto says is an error, and so is one without its message.
func NewDecoder(reading *tracerypb.EventReading) (*Decoder, error) {
	plan := reading.GetDecodePlan()
	if err := checkPlan(plan); err != nil {
		return nil, err
	}
	message := findMessage(reading.GetFile(), reading.GetMessageName())
	if message == nil {
		return nil, fmt.Errorf("tracery: the file of %q has no message %q", plan.GetEvent(), reading.GetMessageName())
	}
	operations := make(map[int32]*tracerypb.DecodeOperation, len(plan.GetOperations()))
	for _, operation := range plan.GetOperations() {
		operations[operation.GetFieldNumber()] = operation
	}
	d := &Decoder{reading: reading}
	for _, described := range message.GetField() {
		options, _ := proto.GetExtension(described.GetOptions(), tracerypb.E_EventField).(*tracerypb.EventFieldOptions)
		f := &Field{name: options.GetName(), occurrence: int(options.GetOccurrence()), number: described.GetNumber()}
		operation := operations[f.number]
		delete(operations, f.number)
		f.fill(plan, operation)
		if f.kind == KindInt || f.kind == KindUint {
			for _, table := range options.GetSymbols() {
				f.symbols = append(f.symbols, newSymbols(table, operation.GetSigned(), f.op.wide))
			}
		}
		d.fields = append(d.fields, f)
	}
	// Fields that the message does not describe are in its bytes all the same.
	d.filled = slices.DeleteFunc(slices.Clone(d.fields), func(f *Field) bool { return f.kind == KindNone })
	for number, operation := range operations {
		f := &Field{number: number}
		f.fill(plan, operation)
		d.filled = append(d.filled, f)
	}
	slices.SortFunc(d.filled, func(a, b *Field) int { return int(a.number) - int(b.number) })
	return d, nil
}

func findMessage(file *descriptorpb.FileDescriptorProto, name string) *descriptorpb.DescriptorProto {
	for _, message := range file.GetMessageType() {
		if protoreflect.FullName(file.GetPackage()).Append(protoreflect.Name(message.GetName())) == protoreflect.FullName(name) {
			return message
		}
	}
	return nil
}

// fill takes the field's operation, nil if it has none.
func (f *Field) fill(plan *tracerypb.DecodePlan, from *tracerypb.DecodeOperation) {
	if from == nil {
		return
	}
	big := plan.GetByteOrder() == tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN
	f.op = operation{
		place:      from.GetPlacement(),
		conversion: from.GetConversion(),
		from:       int(from.GetOffset()),
		end:        int(from.GetOffset() + from.GetSize()),
		location:   formOf(int(from.GetSize()), false, big),
		size:       int(from.GetElementSize()),
		wide:       plan.GetWordSize() == tracerypb.WordSize_WORD_SIZE_64 || from.GetElementSize() == 8,
	}
	signed := from.GetSigned()
	switch f.op.conversion {
	case tracerypb.Conversion_CONVERSION_INTEGER:
		f.kind = KindUint
		if signed {
			f.kind = KindInt
		}
		f.op.arithmetic = arithmeticOf(from)
		f.op.plain = f.op.place == tracerypb.Placement_PLACEMENT_FIXED && f.op.arithmetic == nil &&
			f.op.size <= int(from.GetSize())
	case tracerypb.Conversion_CONVERSION_BOOL:
		f.kind, signed = KindBool, false
	case tracerypb.Conversion_CONVERSION_STRING:
		f.kind, f.texts = KindText, new(texts)
	case tracerypb.Conversion_CONVERSION_BYTES:
		f.kind = KindBytes
	case tracerypb.Conversion_CONVERSION_INTEGERS:
		f.kind = KindUints
		if signed {
			f.kind = KindInts
		}
	default:
		f.kind, signed = KindUints, false
	}
	f.op.form = formOf(f.op.size, signed, big)
}

// Event is the event's name, `system/name`.
func (d *Decoder) Event() string {
	return d.reading.GetDecodePlan().GetEvent()
}

// Field is the event's field of that name in the kernel, the first if there are several; nil if there is none. A nil
// [Field] can be used: no record has a value of it.
func (d *Decoder) Field(name string) *Field {
	var first *Field
	for _, f := range d.fields {
		if f.name == name && (first == nil || f.occurrence < first.occurrence) {
			first = f
		}
	}
	return first
}

// FieldAt is one of several fields of a name, counted from 0; nil if there is none.
func (d *Decoder) FieldAt(name string, occurrence int) *Field {
	for _, f := range d.fields {
		if f.name == name && f.occurrence == occurrence {
			return f
		}
	}
	return nil
}

// Fields are all fields of the event's message in its order, those of [KindNone] too. The slice is the decoder's own.
func (d *Decoder) Fields() []*Field {
	return d.fields
}

// Message describes the event's protobuf message, for dynamicpb and for protojson.
func (d *Decoder) Message() (protoreflect.MessageDescriptor, error) {
	file, err := protodesc.NewFile(d.reading.GetFile(), protoregistry.GlobalFiles)
	if err != nil {
		return nil, fmt.Errorf("tracery: the message of %q: %w", d.Event(), err)
	}
	return file.Messages().ByName(protoreflect.FullName(d.reading.GetMessageName()).Name()), nil
}

// AppendMessage appends the bytes of the event's protobuf message for a record to dst, which may be nil. It allocates only
// where dst must grow.
func (d *Decoder) AppendMessage(dst, record []byte) []byte {
	for _, f := range d.filled {
		dst = f.appendTo(dst, record)
	}
	return dst
}

// appendTo writes the field unless its value is 0, false or empty.
func (f *Field) appendTo(dst, record []byte) []byte {
	number := protowire.Number(f.number)
	switch f.kind {
	case KindInt, KindUint, KindBool:
		v, _ := f.op.integer(record)
		if v == 0 {
			return dst
		}
		if f.kind == KindBool {
			v = 1
		}
		return protowire.AppendVarint(protowire.AppendTag(dst, number, protowire.VarintType), uint64(v))
	case KindText:
		b, _ := f.op.bytes(record)
		if len(b) == 0 {
			return dst
		}
		return appendTextField(dst, number, b)
	case KindBytes:
		b, _ := f.op.bytes(record)
		if len(b) == 0 {
			return dst
		}
		return protowire.AppendBytes(protowire.AppendTag(dst, number, protowire.BytesType), b)
	default:
		b, _ := f.op.span(record)
		return f.op.appendPacked(dst, number, b)
	}
}

func appendTextField(dst []byte, number protowire.Number, text []byte) []byte {
	dst = protowire.AppendTag(dst, number, protowire.BytesType)
	start := len(dst)
	dst = protowire.AppendVarint(dst, uint64(len(text)))
	head := len(dst) - start
	dst = appendText(dst, text)
	length := len(dst) - start - head
	if length == len(text) {
		return dst
	}
	// The repaired text is longer, and its length may be, too.
	if more := protowire.SizeVarint(uint64(length)) - head; more > 0 {
		dst = slices.Insert(dst, start, make([]byte, more)...)
	}
	protowire.AppendVarint(dst[:start], uint64(length))
	return dst
}

func (op *operation) appendPacked(dst []byte, number protowire.Number, b []byte) []byte {
	n, size := op.count(b), 0
	for i := range n {
		size += (bits.Len64(uint64(op.at(b, i))|1) + 6) / 7
	}
	if size == 0 {
		return dst
	}
	dst = protowire.AppendTag(dst, number, protowire.BytesType)
	dst = protowire.AppendVarint(dst, uint64(size))
	for i := range n {
		dst = protowire.AppendVarint(dst, uint64(op.at(b, i)))
	}
	return dst
}
