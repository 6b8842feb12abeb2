package tracery

import (
	"context"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"tracery.dev/tracery/tracerypb"
)

// silentServer takes every connection and says nothing, as a server does that is stopped.
func silentServer(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

func refusal(code codes.Code, reason string) error {
	refused, err := status.New(code, "refused").WithDetails(&errdetails.ErrorInfo{Reason: reason})
	if err != nil {
		panic(err)
	}
	return refused.Err()
}

// follower is a server of a log, which ends registrations as it is told and notes what it was asked.
type follower struct {
	fakeRegistry
	mutex sync.Mutex
	asked []string
	wants []string
	parts int
	ends  []error
	// What it says of its answers.
	says metadata.MD
}

func (f *follower) note(ctx context.Context, method string) {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	md, _ := metadata.FromIncomingContext(ctx)
	f.asked = append(f.asked, method[strings.LastIndex(method, "/")+1:])
	f.wants = append(f.wants, strings.Join(md.Get(atLeastKey), ","))
}

// next is how a call ends.
func (f *follower) next() error {
	f.mutex.Lock()
	defer f.mutex.Unlock()
	if len(f.ends) == 0 {
		return nil
	}
	end := f.ends[0]
	f.ends = f.ends[1:]
	return end
}

func (f *follower) start(t *testing.T) string {
	f.missing = func(r *tracerypb.FindMissingLayoutsRequest) [][]byte { return r.LayoutHashes }
	f.negotiate = func(context.Context) (*tracerypb.NegotiateResponse, error) { return answerOf("there"), f.next() }
	receive := func(s grpc.ServerStream, m any) error {
		for s.RecvMsg(m) == nil {
			f.mutex.Lock()
			f.parts++
			f.mutex.Unlock()
		}
		return f.next()
	}
	f.register = func(s grpc.ClientStreamingServer[tracerypb.RegisterKernelRequest, tracerypb.RegisterKernelResponse]) error {
		if err := receive(s, &tracerypb.RegisterKernelRequest{}); err != nil {
			return err
		}
		return s.SendAndClose(&tracerypb.RegisterKernelResponse{Revision: 7})
	}
	f.check = func(s grpc.ClientStreamingServer[tracerypb.CheckKernelRequest, tracerypb.CheckKernelResponse]) error {
		if err := receive(s, &tracerypb.CheckKernelRequest{}); err != nil {
			return err
		}
		return s.SendAndClose(&tracerypb.CheckKernelResponse{DiagnosticCount: 3})
	}
	return f.serve(t,
		grpc.UnaryInterceptor(func(ctx context.Context, request any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
			f.note(ctx, info.FullMethod)
			if err := grpc.SetHeader(ctx, f.says); err != nil {
				return nil, err
			}
			return handler(ctx, request)
		}),
		grpc.StreamInterceptor(func(server any, stream grpc.ServerStream, info *grpc.StreamServerInfo, handler grpc.StreamHandler) error {
			f.note(stream.Context(), info.FullMethod)
			if err := stream.SetHeader(f.says); err != nil {
				return err
			}
			return handler(server, stream)
		}))
}

func TestAnAddressThatIsSilentIsPassedOver(t *testing.T) {
	answering := &follower{}
	client := connect(t, silentServer(t)+","+answering.start(t))
	n, err := client.Negotiate(context.Background(), someTool, someKernel)
	if err != nil || n.Answer.Kernel != "there" {
		t.Fatalf("it ended with %v, %v", n, err)
	}
	if at := client.conns.current.Load(); at != 1 {
		t.Errorf("the next call begins with address %d", at)
	}
}

func TestAServerThatFallsSilentIsPassedOverAndAskedAgainInItsTurn(t *testing.T) {
	var isPaused sync.Mutex
	pausing := &fakeRegistry{negotiate: func(context.Context) (*tracerypb.NegotiateResponse, error) {
		isPaused.Lock()
		defer isPaused.Unlock()
		return answerOf("first"), nil
	}}
	second := &follower{ends: []error{nil, status.Error(codes.Unavailable, "going down")}}
	client := connect(t, pausing.serve(t)+","+second.start(t))
	kernels := func() (got []string) {
		for range 3 {
			n, err := client.Negotiate(context.Background(), someTool, someKernel)
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, n.Answer.Kernel)
			if len(got) == 1 {
				isPaused.Lock()
			} else if len(got) == 2 {
				isPaused.Unlock()
			}
		}
		return got
	}
	if got := kernels(); !slices.Equal(got, []string{"first", "there", "first"}) {
		t.Errorf("answered by %q", got)
	}
}

func TestAServerThatHasNotReadARevisionIsPassedOver(t *testing.T) {
	behind := &follower{ends: []error{refusal(codes.Unavailable, "REVISION_NOT_HERE")}}
	answering := &follower{}
	client := connect(t, behind.start(t)+","+answering.start(t), WithAtLeastRevision(5))
	client.AtLeast(4)
	if _, err := client.Negotiate(context.Background(), someTool, someKernel); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(behind.wants, []string{"5"}) || !slices.Equal(answering.wants, []string{"5"}) {
		t.Errorf("asked for at least %q and %q", behind.wants, answering.wants)
	}
	ends := make([]error, rounds)
	for i := range ends {
		ends[i] = refusal(codes.Unavailable, "REVISION_NOT_HERE")
	}
	alone := &follower{ends: ends}
	_, err := connect(t, alone.start(t)).Negotiate(context.Background(), someTool, someKernel)
	if status.Code(err) != codes.Unavailable || Reason(err) != "REVISION_NOT_HERE" {
		t.Errorf("it ended with %v, %s", err, Reason(err))
	}
}

