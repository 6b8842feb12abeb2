package tracery

import (
	"context"
	"errors"
	"io"
	"iter"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

const fileChunkBytes = 256 << 10

// TranslateFile has a trace.dat or perf.data translated: the items are a start, then schemas before their events, events in
// the order of time, and an end. A start, which may be nil, says what of the trace is wanted.
//
// The file is read as the registry takes it, and the registry waits where the loop does, so that neither side holds more
// than a few items. An error ends it. When the loop has ended, the file is not read any more: it waits for a Read that is
// running, so that of a pipe should end when ctx is done.
func (c *Client) TranslateFile(ctx context.Context, start *tracerypb.TranslateStart, file io.Reader) iter.Seq2[*tracerypb.TraceItem, error] {
	start = cloneOrNew(start)
	if start.Source == nil {
		start.Source = &tracerypb.TranslateStart_File{File: &tracerypb.TraceFileSource{}}
	}
	return c.translate(ctx, start, func(send func(*tracerypb.TranslateRequest) error) error {
		for {
			// Why a new one each time: gRPC may still hold the last.
			chunk := make([]byte, fileChunkBytes)
			n, err := io.ReadFull(file, chunk)
			if n > 0 {
				part := &tracerypb.TranslateRequest{Part: &tracerypb.TranslateRequest_FileChunk{FileChunk: chunk[:n]}}
				if err := send(part); err != nil {
					return err
				}
			}
			if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
				return nil
			}
			if err != nil {
				return err
			}
		}
	})
}

// TranslatePages has pages of the ring buffer translated as they come, those of each CPU in their order, 1 MiB of them at
// a time at most. The start names their kernel. The rest is as with [Client.TranslateFile]; pages that are waited for should
// end when ctx is done, since the loop does not end before they do.
func (c *Client) TranslatePages(ctx context.Context, start *tracerypb.TranslateStart, pages iter.Seq2[*tracerypb.RawPages, error]) iter.Seq2[*tracerypb.TraceItem, error] {
	return c.translate(ctx, proto.CloneOf(start), func(send func(*tracerypb.TranslateRequest) error) error {
		for some, err := range pages {
			if err == nil {
				err = send(&tracerypb.TranslateRequest{Part: &tracerypb.TranslateRequest_Pages{Pages: some}})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// translate sends what a source has while the loop takes items.
func (c *Client) translate(ctx context.Context, start *tracerypb.TranslateStart,
	source func(send func(*tracerypb.TranslateRequest) error) error) iter.Seq2[*tracerypb.TraceItem, error] {
	return func(yield func(*tracerypb.TraceItem, error) bool) {
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		call, err := tracerypb.NewTranslationServiceClient(c.conns).Translate(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		sent := make(chan struct{})
		go func() {
			defer close(sent)
			err := call.Send(&tracerypb.TranslateRequest{Part: &tracerypb.TranslateRequest_Start{Start: start}})
			if err == nil {
				err = source(call.Send)
			}
			if err == nil {
				err = call.CloseSend()
			}
			// Why not io.EOF: the server has ended the call, and its answer says why.
			if err != nil && !errors.Is(err, io.EOF) {
				cancel(err)
			}
		}()
		err = receive(call, yield)
		cause := context.Cause(ctx)
		cancel(nil)
		<-sent
		if err != nil && !errors.Is(err, errLoopEnded) {
			if cause != nil && status.Code(err) == codes.Canceled {
				// What could not be read, not that the call ended for it.
				err = cause
			}
			yield(nil, err)
		}
	}
}

var errLoopEnded = errors.New("the loop has ended")

// receive hands on items until the last; nil then.
func receive(call tracerypb.TranslationService_TranslateClient, yield func(*tracerypb.TraceItem, error) bool) error {
	for {
		answer, err := call.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		for _, item := range answer.GetItems() {
			if !yield(item, nil) {
				return errLoopEnded
			}
		}
	}
}
