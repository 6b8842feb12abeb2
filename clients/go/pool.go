package tracery

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"tracery.dev/tracery/tracerypb"
)

const (
	firstPause = 50 * time.Millisecond
	rounds     = 4
	// How long one of several addresses may be silent before the next is asked.
	firstPatience = time.Second
)

// pool has a connection to each address of one registry. The addresses are servers that follow one log; which calls go on
// to the next of them is in clients/conformance/README.md.
type pool struct {
	conns  []*grpc.ClientConn
	closed atomic.Bool
	// Which of conns answered last.
	current   atomic.Int64
	freshness freshnessNotes
}

// answered is what an attempt returns whose error is none of its address's: nobody else is asked.
type answered struct{ error }

// Invoke asks the address that answered last, then the others, and each again after pauses, as long as the deadline allows.
// A write is sent again only where nothing was done, or where doing it twice is harmless.
func (p *pool) Invoke(ctx context.Context, method string, request, reply any, options ...grpc.CallOption) error {
	send := func(ctx context.Context, at int) error {
		return p.invoke(ctx, at, method, request, reply, options...)
	}
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	if effect := effectOf(method); effect != reads {
		return p.write(ctx, effect, "it", p.statusOf, send)
	}
	return p.inTurn(ctx, send)
}

// write sends a write to an address that has answered a call that reads. It is told of as what.
func (p *pool) write(ctx context.Context, effect effect, what string, find, send func(context.Context, int) error) error {
	var lost *LostError
	isSettled := false
	err := p.inTurn(ctx, func(limited context.Context, at int) error {
		if err := find(limited, at); err != nil {
			return err
		}
		// Why not limited: a server that is silent may do later what it was asked.
		err := send(ctx, at)
		if p.isLost(ctx, err) {
			lost = &LostError{Err: err, what: what, effect: effect}
			if effect == writesOnce {
				return answered{lost}
			}
			return lost
		}
		if !isUnavailable(err) {
			isSettled = true
			return answered{err}
		}
		return err
	})
	if lost != nil && !isSettled {
		// Who refused it later does not know what became of it.
		return lost
	}
	return err
}

// statusOf asks an address for its status; nil if it answers anything.
func (p *pool) statusOf(ctx context.Context, at int) error {
	if len(p.conns) == 1 {
		return nil
	}
	err := p.invoke(ctx, at, tracerypb.AdminService_GetStatus_FullMethodName,
		&tracerypb.GetStatusRequest{}, &tracerypb.GetStatusResponse{})
	if isUnavailable(err) || ctx.Err() != nil {
		return err
	}
	return nil
}

// find turns to an address that answers.
func (p *pool) find(ctx context.Context) error {
	ctx, cancel := withDeadline(ctx)
	defer cancel()
	return p.inTurn(ctx, p.statusOf)
}

// inTurn makes an attempt at each address until one is not UNAVAILABLE and not silent, and after pauses at each again. The
// context of an attempt says how long it may be silent.
func (p *pool) inTurn(ctx context.Context, attempt func(ctx context.Context, at int) error) error {
	left := func() time.Duration {
		if deadline, ok := ctx.Deadline(); ok {
			return time.Until(deadline)
		}
		return callDeadline
	}
	pause := firstPause
	for round := 1; ; round++ {
		var err error
		for others := len(p.conns) - 1; others >= 0; others-- {
			at := int(p.current.Load())
			patience := left() / time.Duration(others+1)
			if round == 1 && len(p.conns) > 1 {
				patience = min(patience, firstPatience)
			}
			limited, cancel := context.WithTimeout(ctx, patience)
			err = attempt(limited, at)
			wasPatient := limited.Err() == nil
			cancel()
			if final, ok := err.(answered); ok {
				return final.error
			}
			isSilent := !wasPatient && status.Code(err) == codes.DeadlineExceeded
			if !isUnavailable(err) && !isSilent && !errors.As(err, new(*LostError)) || ctx.Err() != nil {
				return err
			}
			// The pause is for connecting anew.
			p.conns[at].ResetConnectBackoff()
			p.passOver(at)
		}
		if round == rounds || left() < pause {
			return err
		}
		if !sleep(ctx, pause) {
			return status.FromContextError(ctx.Err()).Err()
		}
		pause *= 2
	}
}

// passOver turns to the address after one, unless somebody has done so.
func (p *pool) passOver(at int) {
	p.current.CompareAndSwap(int64(at), int64((at+1)%len(p.conns)))
}

// invoke makes a call once.
func (p *pool) invoke(ctx context.Context, at int, method string, request, reply any, options ...grpc.CallOption) error {
	note := p.freshness.of(method)
	err := p.conns[at].Invoke(p.freshness.wanted(ctx), method, request, reply,
		append(options, grpc.Header(&note.header), grpc.Trailer(&note.trailer))...)
	note.ended(err)
	return err
}

// NewStream opens a stream at an address that answers. A stream is not begun again.
func (p *pool) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	if err := p.find(ctx); err != nil {
		return nil, err
	}
	return p.streamAt(ctx, int(p.current.Load()), desc, method, options...)
}

func (p *pool) streamAt(ctx context.Context, at int, desc *grpc.StreamDesc, method string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	stream, err := p.conns[at].NewStream(p.freshness.wanted(ctx), desc, method, options...)
	if err != nil {
		p.conns[at].ResetConnectBackoff()
		p.passOver(at)
		return nil, err
	}
	return &notedStream{ClientStream: stream, pool: p, at: at, note: p.freshness.of(method)}, nil
}

// notedStream notes how fresh its answer is, and turns to the next address when it is lost.
type notedStream struct {
	grpc.ClientStream
	pool  *pool
	at    int
	note  *freshnessNote
	noted bool
}

func (s *notedStream) RecvMsg(m any) error {
	err := s.ClientStream.RecvMsg(m)
	if !s.noted {
		s.noted = true
		s.note.header, _ = s.Header()
		s.note.trailer = s.Trailer()
		s.note.ended(err)
	}
	if isUnavailable(err) {
		s.pool.passOver(s.at)
	}
	return err
}

// oneAddress is a connection to one address of a pool, for generated clients.
type oneAddress struct {
	*pool
	at int
}

func (a oneAddress) Invoke(ctx context.Context, method string, request, reply any, options ...grpc.CallOption) error {
	return a.invoke(ctx, a.at, method, request, reply, options...)
}

func (a oneAddress) NewStream(ctx context.Context, desc *grpc.StreamDesc, method string, options ...grpc.CallOption) (grpc.ClientStream, error) {
	return a.streamAt(ctx, a.at, desc, method, options...)
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
	return (code == codes.Unavailable || code == codes.Canceled) && Reason(err) == "" && ctx.Err() == nil && !p.closed.Load()
}

func isUnavailable(err error) bool {
	return status.Code(err) == codes.Unavailable
}

// withDeadline gives a context a deadline that has none.
func withDeadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, callDeadline)
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
