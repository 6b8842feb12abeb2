package tracery

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

// fakeRegistry answers as its functions say.
type fakeRegistry struct {
	tracerypb.UnimplementedRegistryServiceServer
	tracerypb.UnimplementedCompatibilityServiceServer
	tracerypb.UnimplementedNegotiationServiceServer
	tracerypb.UnimplementedTranslationServiceServer
	negotiate   func(context.Context) (*tracerypb.NegotiateResponse, error)
	listKernels func(*tracerypb.ListKernelsRequest) (*tracerypb.ListKernelsResponse, error)
	watch       func(*tracerypb.WatchRequest, grpc.ServerStreamingServer[tracerypb.WatchResponse]) error
	missing     func(*tracerypb.FindMissingLayoutsRequest) [][]byte
	check       func(grpc.ClientStreamingServer[tracerypb.CheckKernelRequest, tracerypb.CheckKernelResponse]) error
	register    func(grpc.ClientStreamingServer[tracerypb.RegisterKernelRequest, tracerypb.RegisterKernelResponse]) error
	translate   func(grpc.BidiStreamingServer[tracerypb.TranslateRequest, tracerypb.TranslateResponse]) error
}

func (f *fakeRegistry) Negotiate(ctx context.Context, _ *tracerypb.NegotiateRequest) (*tracerypb.NegotiateResponse, error) {
	return f.negotiate(ctx)
}

func (f *fakeRegistry) ListKernels(_ context.Context, r *tracerypb.ListKernelsRequest) (*tracerypb.ListKernelsResponse, error) {
	return f.listKernels(r)
}

func (f *fakeRegistry) Watch(r *tracerypb.WatchRequest, s grpc.ServerStreamingServer[tracerypb.WatchResponse]) error {
	return f.watch(r, s)
}

func (f *fakeRegistry) FindMissingLayouts(_ context.Context, r *tracerypb.FindMissingLayoutsRequest) (*tracerypb.FindMissingLayoutsResponse, error) {
	return &tracerypb.FindMissingLayoutsResponse{Missing: f.missing(r)}, nil
}

func (f *fakeRegistry) CheckKernel(s grpc.ClientStreamingServer[tracerypb.CheckKernelRequest, tracerypb.CheckKernelResponse]) error {
	return f.check(s)
}

func (f *fakeRegistry) RegisterKernel(s grpc.ClientStreamingServer[tracerypb.RegisterKernelRequest, tracerypb.RegisterKernelResponse]) error {
	return f.register(s)
}

func (f *fakeRegistry) Translate(s grpc.BidiStreamingServer[tracerypb.TranslateRequest, tracerypb.TranslateResponse]) error {
	return f.translate(s)
}

func (f *fakeRegistry) serve(t *testing.T, options ...grpc.ServerOption) string {
	return serve(t, func(s *grpc.Server) {
		tracerypb.RegisterRegistryServiceServer(s, f)
		tracerypb.RegisterCompatibilityServiceServer(s, f)
		tracerypb.RegisterNegotiationServiceServer(s, f)
		tracerypb.RegisterTranslationServiceServer(s, f)
	}, options...)
}

// closedPort is an address at which nobody listens.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

var (
	someTool   = NewTool("tool", "1", Require("a/b"))
	someKernel = &Kernel{Identity: &tracerypb.KernelIdentity{Release: "6.1"}, Events: FormatTexts{"a/b": []byte("ID: 7\n")}}
)

func TestTheNextAddressIsAskedWhereOneIsUnavailable(t *testing.T) {
	refusing := &fakeRegistry{negotiate: func(context.Context) (*tracerypb.NegotiateResponse, error) {
		return nil, status.Error(codes.Unavailable, "going down")
	}}
	answering := &fakeRegistry{negotiate: func(context.Context) (*tracerypb.NegotiateResponse, error) {
		return answerOf("there"), nil
	}}
	client := connect(t, closedPort(t)+","+refusing.serve(t)+","+answering.serve(t))
	n, err := client.Negotiate(context.Background(), someTool, someKernel)
	if err != nil || n.Answer.Kernel != "there" {
		t.Errorf("it ended with %v, %v", n, err)
	}
}

