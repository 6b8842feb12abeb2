package tracery

import (
	"context"
	"errors"
	"io"
	"iter"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"tracery.dev/tracery/tracerypb"
)

const (
	firstWatchPause   = 100 * time.Millisecond
	longestWatchPause = 10 * time.Second
)

// Watch is every change after a revision, and then every change as it happens, whole revision by whole revision, without
// gaps and without repeats. When the server goes away, it is asked again, with growing pauses, for what follows the last
// revision that came whole; the logger is told.
//
// It ends when the loop does, when ctx is done, when the registry refuses, and if it cannot be reached at the beginning;
// but for the first, with an error.
func (c *Client) Watch(ctx context.Context, afterRevision uint64) iter.Seq2[*tracerypb.WatchResponse, error] {
	return func(yield func(*tracerypb.WatchResponse, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		w := watcher{registry: c.registry, last: afterRevision, pause: firstWatchPause}
		for {
			revision, err := w.next(ctx)
			if err == nil {
				if !yield(revision, nil) {
					return
				}
				w.last = revision.GetRevision()
				continue
			}
			if !w.reached || !c.conns.isLost(ctx, err) {
				yield(nil, err)
				return
			}
			c.log.Warn("tracery: the watch was cut and goes on in a while", "after", w.last, "pause", w.pause, "error", err)
			w.call = nil
			if !sleep(ctx, w.pause) {
				yield(nil, status.FromContextError(ctx.Err()).Err())
				return
			}
			w.pause = min(2*w.pause, longestWatchPause)
		}
	}
}

// watcher asks for what follows the last whole revision.
type watcher struct {
	registry tracerypb.RegistryServiceClient
	last     uint64
	pause    time.Duration
	// Whether the server was there once.
	reached bool
	call    tracerypb.RegistryService_WatchClient
}

// next puts the parts of a revision together.
func (w *watcher) next(ctx context.Context) (*tracerypb.WatchResponse, error) {
	if w.call == nil {
		call, err := w.registry.Watch(ctx, &tracerypb.WatchRequest{AfterRevision: w.last})
		if err != nil {
			return nil, err
		}
		w.call, w.reached = call, true
	}
	var revision *tracerypb.WatchResponse
	for {
		part, err := w.call.Recv()
		if errors.Is(err, io.EOF) {
			err = status.Error(codes.Unavailable, "the server ended the watch")
		}
		if err != nil {
			return nil, err
		}
		w.pause = firstWatchPause
		if revision == nil {
			revision = part
		} else {
			revision.Changes = append(revision.Changes, part.GetChanges()...)
		}
		if !part.GetMore() {
			revision.More = false
			return revision, nil
		}
	}
}
