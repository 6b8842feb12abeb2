package tracery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/types/descriptorpb"

	"tracery.dev/tracery/internal/conformancepb"
	"tracery.dev/tracery/tracerypb"
)

// score counts the cases of one kind.
type score struct {
	name          string
	cases, passed int
}

var scores = []*score{{name: "layouts"}, {name: "plans"}, {name: "records"}, {name: "negotiations"}}

func TestMain(m *testing.M) {
	code := m.Run()
	if report := os.Getenv("TRACERY_CONFORMANCE_REPORT"); report != "" {
		var text strings.Builder
		for _, s := range scores {
			fmt.Fprintf(&text, "%s\t%d\t%d\n", s.name, s.cases, s.passed)
		}
		if err := os.WriteFile(report, []byte(text.String()), 0o666); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// run runs a case and counts it.
func (s *score) run(t *testing.T, name string, test func(t *testing.T)) {
	s.cases++
	if t.Run(name, test) {
		s.passed++
	}
}

func readVectors[M proto.Message](t testing.TB, file string, vectors M) M {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "conformance", file))
	if err != nil {
		t.Fatal(err)
	}
	if err := protojson.Unmarshal(text, vectors); err != nil {
		t.Fatal(file, err)
	}
	return vectors
}

func TestConformanceLayoutsHaveTheirHashAndID(t *testing.T) {
	for _, c := range readVectors(t, "layouts.json", &conformancepb.LayoutVectors{}).Cases {
		scores[0].run(t, c.Name, func(t *testing.T) {
			kernel := &tracerypb.KernelIdentity{WordSize: c.WordSize, ByteOrder: c.ByteOrder}
			format := newFormat("some/event", c.Text, kernel)
			if !bytes.Equal(format.hash, c.Hash) {
				t.Errorf("the hash is %x, expected %x", format.hash, c.Hash)
			}
			if format.id != c.Id {
				t.Errorf("the id is %d, expected %d", format.id, c.Id)
			}
		})
	}
}

func TestConformanceRecordsBecomeTheirValuesAndMessages(t *testing.T) {
	for _, c := range readVectors(t, "records.json", &conformancepb.RecordVectors{}).Plans {
		decoder, err := NewDecoder(readingOf(t, c))
		if c.Refused != "" {
			scores[1].run(t, c.Name, func(t *testing.T) {
				if err == nil {
					t.Fatalf("the plan was taken although %s", c.Refused)
				}
				t.Log(err)
			})
			continue
		}
		for _, r := range c.Records {
			scores[2].run(t, c.Name+"/"+r.Name, func(t *testing.T) {
				if err != nil {
					t.Fatal(err)
				}
				checkRecord(t, decoder, r)
			})
		}
	}
}

func readingOf(t testing.TB, c *conformancepb.PlanCase) *tracerypb.EventReading {
	t.Helper()
	file := &descriptorpb.FileDescriptorProto{}
	if err := proto.Unmarshal(c.File, file); err != nil {
		t.Fatal(c.Name, err)
	}
	return &tracerypb.EventReading{DecodePlan: c.Plan, File: file, MessageName: c.MessageName}
}

func checkRecord(t *testing.T, decoder *Decoder, r *conformancepb.RecordCase) {
	record := slices.Clip(r.Record)
	if message := decoder.AppendMessage(nil, record); !bytes.Equal(message, r.Message) {
		t.Errorf("the message is\n%x, expected\n%x", message, r.Message)
	}
	expected := map[int32]*conformancepb.FieldValue{}
	for _, value := range r.Fields {
		expected[value.Number] = value
		f := decoder.FieldAt(value.Name, int(value.Occurrence))
		if f.Number() != value.Number {
			t.Errorf("%s (%d) has the number %d, expected %d", value.Name, value.Occurrence, f.Number(), value.Number)
		}
		if value.Occurrence == 0 && decoder.Field(value.Name) != f {
			t.Errorf("%s is not found by its name", value.Name)
		}
	}
	for _, f := range decoder.Fields() {
		value := expected[f.Number()]
		if f.Has(record) != (value != nil) {
			t.Errorf("%s has a value: %v, expected %v", f.Name(), f.Has(record), value != nil)
		}
		if got := f.Value(record); !reflect.DeepEqual(got, goValue(value)) {
			t.Errorf("%s is %#v, expected %#v", f.Name(), got, goValue(value))
		}
		if value != nil {
			checkSymbols(t, f, record, value.Symbols)
		}
	}
}

