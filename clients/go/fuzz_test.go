package tracery

import (
	"bytes"
	"fmt"
	"math/big"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
	"google.golang.org/protobuf/types/dynamicpb"

	"tracery.dev/tracery/tracerypb"
)

// FuzzDecode runs random right plans on records that the fuzzer makes, and compares with the witness below.
func FuzzDecode(f *testing.F) {
	for seed := range uint64(4) {
		f.Add(seed, randomRecord(rand.New(rand.NewPCG(seed, 1))))
	}
	f.Fuzz(func(t *testing.T, seed uint64, record []byte) {
		checkAgainstWitness(t, randomReading(rand.New(rand.NewPCG(seed, 0))), record)
	})
}

// FuzzPlan takes plans as they come: each is refused or runs, and neither is a crash.
func FuzzPlan(f *testing.F) {
	for seed := range uint64(8) {
		r := rand.New(rand.NewPCG(seed, 2))
		reading, err := proto.Marshal(randomReading(r))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(reading, randomRecord(r))
	}
	f.Fuzz(func(t *testing.T, bytes, record []byte) {
		reading := &tracerypb.EventReading{}
		if proto.Unmarshal(bytes, reading) == nil {
			useEverything(reading, record)
		}
	})
}

func TestRandomPlansAndRecordsAreDecodedAsTheWitnessDoes(t *testing.T) {
	for seed := range uint64(rounds10000()) {
		r := rand.New(rand.NewPCG(seed, 3))
		reading := randomReading(r)
		for range 4 {
			checkAgainstWitness(t, reading, randomRecord(r))
		}
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func TestDamagedPlansAreRefusedOrRunAndNeverCrash(t *testing.T) {
	for seed := range uint64(rounds10000()) {
		r := rand.New(rand.NewPCG(seed, 4))
		b, err := proto.Marshal(randomReading(r))
		if err != nil {
			t.Fatal(err)
		}
		for range 1 + r.IntN(4) {
			b[r.IntN(len(b))] = byte(r.Uint32())
		}
		reading := &tracerypb.EventReading{}
		if proto.Unmarshal(b, reading) == nil {
			useEverything(reading, randomRecord(r))
		}
	}
}

func rounds10000() int {
	if testing.Short() {
		return 1000
	}
	return 10_000
}

// useEverything calls every method that reads a record.
func useEverything(reading *tracerypb.EventReading, record []byte) {
	decoder, err := NewDecoder(reading)
	if err != nil {
		return
	}
	decoder.AppendMessage(nil, record)
	for _, f := range append(decoder.Fields(), nil) {
		f.Has(record)
		f.Value(record)
		f.Names(record)
		f.Int(record)
		f.Uint(record)
		f.Bool(record)
		f.Text(record)
		f.AppendText(nil, record)
		f.Bytes(record)
		f.AppendInts(nil, record)
		f.AppendUints(nil, record)
		f.At(record, f.Len(record))
		f.At(record, -1)
	}
}

func pick[T any](r *rand.Rand, of ...T) T {
	return of[r.IntN(len(of))]
}

// randomReading has a right plan and a message with a field of 64 bits for each integer.
func randomReading(r *rand.Rand) *tracerypb.EventReading {
	plan := &tracerypb.DecodePlan{
		Event:     "made/event",
		ByteOrder: pick(r, tracerypb.ByteOrder_BYTE_ORDER_LITTLE_ENDIAN, tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN),
		WordSize:  pick(r, tracerypb.WordSize_WORD_SIZE_32, tracerypb.WordSize_WORD_SIZE_64),
	}
	message := &descriptorpb.DescriptorProto{Name: proto.String("M")}
	for i := range 1 + r.IntN(6) {
		operation := &tracerypb.DecodeOperation{
			FieldNumber: int32(1 + i*pick(r, 1, 7, 100)),
			Placement:   tracerypb.Placement(1 + r.IntN(4)),
			Conversion:  tracerypb.Conversion(1 + r.IntN(6)),
			Offset:      uint32(r.IntN(48)),
			Size:        uint32(r.IntN(20)),
			ElementSize: pick[uint32](r, 1, 2, 4, 8),
			Signed:      r.IntN(2) == 0,
		}
		if slices.ContainsFunc(plan.Operations, func(o *tracerypb.DecodeOperation) bool {
			return o.FieldNumber == operation.FieldNumber
		}) {
			continue
		}
		switch operation.Placement {
		case tracerypb.Placement_PLACEMENT_DATA_LOC, tracerypb.Placement_PLACEMENT_REL_LOC:
			operation.Size = pick[uint32](r, 2, 4)
		case tracerypb.Placement_PLACEMENT_REST:
			operation.Size = 0
		}
		if operation.Conversion == tracerypb.Conversion_CONVERSION_INTEGER && r.IntN(2) == 0 {
			operation.Arithmetic = &tracerypb.Arithmetic{
				ShiftRight: pick(r, 0, uint32(r.IntN(64))), Mask: pick(r, 0, r.Uint64()),
				Multiply: pick(r, 0, 3, int64(r.Uint64())), Divide: pick(r, 0, 1, -1, 1000, int64(r.Uint64())),
				Add: pick(r, 0, int64(r.Uint64())),
			}
		}
		plan.Operations = append(plan.Operations, operation)
		message.Field = append(message.Field, fieldOf(r, operation))
	}
	file := &descriptorpb.FileDescriptorProto{
		Name: proto.String("made.proto"), Package: proto.String("made"), Syntax: proto.String("proto3"),
		Dependency:  []string{"tracery/v1/options.proto"},
		MessageType: []*descriptorpb.DescriptorProto{message},
	}
	return &tracerypb.EventReading{Event: plan.Event, DecodePlan: plan, File: file, MessageName: "made.M"}
}

func fieldOf(r *rand.Rand, operation *tracerypb.DecodeOperation) *descriptorpb.FieldDescriptorProto {
	name := fmt.Sprintf("f%d", operation.FieldNumber)
	kind, label := descriptorpb.FieldDescriptorProto_TYPE_UINT64, descriptorpb.FieldDescriptorProto_LABEL_OPTIONAL
	if operation.Signed && operation.Conversion != tracerypb.Conversion_CONVERSION_BITMASK {
		kind = descriptorpb.FieldDescriptorProto_TYPE_INT64
	}
	switch operation.Conversion {
	case tracerypb.Conversion_CONVERSION_BOOL:
		kind = descriptorpb.FieldDescriptorProto_TYPE_BOOL
	case tracerypb.Conversion_CONVERSION_STRING:
		kind = descriptorpb.FieldDescriptorProto_TYPE_STRING
	case tracerypb.Conversion_CONVERSION_BYTES:
		kind = descriptorpb.FieldDescriptorProto_TYPE_BYTES
	case tracerypb.Conversion_CONVERSION_INTEGERS, tracerypb.Conversion_CONVERSION_BITMASK:
		label = descriptorpb.FieldDescriptorProto_LABEL_REPEATED
	}
	options := &descriptorpb.FieldOptions{}
	table := &tracerypb.SymbolTable{
		Match: tracerypb.SymbolMatch(1 + r.IntN(2)), Shift: pick(r, 0, uint32(r.IntN(70))), Mask: pick(r, 0, ^uint64(0), r.Uint64()),
		Symbols: []*tracerypb.Symbol{{Value: 1, Name: "A"}, {Value: int64(r.Uint64()), Name: "B"}, {Value: 0, Name: "C"}},
	}
	proto.SetExtension(options, tracerypb.E_EventField,
		&tracerypb.EventFieldOptions{Name: name, Symbols: []*tracerypb.SymbolTable{table}})
	return &descriptorpb.FieldDescriptorProto{
		Name: proto.String(name), Number: proto.Int32(operation.FieldNumber), Type: kind.Enum(), Label: label.Enum(), Options: options}
}

// randomRecord has small numbers where locations may be, so that they often point into it.
func randomRecord(r *rand.Rand) []byte {
	record := make([]byte, r.IntN(80))
	for i := range record {
		record[i] = pick(r, 0, byte(r.IntN(8)), byte(r.IntN(64)), 'a', byte(r.Uint32()), pick[byte](r, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0xed, 0xa0))
	}
	return slices.Clip(record)
}

// checkAgainstWitness compares values and message with what protobuf's own dynamic message makes of big integers.
func checkAgainstWitness(t *testing.T, reading *tracerypb.EventReading, record []byte) {
	t.Helper()
	decoder, err := NewDecoder(reading)
	if err != nil {
		t.Fatal(err)
	}
	descriptor, err := decoder.Message()
	if err != nil {
		t.Fatal(err)
	}
	expected := dynamicpb.NewMessage(descriptor)
	for _, operation := range reading.DecodePlan.Operations {
		field := descriptor.Fields().ByNumber(protoreflect.FieldNumber(operation.FieldNumber))
		value := witness{reading.DecodePlan, operation, record}.value()
		if got := decoder.Field(string(field.Name())).Value(record); !reflect.DeepEqual(got, value) {
			t.Errorf("%v\nof %x is %#v, expected %#v", operation, record, got, value)
		}
		set(expected, field, value)
	}
	wanted, err := proto.MarshalOptions{Deterministic: true}.Marshal(expected)
	if err != nil {
		t.Fatal(err)
	}
	message := decoder.AppendMessage([]byte("before"), record)
	if message, ok := bytes.CutPrefix(message, []byte("before")); !ok || !bytes.Equal(message, wanted) {
		t.Errorf("%v\nof %x makes the message\n%x, expected\n%x", reading.DecodePlan, record, message, wanted)
	}
	useEverything(reading, record)
}

func set(message *dynamicpb.Message, field protoreflect.FieldDescriptor, value any) {
	switch v := value.(type) {
	case nil:
	case []int64:
		list := message.Mutable(field).List()
		for _, element := range v {
			list.Append(protoreflect.ValueOf(element))
		}
	case []uint64:
		list := message.Mutable(field).List()
		for _, element := range v {
			list.Append(protoreflect.ValueOf(element))
		}
	default:
		message.Set(field, protoreflect.ValueOf(v))
	}
}

// witness decodes one operation by other means: big integers, whose arithmetic is cut to 64 bits afterwards.
type witness struct {
	plan      *tracerypb.DecodePlan
	operation *tracerypb.DecodeOperation
	record    []byte
}

func (w witness) value() any {
	from, to := int(w.operation.Offset), int(w.operation.Offset+w.operation.Size)
	if to > len(w.record) {
		return nil
	}
	switch w.operation.Placement {
	case tracerypb.Placement_PLACEMENT_REST:
		to = len(w.record)
	case tracerypb.Placement_PLACEMENT_DATA_LOC, tracerypb.Placement_PLACEMENT_REL_LOC:
		word := w.integer(w.record[from:to], false).Uint64()
		base := 0
		if w.operation.Placement == tracerypb.Placement_PLACEMENT_REL_LOC {
			base = to
		}
		from, to = base+int(word%65536), base+int(word%65536)+int(word/65536)
		if w.operation.Size == 2 {
			to = len(w.record)
		}
		if from > to || to > len(w.record) {
			return nil
		}
	}
	return w.converted(w.record[from:to])
}

func (w witness) converted(b []byte) any {
	size := int(w.operation.ElementSize)
	signed := w.operation.Signed
	switch w.operation.Conversion {
	case tracerypb.Conversion_CONVERSION_INTEGER:
		if len(b) < size {
			return nil
		}
		v := w.computed(w.integer(b[:size], signed))
		if signed {
			return int64(v)
		}
		return v
	case tracerypb.Conversion_CONVERSION_BOOL:
		if len(b) < size {
			return nil
		}
		return w.integer(b[:size], false).Sign() != 0
	case tracerypb.Conversion_CONVERSION_STRING:
		text, _, _ := bytes.Cut(b, []byte{0})
		return repaired(text)
	case tracerypb.Conversion_CONVERSION_BYTES:
		return append([]byte{}, b...)
	case tracerypb.Conversion_CONVERSION_INTEGERS:
		ints, uints := []int64{}, []uint64{}
		for ; len(b) >= size; b = b[size:] {
			ints = append(ints, int64(low64(w.integer(b[:size], true))))
			uints = append(uints, low64(w.integer(b[:size], false)))
		}
		if signed {
			return ints
		}
		return uints
	default:
		mask, words := new(big.Int), 0
		for i := 0; (i+1)*size <= len(b); i++ {
			mask.Or(mask, new(big.Int).Lsh(w.integer(b[i*size:(i+1)*size], false), uint(8*size*i)))
			words = (8*size*(i+1) + 63) / 64
		}
		uints := []uint64{}
		for i := range words {
			uints = append(uints, low64(new(big.Int).Rsh(mask, uint(64*i))))
		}
		return uints
	}
}

func (w witness) integer(b []byte, signed bool) *big.Int {
	b = slices.Clone(b)
	if w.plan.ByteOrder == tracerypb.ByteOrder_BYTE_ORDER_LITTLE_ENDIAN {
		slices.Reverse(b)
	}
	v := new(big.Int).SetBytes(b)
	if signed && len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}

func (w witness) computed(v *big.Int) uint64 {
	a := w.operation.Arithmetic
	if a == nil {
		return low64(v)
	}
	wrap := func(v *big.Int) *big.Int {
		if w.operation.Signed {
			return big.NewInt(int64(low64(v)))
		}
		return new(big.Int).SetUint64(low64(v))
	}
	v = new(big.Int).Rsh(v, uint(a.ShiftRight))
	if a.Mask != 0 {
		v = wrap(new(big.Int).And(v, new(big.Int).SetUint64(a.Mask)))
	}
	if a.Multiply != 0 {
		v = wrap(new(big.Int).Mul(v, big.NewInt(a.Multiply)))
	}
	if a.Divide != 0 {
		v = wrap(new(big.Int).Quo(v, wrap(big.NewInt(a.Divide))))
	}
	return low64(v.Add(v, big.NewInt(a.Add)))
}

func low64(v *big.Int) uint64 {
	return new(big.Int).And(v, new(big.Int).SetUint64(1<<64-1)).Uint64()
}

// repaired goes by the table of well-formed sequences (Unicode 16, table 3-7).
func repaired(text []byte) string {
	rows := [][]([2]byte){
		{{0x00, 0x7f}}, {{0xc2, 0xdf}, {0x80, 0xbf}}, {{0xe0, 0xe0}, {0xa0, 0xbf}, {0x80, 0xbf}},
		{{0xe1, 0xec}, {0x80, 0xbf}, {0x80, 0xbf}}, {{0xed, 0xed}, {0x80, 0x9f}, {0x80, 0xbf}},
		{{0xee, 0xef}, {0x80, 0xbf}, {0x80, 0xbf}}, {{0xf0, 0xf0}, {0x90, 0xbf}, {0x80, 0xbf}, {0x80, 0xbf}},
		{{0xf1, 0xf3}, {0x80, 0xbf}, {0x80, 0xbf}, {0x80, 0xbf}}, {{0xf4, 0xf4}, {0x80, 0x8f}, {0x80, 0xbf}, {0x80, 0xbf}},
	}
	out := ""
	for len(text) > 0 {
		longest, whole := 1, false
		for _, row := range rows {
			n := 0
			for n < len(row) && n < len(text) && row[n][0] <= text[n] && text[n] <= row[n][1] {
				n++
			}
			if n > 0 {
				longest, whole = n, n == len(row)
				break
			}
		}
		if whole {
			out += string(text[:longest])
		} else {
			out += "\uFFFD"
		}
		text = text[longest:]
	}
	return out
}
