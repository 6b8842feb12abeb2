package tracery

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

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
	formats, missing, err := c.prepare(ctx, kernel)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := tracerypb.NewCompatibilityServiceClient(c.conns).CheckKernel(ctx)
	if err != nil {
		return nil, err
	}
	send := func(part *tracerypb.CheckKernelRequest) error { return call.Send(part) }
	header := &tracerypb.CheckKernelHeader{Identity: kernel.Identity, Series: series}
	err = send(&tracerypb.CheckKernelRequest{Part: &tracerypb.CheckKernelRequest_Header{Header: header}})
	if err == nil {
		err = sendKernel(kernel, formats, missing,
			func(events *tracerypb.EventFormats) error {
				return send(&tracerypb.CheckKernelRequest{Part: &tracerypb.CheckKernelRequest_Events{Events: events}})
			},
			func(types *tracerypb.KernelTypes) error {
				return send(&tracerypb.CheckKernelRequest{Part: &tracerypb.CheckKernelRequest_Types{Types: types}})
			})
	}
	// Why not io.EOF: a server that has heard enough has its answer waiting.
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return call.CloseAndRecv()
}

// Register registers a kernel, all or nothing, and adds it to a series unless that is empty. It reads all formats of the
// kernel and sends those only that the registry does not know. There is no deadline but that of ctx.
func (c *Client) Register(ctx context.Context, kernel *Kernel, series string) (*tracerypb.RegisterKernelResponse, error) {
	formats, missing, err := c.prepare(ctx, kernel)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	call, err := c.registry.RegisterKernel(ctx)
	if err != nil {
		return nil, err
	}
	send := func(part *tracerypb.RegisterKernelRequest) error { return call.Send(part) }
	header := &tracerypb.RegisterKernelHeader{Identity: kernel.Identity, Series: series}
	err = send(&tracerypb.RegisterKernelRequest{Part: &tracerypb.RegisterKernelRequest_Header{Header: header}})
	if err == nil {
		err = sendKernel(kernel, formats, missing,
			func(events *tracerypb.EventFormats) error {
				return send(&tracerypb.RegisterKernelRequest{Part: &tracerypb.RegisterKernelRequest_Events{Events: events}})
			},
			func(types *tracerypb.KernelTypes) error {
				return send(&tracerypb.RegisterKernelRequest{Part: &tracerypb.RegisterKernelRequest_Types{Types: types}})
			})
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	answer, err := call.CloseAndRecv()
	if c.conns.isLost(ctx, err) {
		return nil, fmt.Errorf("tracery: the connection to the registry was lost; the kernel may or may not be registered,"+
			" and doing it again is safe: %w", err)
	}
	return answer, err
}

// prepare reads all formats and asks which of their layouts the registry does not know.
func (c *Client) prepare(ctx context.Context, kernel *Kernel) ([]formatFile, map[string]bool, error) {
	if kernel == nil || kernel.Events == nil {
		return nil, nil, errNoEvents
	}
	names, err := fs.Glob(kernel.Events, "*/*/format")
	if err != nil {
		return nil, nil, err
	}
	var formats []formatFile
	var hashes [][]byte
	for _, name := range names {
		format, ok, err := kernel.format(strings.TrimSuffix(name, "/format"))
		if err != nil {
			return nil, nil, err
		}
		if ok {
			formats = append(formats, format)
			hashes = append(hashes, format.hash)
		}
	}
	if len(formats) == 0 {
		return nil, nil, errors.New("tracery: the kernel has no formats, SYSTEM/NAME/format, that can be read; run as root")
	}
	missing := map[string]bool{}
	for some := range slices.Chunk(hashes, maxHashes) {
		answer, err := c.registry.FindMissingLayouts(ctx, &tracerypb.FindMissingLayoutsRequest{LayoutHashes: some})
		if err != nil {
			return nil, nil, err
		}
		for _, hash := range answer.GetMissing() {
			missing[string(hash)] = true
		}
	}
	return formats, missing, nil
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
