package tracery

import (
	"context"
	"fmt"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

const (
	apiVersion = "tracery.v1"
	// A tool's start is not held up for longer, unless its context says so.
	negotiateDeadline = 2 * time.Second
)

// Negotiate asks whether a tool can run on a kernel, and how it reads each event there: what a tool does when it starts.
// It reads the formats of the events that the tool names and sends their hashes; it sends the texts only if the registry
// asks for them.
//
// Within the time that the registry allows, the answer to an earlier start is used without asking; while the registry
// cannot be reached, however old it is. Where ctx has no deadline the registry has 2 seconds to answer.
//
// The error is a [*RefusedError] if the tool cannot run here, an [*UnreachableError] if the registry cannot be reached and
// no answer is kept, one with a gRPC status if the registry refuses the question or ctx is cancelled, or says which format
// cannot be read.
func (c *Client) Negotiate(ctx context.Context, tool *tracerypb.Consumer, kernel *Kernel) (*Negotiation, error) {
	return c.negotiate(ctx, tool, kernel, false)
}

// CanStart is [Client.Negotiate] as a question only: the registry does not take it for a start of the tool, and so for a
// claim on what it needs.
func (c *Client) CanStart(ctx context.Context, tool *tracerypb.Consumer, kernel *Kernel) (*Negotiation, error) {
	return c.negotiate(ctx, tool, kernel, true)
}

func (c *Client) negotiate(ctx context.Context, tool *tracerypb.Consumer, kernel *Kernel, dryRun bool) (*Negotiation, error) {
	formats, err := formatsOf(tool, kernel)
	if err != nil {
		return nil, err
	}
	request := negotiateRequest(tool, kernel, formats)
	request.DryRun = dryRun
	key, err := cacheKey(request)
	if err != nil {
		return nil, fmt.Errorf("tracery: %w", err)
	}
	kept := c.cache.get(key)
	n := &Negotiation{Tool: tool}
	if kept != nil && c.isFresh(kept) {
		n.Source, n.Answer, n.Age = FromCache, kept.answer, c.age(kept)
		return n, nil
	}
	n.Answer, err = c.askRegistry(ctx, request, formats)
	switch code := status.Code(err); {
	case err == nil && len(n.Answer.GetNeedFormats()) == 0:
		c.cache.put(key, c.now(), n.Answer)
	case err == nil:
	case code == codes.Canceled:
		return nil, fmt.Errorf("tracery: the negotiation was left: %w", err)
	case code != codes.Unavailable && code != codes.DeadlineExceeded:
		return nil, fmt.Errorf("tracery: the registry refuses the question: %w", err)
	case kept == nil:
		return nil, &UnreachableError{Tool: tool, Err: err, cache: c.cache}
	default:
		n.Source, n.Answer, n.Age, n.Offline = FromCacheOffline, kept.answer, c.age(kept), err
	}
	if n.Outcome() == tracerypb.RunOutcome_RUN_OUTCOME_REJECTED {
		return nil, &RefusedError{n}
	}
	return n, nil
}

// formatsOf reads what the tool names and the kernel has, each once.
func formatsOf(tool *tracerypb.Consumer, kernel *Kernel) ([]formatFile, error) {
	var formats []formatFile
	seen := map[string]bool{}
	for _, requirement := range tool.GetRequirements() {
		for _, use := range requirement.GetAnyOf() {
			event := use.GetEvent()
			if event == "" || seen[event] {
				continue
			}
			seen[event] = true
			format, ok, err := kernel.format(event)
			if err != nil {
				return nil, err
			}
			if ok {
				formats = append(formats, format)
			}
		}
	}
	return formats, nil
}

func negotiateRequest(tool *tracerypb.Consumer, kernel *Kernel, formats []formatFile) *tracerypb.NegotiateRequest {
	request := &tracerypb.NegotiateRequest{Tool: tool, Kernel: kernel.Identity, ApiVersions: []string{apiVersion}}
	for _, format := range formats {
		request.Events = append(request.Events,
			&tracerypb.SeenEvent{Event: format.event, Id: format.id, LayoutHash: format.hash})
	}
	return request
}

// askRegistry makes one round trip, or two where the registry needs texts.
func (c *Client) askRegistry(ctx context.Context, request *tracerypb.NegotiateRequest, formats []formatFile) (*tracerypb.NegotiateResponse, error) {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, negotiateDeadline)
		defer cancel()
	}
	service := tracerypb.NewNegotiationServiceClient(c.conns)
	answer, err := service.Negotiate(ctx, request)
	if err != nil || len(answer.GetNeedFormats()) == 0 {
		return answer, err
	}
	again := proto.CloneOf(request)
	for i, event := range again.Events {
		if slices.Contains(answer.GetNeedFormats(), event.Event) {
			event.Text = formats[i].text
		}
	}
	return service.Negotiate(ctx, again)
}

// isFresh is whether an answer may be used without asking. Who was refused mends something, a bridge or a kernel, and asks
// again.
func (c *Client) isFresh(k *kept) bool {
	age := c.now().Sub(k.time)
	return k.answer.GetOutcome() != tracerypb.RunOutcome_RUN_OUTCOME_REJECTED &&
		// Why not negative: the clock was set back, and nobody knows how old the answer is.
		age >= 0 && age < k.answer.GetCacheFor().AsDuration()
}

func (c *Client) age(k *kept) time.Duration {
	return max(0, c.now().Sub(k.time))
}
