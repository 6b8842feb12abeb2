package tracery

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	firstPause = 50 * time.Millisecond
	rounds     = 4
)

// pool has a connection to each address of one registry, and asks them in their order.
type pool struct {
	conns  []*grpc.ClientConn
	closed atomic.Bool
}

// Invoke tries every address, and each again after pauses, as long as that ends with UNAVAILABLE and the deadline allows.
func (p *pool) Invoke(ctx context.Context, method string, request, reply any, options ...grpc.CallOption) error {
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callDeadline)
		defer cancel()
	}
	pause := firstPause
	for round := 1; ; round++ {
		var err error
		for _, conn := range p.conns {
			if err = conn.Invoke(ctx, method, request, reply, options...); status.Code(err) != codes.Unavailable {
				return err
			}
			// The pause is for connecting anew.
			conn.ResetConnectBackoff()
		}
		if deadline, _ := ctx.Deadline(); round == rounds || time.Until(deadline) < pause {
			return err
		}
		if !sleep(ctx, pause) {
			return status.FromContextError(ctx.Err()).Err()
		}
		pause *= 2
	}
}

// NewStream opens a stream at the first address that can be reached.
func (p *pool) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	var stream grpc.ClientStream
	var err error
	for _, conn := range p.conns {
		if stream, err = conn.NewStream(ctx, desc, method, options...); status.Code(err) != codes.Unavailable {
			return stream, err
		}
		conn.ResetConnectBackoff()
	}
	return nil, err
}

func (p *pool) Close() error {
	p.closed.Store(true)
	var problems []error
	for _, conn := range p.conns {
		problems = append(problems, conn.Close())
	}
	return errors.Join(problems...)
}

// isLost is whether the server went away, and neither refused nor was left. A server that is stopped resets its streams,
// which may arrive as CANCELLED.
func (p *pool) isLost(ctx context.Context, err error) bool {
	code := status.Code(err)
	return (code == codes.Unavailable || code == codes.Canceled) && ctx.Err() == nil && !p.closed.Load()
}

// sleep is whether the pause was over before the context.
func sleep(ctx context.Context, pause time.Duration) bool {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
