package tracery

import (
	"net"
	"testing"

	"google.golang.org/grpc"
)

// serve starts a server on loopback that ends with the test, and gives its address.
func serve(t *testing.T, register func(*grpc.Server), options ...grpc.ServerOption) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(options...)
	register(server)
	go server.Serve(listener)
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

// connect makes a client that ends with the test and has no cache unless an option says so.
func connect(t *testing.T, servers string, options ...Option) *Client {
	t.Helper()
	client, err := Connect(servers, append([]Option{WithoutCache()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}
