package tracery

import (
	"context"
	"iter"

	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

// Kernels are the registered kernels that a request, which may be nil, names, in their order. Pages are asked for as the
// loop goes; they are of one revision. An error ends it.
func (c *Client) Kernels(ctx context.Context, request *tracerypb.ListKernelsRequest) iter.Seq2[*tracerypb.Kernel, error] {
	return pages(func(token string) ([]*tracerypb.Kernel, string, error) {
		request := cloneOrNew(request)
		request.PageSize, request.PageToken = 1000, token
		page, err := c.registry.ListKernels(ctx, request)
		return page.GetKernels(), page.GetNextPageToken(), err
	})
}

// Kernel is one kernel: by its id, an unambiguous prefix of it of 4 digits or more, or an unambiguous release.
func (c *Client) Kernel(ctx context.Context, kernel string) (*tracerypb.Kernel, error) {
	answer, err := c.registry.GetKernel(ctx, &tracerypb.GetKernelRequest{Kernel: kernel})
	return answer.GetKernel(), err
}

// Events are the events of a kernel, or the latest versions of those of all kernels, that a request, which may be nil,
// names, in the order of their names. Pages are asked for as the loop goes; they are of one revision. An error ends it.
func (c *Client) Events(ctx context.Context, request *tracerypb.ListEventsRequest) iter.Seq2[*tracerypb.KernelEvent, error] {
	return pages(func(token string) ([]*tracerypb.KernelEvent, string, error) {
		request := cloneOrNew(request)
		request.PageSize, request.PageToken = 5000, token
		page, err := c.registry.ListEvents(ctx, request)
		return page.GetEvents(), page.GetNextPageToken(), err
	})
}

// Schema is one schema version of an event.
func (c *Client) Schema(ctx context.Context, request *tracerypb.GetSchemaRequest) (*tracerypb.GetSchemaResponse, error) {
	return c.registry.GetSchema(ctx, request)
}

// DiffKernels says what differs between two kernels.
func (c *Client) DiffKernels(ctx context.Context, request *tracerypb.DiffKernelsRequest) (*tracerypb.DiffKernelsResponse, error) {
	return c.registry.DiffKernels(ctx, request)
}

// DiffSchemas says what differs between two schema versions of an event.
func (c *Client) DiffSchemas(ctx context.Context, request *tracerypb.DiffSchemasRequest) (*tracerypb.DiffSchemasResponse, error) {
	return c.registry.DiffSchemas(ctx, request)
}

// Uses says who uses an event or a field.
func (c *Client) Uses(ctx context.Context, request *tracerypb.FindUsesRequest) (*tracerypb.FindUsesResponse, error) {
	return tracerypb.NewConsumerServiceClient(c.conns).FindUses(ctx, request)
}

// pages asks for pages until one has no token for the next.
func pages[T any](page func(token string) ([]T, string, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for token := ""; ; {
			items, next, err := page(token)
			if err != nil {
				var none T
				yield(none, err)
				return
			}
			for _, item := range items {
				if !yield(item, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			token = next
		}
	}
}

// cloneOrNew is a copy of a request that may be nil.
func cloneOrNew[M proto.Message](request M) M {
	if !request.ProtoReflect().IsValid() {
		return request.ProtoReflect().New().Interface().(M)
	}
	return proto.CloneOf(request)
}