func checkSymbols(t *testing.T, f *Field, record []byte, expected []*conformancepb.SymbolNames) {
	if len(f.Symbols()) != len(expected) {
		t.Fatalf("%s has %d symbol tables, expected %d", f.Name(), len(f.Symbols()), len(expected))
	}
	var all []string
	for i, symbols := range f.Symbols() {
		names, rest := symbols.AppendNames(nil, f.Int(record))
		if !slices.Equal(names, expected[i].Names) || rest != expected[i].Rest {
			t.Errorf("%s's names are %q and %#x, expected %q and %#x", f.Name(), names, rest, expected[i].Names, expected[i].Rest)
		}
		for _, name := range names {
			if i == 0 || !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	if names := f.Names(record); !slices.Equal(names, all) {
		t.Errorf("%s's names are %q, expected %q", f.Name(), names, all)
	}
}

// goValue is nil where there is no value.
func goValue(value *conformancepb.FieldValue) any {
	switch v := value.GetValue().(type) {
	case *conformancepb.FieldValue_SignedInteger:
		return v.SignedInteger
	case *conformancepb.FieldValue_UnsignedInteger:
		return v.UnsignedInteger
	case *conformancepb.FieldValue_Boolean:
		return v.Boolean
	case *conformancepb.FieldValue_Text:
		return v.Text
	case *conformancepb.FieldValue_Data:
		return append([]byte{}, v.Data...)
	case *conformancepb.FieldValue_SignedList:
		return append([]int64{}, v.SignedList.GetValues()...)
	case *conformancepb.FieldValue_UnsignedList:
		return append([]uint64{}, v.UnsignedList.GetValues()...)
	}
	return nil
}

func TestConformanceNegotiationsMakeTheirCallsAndEndAsTheyMust(t *testing.T) {
	for _, c := range readVectors(t, "negotiations.json", &conformancepb.NegotiationVectors{}).Cases {
		scores[3].run(t, c.Name, func(t *testing.T) { checkNegotiation(t, c) })
	}
}

func checkNegotiation(t *testing.T, c *conformancepb.NegotiationCase) {
	events := t.TempDir()
	for _, format := range c.Formats {
		writeFile(t, filepath.Join(events, format.Event, "format"), format.Text)
	}
	for _, event := range c.Unreadable {
		if err := os.MkdirAll(filepath.Join(events, event, "format"), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	kernel, err := TracefsKernel(events, c.Kernel)
	if err != nil {
		t.Fatal(err)
	}
	registry := &scriptedRegistry{}
	server := serve(t, func(s *grpc.Server) { tracerypb.RegisterNegotiationServiceServer(s, registry) })
	cacheDir := filepath.Join(t.TempDir(), "negotiations")
	for i, start := range c.Starts {
		registry.script(start.Exchanges)
		keptFile := filepath.Join(cacheDir, start.KeptName)
		if start.Kept != nil {
			if err := os.MkdirAll(cacheDir, 0o700); err != nil {
				t.Fatal(err)
			}
			writeFile(t, keptFile, start.Kept)
		}
		client := connect(t, server, WithCache(cacheDir, 0), WithLogger(slog.New(slog.DiscardHandler)))
		client.now = func() time.Time { return start.Time.AsTime() }
		negotiate := client.Negotiate
		if start.DryRun {
			negotiate = client.CanStart
		}
		n, err := negotiate(context.Background(), c.Tool, kernel)
		got := startedOf(t, n, err)
		if !proto.Equal(got, start.Result) {
			t.Errorf("start %d ended\n%v\nexpected\n%v", i, protojson.Format(got), protojson.Format(start.Result))
		}
		for _, problem := range registry.problems() {
			t.Errorf("start %d: %s", i, problem)
		}
		if start.KeptName != "" {
			if _, err := os.Stat(keptFile); (err == nil) != start.IsKept {
				t.Errorf("start %d: %s is kept: %v, expected %v", i, start.KeptName, err == nil, start.IsKept)
			}
		}
	}
}

// startedOf puts what a tool gets into the words of the vectors.
func startedOf(t *testing.T, n *Negotiation, err error) *conformancepb.Started {
	started := &conformancepb.Started{Kind: conformancepb.Kind_KIND_STARTED}
	var refused *RefusedError
	var unreachable *UnreachableError
	switch {
	case errors.As(err, &refused):
		started.Kind = conformancepb.Kind_KIND_REFUSED
		n = refused.Negotiation
		for _, reason := range n.Reasons() {
			if !strings.Contains(err.Error(), reason) {
				t.Errorf("the error does not say %q:\n%v", reason, err)
			}
		}
	case errors.As(err, &unreachable):
		return &conformancepb.Started{Kind: conformancepb.Kind_KIND_UNREACHABLE}
	case err != nil:
		return &conformancepb.Started{Kind: conformancepb.Kind_KIND_FAILED, Status: uint32(status.Code(err))}
	}
	started.Outcome, started.Source = n.Outcome(), conformancepb.Source(n.Source)+1
	started.Reasons, started.Notes = n.Reasons(), n.Notes()
	for _, warning := range n.Warnings() {
		if n.Offline != nil {
			warning = strings.Replace(warning, "("+whyUnreachable(n.Offline)+");", "(...);", 1)
		}
		started.Warnings = append(started.Warnings, warning)
	}
	for _, event := range n.Events() {
		if decoder, err := n.Decoder(event); err != nil || decoder.Event() != event {
			t.Errorf("%s cannot be decoded: %v", event, err)
		}
		started.Events = append(started.Events, event)
	}
	return started
}

// scriptedRegistry expects calls in their order, and answers as it was told.
type scriptedRegistry struct {
	tracerypb.UnimplementedNegotiationServiceServer
	mutex     sync.Mutex
	exchanges []*conformancepb.Exchange
	calls     int
	wrong     []string
}

func (r *scriptedRegistry) script(exchanges []*conformancepb.Exchange) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.exchanges, r.calls, r.wrong = exchanges, 0, nil
}

func (r *scriptedRegistry) problems() []string {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.calls != len(r.exchanges) {
		return append(r.wrong, fmt.Sprintf("%d calls, expected %d", r.calls, len(r.exchanges)))
	}
	return r.wrong
}

func (r *scriptedRegistry) Negotiate(_ context.Context, request *tracerypb.NegotiateRequest) (*tracerypb.NegotiateResponse, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.calls++
	if r.calls > len(r.exchanges) {
		return nil, status.Error(codes.FailedPrecondition, "one call too many")
	}
	exchange := r.exchanges[r.calls-1]
	if !proto.Equal(request, exchange.Request) {
		r.wrong = append(r.wrong, fmt.Sprintf("call %d is\n%v\nexpected\n%v",
			r.calls, protojson.Format(request), protojson.Format(exchange.Request)))
	}
	if code := exchange.GetStatus(); code != 0 {
		return nil, status.Error(codes.Code(code), "scripted")
	}
	response := &tracerypb.NegotiateResponse{}
	return response, proto.Unmarshal(exchange.GetResponse(), response)
}

func writeFile(t *testing.T, name string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, content, 0o600); err != nil {
		t.Fatal(err)
	}
}