func TestARegistryThatComesBackIsReachedAgain(t *testing.T) {
	address := closedPort(t)
	client := connect(t, address)
	var unreachable *UnreachableError
	if _, err := client.Negotiate(context.Background(), someTool, someKernel); !errors.As(err, &unreachable) {
		t.Fatalf("without a registry it ended with %v", err)
	}
	if status.Code(unreachable) != codes.Unavailable || !strings.Contains(unreachable.Error(), "connection refused") {
		t.Errorf("the error is %v", unreachable)
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Skip("somebody else has the port now:", err)
	}
	server := grpc.NewServer()
	tracerypb.RegisterNegotiationServiceServer(server, &fakeRegistry{
		negotiate: func(context.Context) (*tracerypb.NegotiateResponse, error) { return answerOf("back"), nil }})
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	if n, err := client.Negotiate(context.Background(), someTool, someKernel); err != nil || n.Answer.Kernel != "back" {
		t.Errorf("with one it ended with %v, %v", n, err)
	}
}

func TestARegistryThatDoesNotAnswerIsLeftAtTheDeadline(t *testing.T) {
	silent := &fakeRegistry{negotiate: func(ctx context.Context) (*tracerypb.NegotiateResponse, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	client := connect(t, silent.serve(t))
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	var unreachable *UnreachableError
	if _, err := client.Negotiate(ctx, someTool, someKernel); !errors.As(err, &unreachable) || status.Code(err) != codes.DeadlineExceeded {
		t.Errorf("it ended with %v", err)
	}
}

func TestANegotiationThatIsLeftIsNotARefusal(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	registry := &fakeRegistry{negotiate: func(ctx context.Context) (*tracerypb.NegotiateResponse, error) {
		cancel()
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	_, err := connect(t, registry.serve(t)).Negotiate(ctx, someTool, someKernel)
	if status.Code(err) != codes.Canceled || strings.Contains(err.Error(), "refuses") {
		t.Errorf("the error is %v", err)
	}
}

func TestWhyARegistryCannotBeReachedIsSaidInFewWords(t *testing.T) {
	dial := "dial tcp 127.0.0.1:1: connect: connection refused"
	for message, expected := range map[string]string{
		fmt.Sprintf("connection error: desc = %q", "transport: Error while dialing: "+dial):                   dial,
		`last connection error: connection error: desc = "transport: authentication handshake failed: \"x\""`: `authentication handshake failed: "x"`,
		`connection error: desc = "error reading server preface: EOF"`:                                        "error reading server preface: EOF",
		"going down": "going down",
	} {
		if got := whyUnreachable(status.Error(codes.Unavailable, message)); got != expected {
			t.Errorf("of %s it is %s", message, got)
		}
	}
}

func TestTheTokenAndTheUserAgentAreSent(t *testing.T) {
	var sent metadata.MD
	registry := &fakeRegistry{negotiate: func(ctx context.Context) (*tracerypb.NegotiateResponse, error) {
		sent, _ = metadata.FromIncomingContext(ctx)
		return answerOf(""), nil
	}}
	client := connect(t, registry.serve(t), WithToken("secret"))
	if _, err := client.Negotiate(context.Background(), someTool, someKernel); err != nil {
		t.Fatal(err)
	}
	if got := sent.Get("authorization"); !slices.Equal(got, []string{"Bearer secret"}) {
		t.Errorf("the token came as %q", got)
	}
	if got := strings.Join(sent.Get("user-agent"), ""); !strings.HasPrefix(got, "tracery-go/0.1 ") {
		t.Errorf("the user agent came as %q", got)
	}
}

func TestPagesAreAskedForAsTheLoopGoes(t *testing.T) {
	var tokens []string
	registry := &fakeRegistry{listKernels: func(r *tracerypb.ListKernelsRequest) (*tracerypb.ListKernelsResponse, error) {
		tokens = append(tokens, r.PageToken)
		if r.Series != "s" {
			return nil, status.Error(codes.InvalidArgument, r.Series)
		}
		n := len(r.PageToken)
		if n == 3 {
			return nil, status.Error(codes.OutOfRange, "no more")
		}
		page := []*tracerypb.Kernel{{Id: fmt.Sprint(n)}, {Id: fmt.Sprint(n, "'")}}
		return &tracerypb.ListKernelsResponse{Kernels: page[:2-n%2*2], NextPageToken: r.PageToken + "x"}, nil
	}}
	client := connect(t, registry.serve(t))
	kernels := client.Kernels(context.Background(), &tracerypb.ListKernelsRequest{Series: "s"})
	for range kernels {
		break
	}
	if !slices.Equal(tokens, []string{""}) {
		t.Errorf("for one kernel the pages %q were asked for", tokens)
	}
	var got []string
	for kernel, err := range kernels {
		got = append(got, fmt.Sprint(kernel.GetId(), " ", status.Code(err)))
	}
	if expected := []string{"0 OK", "0' OK", "2 OK", "2' OK", " OutOfRange"}; !slices.Equal(got, expected) {
		t.Errorf("got %q, expected %q", got, expected)
	}
}

func TestAWatchThatIsCutGoesOnWithoutGapOrRepeat(t *testing.T) {
	change := func(event string) *tracerypb.RegistryChange {
		return &tracerypb.RegistryChange{Change: &tracerypb.RegistryChange_SchemaVersionAdded{
			SchemaVersionAdded: &tracerypb.SchemaVersionAdded{Event: event}}}
	}
	part := func(revision uint64, more bool, event string) *tracerypb.WatchResponse {
		return &tracerypb.WatchResponse{Revision: revision, More: more, Changes: []*tracerypb.RegistryChange{change(event)}}
	}
	// Each call: what it sends, and how it ends.
	calls := []struct {
		parts []*tracerypb.WatchResponse
		end   error
	}{
		{[]*tracerypb.WatchResponse{part(6, false, "a"), part(7, true, "b")}, status.Error(codes.Unavailable, "cut")},
		{nil, status.Error(codes.Canceled, "a server that stops resets its streams")},
		{[]*tracerypb.WatchResponse{part(7, true, "b"), part(7, true, "c"), part(7, false, "d")}, nil},
		{[]*tracerypb.WatchResponse{part(8, false, "e")}, status.Error(codes.OutOfRange, "refused")},
	}
	var after []uint64
	registry := &fakeRegistry{watch: func(r *tracerypb.WatchRequest, s grpc.ServerStreamingServer[tracerypb.WatchResponse]) error {
		call := calls[len(after)]
		after = append(after, r.AfterRevision)
		for _, part := range call.parts {
			if err := s.Send(part); err != nil {
				return err
			}
		}
		return call.end
	}}
	var log strings.Builder
	client := connect(t, registry.serve(t), WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	var got []string
	for revision, err := range client.Watch(context.Background(), 5) {
		text := fmt.Sprint(revision.GetRevision(), " ", status.Code(err))
		for _, change := range revision.GetChanges() {
			text += " " + change.GetSchemaVersionAdded().GetEvent()
		}
		got = append(got, text)
	}
	if expected := []string{"6 OK a", "7 OK b c d", "8 OK e", "0 OutOfRange"}; !slices.Equal(got, expected) {
		t.Errorf("got %q, expected %q", got, expected)
	}
	if !slices.Equal(after, []uint64{5, 6, 6, 7}) {
		t.Errorf("asked after %v", after)
	}
	if n := strings.Count(log.String(), "goes on"); n != 3 {
		t.Errorf("the log tells of %d cuts", n)
	}
}

func TestAWatchEndsWithItsContextItsClientAndWhereNobodyIs(t *testing.T) {
	started := make(chan struct{}, 1)
	registry := &fakeRegistry{watch: func(_ *tracerypb.WatchRequest, s grpc.ServerStreamingServer[tracerypb.WatchResponse]) error {
		started <- struct{}{}
		<-s.Context().Done()
		return s.Context().Err()
	}}
	last := func(watch iter.Seq2[*tracerypb.WatchResponse, error]) (err error) {
		for _, err = range watch {
		}
		return err
	}
	client := connect(t, registry.serve(t))
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		<-started
		cancel()
	}()
	if err := last(client.Watch(ctx, 0)); status.Code(err) != codes.Canceled {
		t.Errorf("with its context it ended with %v", err)
	}
	go func() {
		<-started
		client.Close()
	}()
	if err := last(client.Watch(context.Background(), 0)); err == nil {
		t.Error("with its client it ended without an error")
	}
	if err := last(connect(t, closedPort(t)).Watch(context.Background(), 0)); status.Code(err) != codes.Unavailable {
		t.Errorf("where nobody is it ended with %v", err)
	}
}

// bigKernel has more than a chunk of formats; two events share a layout.
func bigKernel() (*Kernel, FormatTexts) {
	texts := FormatTexts{"a/same": []byte("shared\n"), "b/same": []byte("shared\n")}
	for i := range 5 {
		texts[fmt.Sprintf("c/big%d", i)] = bytes.Repeat([]byte{byte('a' + i)}, 600_000)
	}
	identity := &tracerypb.KernelIdentity{Release: "6.1"}
	types := &tracerypb.KernelTypes{
		Tracepoints: []*tracerypb.Tracepoint{{Name: "t"}}, Structs: []*tracerypb.EventStruct{{Name: "s"}}}
	return &Kernel{Identity: identity, Events: texts, Types: types}, texts
}

func TestAKernelIsSentInPartsWithTheTextsThatAreMissing(t *testing.T) {
	kernel, texts := bigKernel()
	known := newFormat("c/big1", texts["c/big1"], kernel.Identity).hash
	var events []*tracerypb.EventFormat
	var types tracerypb.KernelTypes
	var series string
	registry := &fakeRegistry{
		missing: func(r *tracerypb.FindMissingLayoutsRequest) [][]byte {
			return slices.DeleteFunc(r.LayoutHashes, func(hash []byte) bool { return bytes.Equal(hash, known) })
		},
		check: func(s grpc.ClientStreamingServer[tracerypb.CheckKernelRequest, tracerypb.CheckKernelResponse]) error {
			for {
				part, err := s.Recv()
				if errors.Is(err, io.EOF) {
					return s.SendAndClose(&tracerypb.CheckKernelResponse{DiagnosticCount: 3})
				}
				if err != nil {
					return err
				}
				series += part.GetHeader().GetSeries()
				events = append(events, part.GetEvents().GetEvents()...)
				proto.Merge(&types, part.GetTypes())
			}
		},
	}
	client := connect(t, registry.serve(t))
	answer, err := client.Check(context.Background(), kernel, "series")
	if err != nil || answer.DiagnosticCount != 3 || series != "series" {
		t.Fatalf("the answer is %v, %v, of %q", answer, err, series)
	}
	var got []string
	for _, event := range events {
		got = append(got, fmt.Sprint(event.Event, " ", len(event.Text)))
	}
	expected := []string{"a/same 7", "b/same 0", "c/big0 600000", "c/big1 0", "c/big2 600000", "c/big3 600000", "c/big4 600000"}
	if !slices.Equal(got, expected) {
		t.Errorf("sent were %q, expected %q", got, expected)
	}
	if !proto.Equal(&types, kernel.Types) {
		t.Errorf("sent were the types %v", &types)
	}
}

func TestARefusalInTheMiddleOfARegistrationIsTheAnswer(t *testing.T) {
	kernel, _ := bigKernel()
	registry := &fakeRegistry{
		missing: func(r *tracerypb.FindMissingLayoutsRequest) [][]byte { return r.LayoutHashes },
		register: func(s grpc.ClientStreamingServer[tracerypb.RegisterKernelRequest, tracerypb.RegisterKernelResponse]) error {
			if _, err := s.Recv(); err != nil {
				return err
			}
			refused, err := status.New(codes.InvalidArgument, "bad").WithDetails(&tracerypb.Diagnostic{Code: "FIELD_OVERLAPS"})
			return errors.Join(err, refused.Err())
		},
	}
	_, err := connect(t, registry.serve(t)).Register(context.Background(), kernel, "")
	if status.Code(err) != codes.InvalidArgument {
		t.Fatalf("it ended with %v", err)
	}
	details := status.Convert(err).Details()
	if diagnostic, ok := details[0].(*tracerypb.Diagnostic); !ok || diagnostic.Code != "FIELD_OVERLAPS" {
		t.Errorf("the details are %v", details)
	}
}

func TestALostRegistrationSaysThatItMayBeDoneAgain(t *testing.T) {
	kernel, _ := bigKernel()
	registry := &fakeRegistry{
		missing: func(r *tracerypb.FindMissingLayoutsRequest) [][]byte { return nil },
		register: func(s grpc.ClientStreamingServer[tracerypb.RegisterKernelRequest, tracerypb.RegisterKernelResponse]) error {
			return status.Error(codes.Unavailable, "gone")
		},
	}
	_, err := connect(t, registry.serve(t)).Register(context.Background(), kernel, "")
	if status.Code(err) != codes.Unavailable || !strings.Contains(err.Error(), "doing it again is safe") {
		t.Errorf("it ended with %v", err)
	}
}

// echo answers each chunk of a file with a problem that has its first byte and length.
func echo(s grpc.BidiStreamingServer[tracerypb.TranslateRequest, tracerypb.TranslateResponse]) error {
	for {
		part, err := s.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		bytes := append(part.GetFileChunk(), part.GetPages().GetPages()...)
		if len(bytes) == 0 {
			continue
		}
		item := &tracerypb.TraceItem{Item: &tracerypb.TraceItem_Problem{
			Problem: &tracerypb.Diagnostic{Code: string(bytes[:1]), ByteOffset: uint64(len(bytes))}}}
		if err := s.Send(&tracerypb.TranslateResponse{Items: []*tracerypb.TraceItem{item, item}}); err != nil {
			return err
		}
	}
}

func itemsOf(items iter.Seq2[*tracerypb.TraceItem, error]) (got []string, err error) {
	for item, e := range items {
		if err = e; err == nil {
			got = append(got, fmt.Sprint(item.GetProblem().Code, item.GetProblem().ByteOffset))
		}
	}
	return got, err
}

func TestAFileIsTranslatedInChunksAndPagesAsTheyCome(t *testing.T) {
	client := connect(t, (&fakeRegistry{translate: echo}).serve(t))
	file := append(bytes.Repeat([]byte{'a'}, fileChunkBytes), "bcd"...)
	got, err := itemsOf(client.TranslateFile(context.Background(), nil, iotest.OneByteReader(bytes.NewReader(file))))
	if expected := []string{"a262144", "a262144", "b3", "b3"}; err != nil || !slices.Equal(got, expected) {
		t.Errorf("of the file came %q, %v", got, err)
	}
	pages := func(yield func(*tracerypb.RawPages, error) bool) {
		_ = yield(&tracerypb.RawPages{Pages: []byte("xx")}, nil) && yield(&tracerypb.RawPages{Pages: []byte("yyy")}, nil)
	}
	got, err = itemsOf(client.TranslatePages(context.Background(), &tracerypb.TranslateStart{}, pages))
	if expected := []string{"x2", "x2", "y3", "y3"}; err != nil || !slices.Equal(got, expected) {
		t.Errorf("of the pages came %q, %v", got, err)
	}
}

func TestATranslationEndsWithWhatWentWrong(t *testing.T) {
	client := connect(t, (&fakeRegistry{translate: echo}).serve(t))
	broken := errors.New("the disk is gone")
	reader := io.MultiReader(bytes.NewReader(make([]byte, fileChunkBytes)), iotest.ErrReader(broken))
	if _, err := itemsOf(client.TranslateFile(context.Background(), nil, reader)); !errors.Is(err, broken) {
		t.Errorf("a file that cannot be read ended with %v", err)
	}
	refusing := &fakeRegistry{translate: func(s grpc.BidiStreamingServer[tracerypb.TranslateRequest, tracerypb.TranslateResponse]) error {
		return status.Error(codes.InvalidArgument, "no trace")
	}}
	endless := readerFunc(func(b []byte) (int, error) { return len(b), nil })
	_, err := itemsOf(connect(t, refusing.serve(t)).TranslateFile(context.Background(), nil, endless))
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("a file that is no trace ended with %v", err)
	}
}

func TestALoopThatEndsEarlyReadsNoMoreOfTheFile(t *testing.T) {
	client := connect(t, (&fakeRegistry{translate: echo}).serve(t))
	var ended, readAfter atomic.Bool
	endless := readerFunc(func(b []byte) (int, error) {
		if ended.Load() {
			readAfter.Store(true)
		}
		return copy(b, "x"), nil
	})
	for range client.TranslateFile(context.Background(), nil, endless) {
		break
	}
	ended.Store(true)
	time.Sleep(10 * time.Millisecond)
	if readAfter.Load() {
		t.Error("the file was read after the loop")
	}
}

func TestAServerWhoseItemsAreNotTakenIsNotSentMore(t *testing.T) {
	client := connect(t, (&fakeRegistry{translate: func(s grpc.BidiStreamingServer[tracerypb.TranslateRequest, tracerypb.TranslateResponse]) error {
		// Reads nothing until the test ends.
		<-s.Context().Done()
		return s.Context().Err()
	}}).serve(t))
	var read atomic.Int64
	endless := readerFunc(func(b []byte) (int, error) {
		read.Add(int64(len(b)))
		return len(b), nil
	})
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	wait.Go(func() {
		for range client.TranslateFile(ctx, nil, endless) {
		}
	})
	// Stands still once the windows are full.
	before := int64(-1)
	for now := int64(0); now != before || now == 0; now = read.Load() {
		before = now
		time.Sleep(50 * time.Millisecond)
	}
	cancel()
	wait.Wait()
	if n := read.Load(); n > 64<<20 {
		t.Errorf("%d bytes were read", n)
	}
}

type readerFunc func(b []byte) (int, error)

func (f readerFunc) Read(b []byte) (int, error) { return f(b) }
