package tracery

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"

	"tracery.dev/tracery/tracerypb"
)

const (
	userAgent = "tracery-go/0.1"
	// How long a call with one answer may take where its context has no deadline.
	callDeadline   = 30 * time.Second
	maxAnswerBytes = 256 << 20
	// The diagnostics of a refused kernel come as trailers.
	maxTrailerBytes = 1 << 20
)

// Client is a connection to a registry. It connects when it is first used, and again when it must. Any number of goroutines
// may use it.
//
// A call with one answer that fails with UNAVAILABLE, or has none within a second, is tried at the next address and, after
// pauses of 50, 100 and 200 ms, again at each. A write has no such limit, and is sent again only where it was refused, or
// where doing it twice is harmless; otherwise its error is a [*LostError]. Nothing else is tried again. Where a call's context
// has no deadline it gets one of 30 seconds.
//
// Calls after a write see what it wrote, whichever address answers them: see [Client.AtLeast].
type Client struct {
	conns    *pool
	registry tracerypb.RegistryServiceClient
	cache    *cache
	log      *slog.Logger
	now      func() time.Time
}

// Option changes how a [Client] behaves.
type Option func(*settings) error

type settings struct {
	tls        *tls.Config
	token      string
	cacheDir   string
	cacheBytes int64
	log        *slog.Logger
	atLeast    uint64
}

// WithTLS makes the client speak TLS. A nil config trusts the system's roots, unless [WithCA] names others. WithCA and
// [WithClientCertificate] need no WithTLS; a config that is not nil comes before them, and they change a copy of it.
func WithTLS(config *tls.Config) Option {
	return func(s *settings) error {
		if config == nil {
			s.needTLS()
			return nil
		}
		if s.tls != nil {
			return errors.New("expected WithTLS and its config before the other options of TLS")
		}
		s.tls = config.Clone()
		return nil
	}
}

// WithCA makes the client speak TLS with servers whose certificates come from those in a PEM file, and no others.
func WithCA(file string) Option {
	return func(s *settings) error {
		pem, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		if !roots.AppendCertsFromPEM(pem) {
			return fmt.Errorf("%s has no certificates in PEM form", file)
		}
		s.needTLS().RootCAs = roots
		return nil
	}
}

// WithClientCertificate makes the client speak TLS and show a certificate, which with its key is in PEM files.
func WithClientCertificate(certFile, keyFile string) Option {
	return func(s *settings) error {
		certificate, err := tls.LoadX509KeyPair(certFile, keyFile)
		if err != nil {
			return err
		}
		s.needTLS().Certificates = []tls.Certificate{certificate}
		return nil
	}
}

// WithToken sends a bearer token with every call. It is sent over TLS only, or to this machine: [Connect] refuses any
// other address.
func WithToken(token string) Option {
	return func(s *settings) error {
		isBad := func(r rune) bool { return r <= ' ' || r > '~' }
		if token == "" || strings.ContainsFunc(token, isBad) {
			return errors.New("expected a token of printable ASCII without blanks")
		}
		s.token = token
		return nil
	}
}

// WithCache keeps answers in another folder than $XDG_CACHE_HOME/tracery/negotiations or ~/.cache/tracery/negotiations, of
// at most so many bytes; 0 is 16 MiB.
func WithCache(folder string, maxBytes int64) Option {
	return func(s *settings) error {
		if folder == "" || maxBytes < 0 {
			return errors.New("expected a folder for answers and a size that is not negative")
		}
		s.cacheDir, s.cacheBytes = folder, maxBytes
		if maxBytes == 0 {
			s.cacheBytes = defaultCacheBytes
		}
		return nil
	}
}

// WithoutCache keeps no answers: nothing starts without the registry.
func WithoutCache() Option {
	return func(s *settings) error {
		s.cacheDir = ""
		return nil
	}
}

// WithLogger tells a logger, instead of slog's default, what costs no call: a cache that cannot be used, a watch that was
// cut.
func WithLogger(log *slog.Logger) Option {
	return func(s *settings) error {
		s.log = log
		return nil
	}
}

func (s *settings) needTLS() *tls.Config {
	if s.tls == nil {
		s.tls = &tls.Config{}
	}
	return s.tls
}

// Connect makes a client of the registry at HOST, HOST:PORT or [IPV6]:PORT; several addresses, with commas between them,
// are asked in their order. Empty is what the environment variable TRACERY_SERVER says, or localhost:7411. It does not wait
// for the registry to be there.
func Connect(servers string, options ...Option) (*Client, error) {
	s := settings{cacheDir: defaultCacheDir(), cacheBytes: defaultCacheBytes, log: slog.Default()}
	for _, option := range options {
		if err := option(&s); err != nil {
			return nil, fmt.Errorf("tracery: %w", err)
		}
	}
	addresses, err := parseAddresses(servers)
	if err != nil {
		return nil, err
	}
	conns := &pool{}
	for _, a := range addresses {
		if s.token != "" && s.tls == nil && !a.isLoopback() {
			conns.Close()
			return nil, fmt.Errorf("tracery: the token is not sent to %v without TLS; use WithTLS", a)
		}
		conn, err := grpc.NewClient(a.target(), s.dialOptions(len(addresses))...)
		if err != nil {
			conns.Close()
			return nil, fmt.Errorf("tracery: %v: %w", a, err)
		}
		conns.conns = append(conns.conns, conn)
	}
	conns.freshness.raise(s.atLeast)
	client := &Client{conns: conns, registry: tracerypb.NewRegistryServiceClient(conns), log: s.log, now: time.Now}
	if s.cacheDir != "" {
		client.cache = &cache{folder: s.cacheDir, maxBytes: s.cacheBytes, log: s.log}
	}
	return client, nil
}

func (s *settings) dialOptions(addresses int) []grpc.DialOption {
	transport := insecure.NewCredentials()
	if s.tls != nil {
		transport = credentials.NewTLS(s.tls)
	}
	connect := grpc.ConnectParams{
		Backoff:           backoff.Config{BaseDelay: 20 * time.Millisecond, Multiplier: 1.6, Jitter: 0.2, MaxDelay: 10 * time.Second},
		MinConnectTimeout: 20 * time.Second,
	}
	if addresses > 1 {
		// Why: a machine that does not even refuse must leave time for the next.
		connect.MinConnectTimeout = time.Second
	}
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(transport),
		grpc.WithUserAgent(userAgent),
		grpc.WithDisableServiceConfig(),
		grpc.WithDisableRetry(),
		grpc.WithConnectParams(connect),
		grpc.WithMaxHeaderListSize(maxTrailerBytes),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(maxAnswerBytes)),
		// Why: a watch has no deadline; this finds out that its server is silent. Servers take a ping every 10 seconds.
		grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 15 * time.Second, Timeout: 5 * time.Second}),
	}
	if s.token != "" {
		options = append(options, grpc.WithPerRPCCredentials(bearer{s.token, s.tls != nil}))
	}
	return options
}

// bearer sends a token. Connect has seen to where it goes.
type bearer struct {
	token  string
	secure bool
}

func (b bearer) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": "Bearer " + b.token}, nil
}

func (b bearer) RequireTransportSecurity() bool {
	return b.secure
}

// Conn is the connection for the generated clients of the calls that Client has no method for, such as
// tracerypb.NewConsumerServiceClient. What is said of [Client] about trying again holds for them, too.
func (c *Client) Conn() grpc.ClientConnInterface {
	return c.conns
}

// Close ends the connection and every call that is running.
func (c *Client) Close() error {
	return c.conns.Close()
}
