package tracery

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"
)

const (
	defaultHost = "localhost"
	defaultPort = "7411"
)

// address is where a registry listens.
type address struct{ host, port string }

var hostPattern = regexp.MustCompile(`^([A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z0-9]*)$`)

// parseAddresses reads HOST, HOST:PORT, [IPV6] and [IPV6]:PORT, several with commas. Empty is what TRACERY_SERVER says, or
// localhost:7411.
func parseAddresses(servers string) ([]address, error) {
	if servers == "" {
		servers = os.Getenv("TRACERY_SERVER")
	}
	if servers == "" {
		return []address{{defaultHost, defaultPort}}, nil
	}
	var addresses []address
	for _, text := range strings.Split(servers, ",") {
		a, err := parseAddress(strings.TrimSpace(text))
		if err != nil {
			return nil, err
		}
		addresses = append(addresses, a)
	}
	return addresses, nil
}

func parseAddress(text string) (address, error) {
	host, rest := text, ""
	if inside, ok := strings.CutPrefix(text, "["); ok {
		var closed bool
		if host, rest, closed = strings.Cut(inside, "]"); !closed || !strings.Contains(host, ":") {
			host = ""
		}
	} else if colon := strings.IndexByte(text, ':'); colon >= 0 {
		host, rest = text[:colon], text[colon:]
	}
	port := defaultPort
	if rest != "" {
		port = strings.TrimPrefix(rest, ":")
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || n == 0 || port == rest {
			host = ""
		}
	}
	if !hostPattern.MatchString(host) {
		return address{}, fmt.Errorf("tracery: expected HOST:PORT, with a port from 1 to 65535, but found %q", text)
	}
	return address{host, port}, nil
}

func (a address) String() string {
	return net.JoinHostPort(a.host, a.port)
}

// target is the address as gRPC takes it.
func (a address) target() string {
	return (&url.URL{Scheme: "dns", Path: "/" + a.String()}).String()
}

func (a address) isLoopback() bool {
	ip, err := netip.ParseAddr(a.host)
	return err == nil && ip.IsLoopback() || strings.EqualFold(a.host, "localhost")
}