func TestAClientReadsWhatItWroteAndSaysHowFreshAnswersAre(t *testing.T) {
	registry := &follower{says: metadata.Pairs(revisionKey, "8", ageKey, "1500", storeKey, "unreachable")}
	client := connect(t, registry.start(t))
	if fresh, ok := client.Freshness(); ok {
		t.Errorf("before the first call it is %v", fresh)
	}
	if _, err := client.Negotiate(context.Background(), someTool, someKernel); err != nil {
		t.Fatal(err)
	}
	if fresh, ok := client.Freshness(); !ok || fresh != (Freshness{8, 1500 * time.Millisecond, true}) {
		t.Errorf("it is %v, %v", fresh, ok)
	}
	registry.says = metadata.Pairs(revisionKey, "9", ageKey, "0")
	if _, err := client.Register(context.Background(), someKernel, ""); err != nil {
		t.Fatal(err)
	}
	if fresh, _ := client.Freshness(); fresh != (Freshness{Revision: 9}) {
		t.Errorf("after the write it is %v", fresh)
	}
	registry.says = metadata.Pairs(revisionKey, "what", ageKey, "0")
	if _, err := client.Negotiate(context.Background(), someTool, someKernel); err != nil {
		t.Fatal(err)
	}
	if expected := []string{"", "", "", "9"}; !slices.Equal(registry.wants, expected) {
		t.Errorf("of %q it wanted %q, expected %q", registry.asked, registry.wants, expected)
	}
}

func TestARegistrationIsSentAgainFromItsBeginning(t *testing.T) {
	for name, end := range map[string]error{
		"refused": refusal(codes.Unavailable, "STORE_UNAVAILABLE"), "lost": status.Error(codes.Unavailable, "going down"),
	} {
		t.Run(name, func(t *testing.T) {
			first, second := &follower{ends: []error{end, end}}, &follower{}
			client := connect(t, first.start(t)+","+second.start(t))
			if answer, err := client.Register(context.Background(), someKernel, "s"); err != nil || answer.Revision != 7 {
				t.Fatalf("it ended with %v, %v", answer, err)
			}
			client.conns.current.Store(0)
			if answer, err := client.Check(context.Background(), someKernel, "s"); err != nil || answer.DiagnosticCount != 3 {
				t.Fatalf("it ended with %v, %v", answer, err)
			}
			expected := []string{"FindMissingLayouts", "RegisterKernel", "FindMissingLayouts", "CheckKernel"}
			if !slices.Equal(first.asked, expected) || !slices.Equal(second.asked, expected) {
				t.Errorf("asked were %q and %q", first.asked, second.asked)
			}
			if second.parts != first.parts || first.parts != 4 {
				t.Errorf("%d parts were sent, then %d", first.parts, second.parts)
			}
		})
	}
}

func TestAWriteThatMayHaveBeenDoneIsNotSentAgain(t *testing.T) {
	first := &follower{ends: []error{refusal(codes.Unknown, "WRITE_UNCERTAIN")}}
	second := &follower{}
	client := connect(t, first.start(t)+","+second.start(t))
	_, err := client.Register(context.Background(), someKernel, "")
	if status.Code(err) != codes.Unknown || Reason(err) != "WRITE_UNCERTAIN" || len(second.asked) > 0 {
		t.Errorf("it ended with %v, and then asked was %q", err, second.asked)
	}
}

// waivers loses every waiver that it is given.
type waivers struct {
	tracerypb.UnimplementedCompatibilityServiceServer
	calls int
}

func (w *waivers) GiveWaiver(context.Context, *tracerypb.GiveWaiverRequest) (*tracerypb.GiveWaiverResponse, error) {
	w.calls++
	return nil, status.Error(codes.Unavailable, "going down")
}

func TestAWriteThatMustNotBeDoneTwiceIsSentOnce(t *testing.T) {
	lost := &waivers{}
	server := func() string {
		return serve(t, func(s *grpc.Server) { tracerypb.RegisterCompatibilityServiceServer(s, lost) })
	}
	conn := connect(t, server()+","+server()).Conn()
	_, err := tracerypb.NewCompatibilityServiceClient(conn).GiveWaiver(context.Background(), &tracerypb.GiveWaiverRequest{})
	if lost.calls != 1 || Reason(err) != "CONNECTION_LOST" || status.Code(err) != codes.Unavailable ||
		!strings.Contains(err.Error(), "may or may not have been done") || strings.Contains(err.Error(), "again is safe") {
		t.Errorf("after %d calls it ended with %v", lost.calls, err)
	}
}

func TestAWatchGoesToAnAddressThatAnswers(t *testing.T) {
	registry := &follower{}
	registry.watch = func(_ *tracerypb.WatchRequest, s grpc.ServerStreamingServer[tracerypb.WatchResponse]) error {
		return s.Send(&tracerypb.WatchResponse{Revision: 3})
	}
	for revision, err := range connect(t, silentServer(t)+","+registry.start(t)).Watch(context.Background(), 2) {
		if err != nil || revision.Revision != 3 {
			t.Errorf("it began with %v, %v", revision, err)
		}
		break
	}
}
