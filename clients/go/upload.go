package tracery

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

const (
	// Well below the 4 MiB at which servers refuse a message.
	chunkBytes = 1 << 20
	// What FindMissingLayoutsRequest allows.
	maxHashes = 65_536
)

// Check has a kernel judged against the latest of a series, without registering it. It reads all formats of the kernel and
// sends those only that the registry does not know. There is no deadline but that of ctx.
func (c *Client) Check(ctx context.Context, kernel *Kernel, series string) (*tracerypb.CheckKernelResponse, error) {
	type request = tracerypb.CheckKernelRequest
	answer, err := upload(ctx, c, kernel, parts[request, tracerypb.CheckKernelResponse]{
		open: func(ctx context.Context, conn grpc.ClientConnInterface) (grpc.ClientStreamingClient[request, tracerypb.CheckKernelResponse], error) {
			return tracerypb.NewCompatibilityServiceClient(conn).CheckKernel(ctx)
		},
		header: func(identity *tracerypb.KernelIdentity) *request {
			header := &tracerypb.CheckKernelHeader{Identity: identity, Series: series}
			return &request{Part: &tracerypb.CheckKernelRequest_Header{Header: header}}
		},
		events: func(events *tracerypb.EventFormats) *request {
			return &request{Part: &tracerypb.CheckKernelRequest_Events{Events: events}}
		},
		types: func(types *tracerypb.KernelTypes) *request {
			return &request{Part: &tracerypb.CheckKernelRequest_Types{Types: types}}
		},
	})
	if lost := (*LostError)(nil); errors.As(err, &lost) {
		// A check stores nothing: there is nothing to be told of.
		return nil, lost.Err
	}
	return answer, err
}

// Register registers a kernel, all or nothing, and adds it to a series unless that is empty. It reads all formats of the
// kernel and sends those only that the registry does not know. There is no deadline but that of ctx. The error is a
// [*LostError] if nobody knows whether the kernel is registered.
func (c *Client) Register(ctx context.Context, kernel *Kernel, series string) (*tracerypb.RegisterKernelResponse, error) {
	type request = tracerypb.RegisterKernelRequest
	return upload(ctx, c, kernel, parts[request, tracerypb.RegisterKernelResponse]{
		open: func(ctx context.Context, conn grpc.ClientConnInterface) (grpc.ClientStreamingClient[request, tracerypb.RegisterKernelResponse], error) {
			return tracerypb.NewRegistryServiceClient(conn).RegisterKernel(ctx)
		},
		header: func(identity *tracerypb.KernelIdentity) *request {
			header := &tracerypb.RegisterKernelHeader{Identity: identity, Series: series}
			return &request{Part: &tracerypb.RegisterKernelRequest_Header{Header: header}}
		},
		events: func(events *tracerypb.EventFormats) *request {
			return &request{Part: &tracerypb.RegisterKernelRequest_Events{Events: events}}
		},
		types: func(types *tracerypb.KernelTypes) *request {
			return &request{Part: &tracerypb.RegisterKernelRequest_Types{Types: types}}
		},
	})
}

// parts are how a kernel is sent in one of the two calls.
type parts[Request, Response any] struct {
	open   func(context.Context, grpc.ClientConnInterface) (grpc.ClientStreamingClient[Request, Response], error)
	header func(*tracerypb.KernelIdentity) *Request
	events func(*tracerypb.EventFormats) *Request
	types  func(*tracerypb.KernelTypes) *Request
}

