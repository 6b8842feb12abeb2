package tracery

import (
	"context"
	"math"
	"strconv"
	"sync/atomic"
	"time"

	"google.golang.org/grpc/metadata"
)

// Metadata of calls, of which clients/conformance/README.md says what it means.
const (
	atLeastKey  = "tracery-at-least-revision"
	revisionKey = "tracery-revision"
	ageKey      = "tracery-age-ms"
	storeKey    = "tracery-store"
)

// Freshness is how new an answer is. A server answers from memory what it has read of the registry's log.
type Freshness struct {
	// What the server had read when it answered; after a write, the write's revision at least.
	Revision uint64
	// How long before the answer it was known that this is all there is.
	Age time.Duration
	// Whether the server has lost its store: it answers from memory, and refuses writes.
	StoreUnreachable bool
}

// WithAtLeastRevision lets the client be answered only by servers that have read the registry's log up to a revision. See
// [Client.AtLeast].
func WithAtLeastRevision(revision uint64) Option {
	return func(s *settings) error {
		s.atLeast = revision
		return nil
	}
}

// AtLeast lets the client be answered only by servers that have read the registry's log up to a revision, from now on; it
// does not sink. A server that has not waits a little and then refuses, and the next address is asked; if none has, the call
// ends with UNAVAILABLE, and its [Reason] is REVISION_NOT_HERE.
//
// A client wants of itself what it wrote: the revision of each write of its own that succeeded.
func (c *Client) AtLeast(revision uint64) {
	c.conns.freshness.raise(revision)
}

// Freshness is how new the last answer is, a refusal, too, of any call of this client; false as long as no server said so.
func (c *Client) Freshness() (Freshness, bool) {
	last := c.conns.freshness.last.Load()
	if last == nil {
		return Freshness{}, false
	}
	return *last, true
}

// freshnessNotes are what a client wants at least, and what the last answer said.
type freshnessNotes struct {
	atLeast atomic.Uint64
	last    atomic.Pointer[Freshness]
}

func (n *freshnessNotes) raise(revision uint64) {
	for now := n.atLeast.Load(); now < revision; now = n.atLeast.Load() {
		if n.atLeast.CompareAndSwap(now, revision) {
			return
		}
	}
}

// wanted is a context whose calls say what revision is wanted.
func (n *freshnessNotes) wanted(ctx context.Context) context.Context {
	if revision := n.atLeast.Load(); revision > 0 {
		return metadata.AppendToOutgoingContext(ctx, atLeastKey, strconv.FormatUint(revision, 10))
	}
	return ctx
}

// of is for the answer of one call.
func (n *freshnessNotes) of(method string) *freshnessNote {
	return &freshnessNote{all: n, isWrite: effectOf(method).isWrite()}
}

// freshnessNote is where gRPC puts an answer's metadata.
type freshnessNote struct {
	all             *freshnessNotes
	isWrite         bool
	header, trailer metadata.MD
}

// ended notes what an answer said.
func (n *freshnessNote) ended(err error) {
	said := n.header
	if len(said.Get(revisionKey)) == 0 {
		said = n.trailer
	}
	revision, ok := number(said, revisionKey)
	if !ok {
		return
	}
	millis, _ := number(said, ageKey)
	store := said.Get(storeKey)
	n.all.last.Store(&Freshness{
		Revision:         revision,
		Age:              time.Duration(min(millis, math.MaxInt64/uint64(time.Millisecond))) * time.Millisecond,
		StoreUnreachable: len(store) > 0 && store[0] == "unreachable",
	})
	if n.isWrite && err == nil {
		n.all.raise(revision)
	}
}

func number(md metadata.MD, key string) (uint64, bool) {
	values := md.Get(key)
	if len(values) == 0 {
		return 0, false
	}
	n, err := strconv.ParseUint(values[0], 10, 64)
	return n, err == nil
}