// upload sends a kernel to an address that says which layouts it does not know, and from its beginning to the next if that
// goes away.
func upload[Request, Response any](ctx context.Context, c *Client, kernel *Kernel, parts parts[Request, Response]) (*Response, error) {
	formats, err := formatsOfAll(kernel)
	if err != nil {
		return nil, err
	}
	var missing map[string]bool
	find := func(ctx context.Context, at int) (err error) {
		missing, err = missingAt(ctx, oneAddress{c.conns, at}, formats)
		return err
	}
	var answer *Response
	send := func(ctx context.Context, at int) (err error) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		call, err := parts.open(ctx, oneAddress{c.conns, at})
		if err != nil {
			return err
		}
		err = call.Send(parts.header(kernel.Identity))
		if err == nil {
			err = sendKernel(kernel, formats, missing,
				func(events *tracerypb.EventFormats) error { return call.Send(parts.events(events)) },
				func(types *tracerypb.KernelTypes) error { return call.Send(parts.types(types)) })
		}
		// Why not io.EOF: a server that has heard enough has its answer waiting.
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		answer, err = call.CloseAndRecv()
		return err
	}
	err = c.conns.write(ctx, writesAgain, "the registration", find, send)
	return answer, err
}

// formatsOfAll reads the formats of all events.
func formatsOfAll(kernel *Kernel) ([]formatFile, error) {
	if kernel == nil || kernel.Events == nil {
		return nil, errNoEvents
	}
	names, err := fs.Glob(kernel.Events, "*/*/format")
	if err != nil {
		return nil, err
	}
	var formats []formatFile
	for _, name := range names {
		format, ok, err := kernel.format(strings.TrimSuffix(name, "/format"))
		if err != nil {
			return nil, err
		}
		if ok {
			formats = append(formats, format)
		}
	}
	if len(formats) == 0 {
		return nil, errors.New("tracery: the kernel has no formats, SYSTEM/NAME/format, that can be read; run as root")
	}
	return formats, nil
}

// missingAt asks an address which layouts it does not know.
func missingAt(ctx context.Context, conn grpc.ClientConnInterface, formats []formatFile) (map[string]bool, error) {
	missing := map[string]bool{}
	for some := range slices.Chunk(formats, maxHashes) {
		request := &tracerypb.FindMissingLayoutsRequest{}
		for _, format := range some {
			request.LayoutHashes = append(request.LayoutHashes, format.hash)
		}
		answer, err := tracerypb.NewRegistryServiceClient(conn).FindMissingLayouts(ctx, request)
		if err != nil {
			return nil, err
		}
		for _, hash := range answer.GetMissing() {
			missing[string(hash)] = true
		}
	}
	return missing, nil
}

// sendKernel sends events, with the texts of only those layouts that are missing, each once, and then types.
func sendKernel(kernel *Kernel, formats []formatFile, missing map[string]bool,
	sendEvents func(*tracerypb.EventFormats) error, sendTypes func(*tracerypb.KernelTypes) error) error {
	var events []*tracerypb.EventFormat
	for _, format := range formats {
		event := &tracerypb.EventFormat{Event: format.event, Id: format.id, LayoutHash: format.hash}
		if missing[string(format.hash)] {
			delete(missing, string(format.hash))
			event.Text = format.text
		}
		events = append(events, event)
	}
	err := sendChunks(events, func(some []*tracerypb.EventFormat) error {
		return sendEvents(&tracerypb.EventFormats{Events: some})
	})
	if err != nil {
		return err
	}
	err = sendChunks(kernel.Types.GetTracepoints(), func(some []*tracerypb.Tracepoint) error {
		return sendTypes(&tracerypb.KernelTypes{Tracepoints: some})
	})
	if err != nil {
		return err
	}
	return sendChunks(kernel.Types.GetStructs(), func(some []*tracerypb.EventStruct) error {
		return sendTypes(&tracerypb.KernelTypes{Structs: some})
	})
}

// sendChunks sends messages in as few parts as their size allows.
func sendChunks[M proto.Message](all []M, send func(some []M) error) error {
	start, size := 0, 0
	for i, m := range all {
		// With its tag and length.
		bytes := proto.Size(m) + 8
		if size > 0 && size+bytes > chunkBytes {
			if err := send(all[start:i]); err != nil {
				return err
			}
			start, size = i, 0
		}
		size += bytes
	}
	if start == len(all) {
		return nil
	}
	return send(all[start:])
}
