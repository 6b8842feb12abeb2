package tracery

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/metadata"

	"tracery.dev/tracery/tracerypb"
)

// selfSigned makes a certificate for 127.0.0.1 and its key, in PEM files.
func selfSigned(t *testing.T, name string) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(t.TempDir(), "cert.pem"), filepath.Join(t.TempDir(), "key.pem")
	writeFile(t, certFile, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
	writeFile(t, keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}))
	return certFile, keyFile
}

func TestTLSTakesACAFileAndShowsAClientsCertificateAndToken(t *testing.T) {
	serverCert, serverKey := selfSigned(t, "server")
	clientCert, clientKey := selfSigned(t, "client")
	pair, err := tls.LoadX509KeyPair(serverCert, serverKey)
	if err != nil {
		t.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{pair}, ClientAuth: tls.RequireAnyClientCert}
	var token string
	registry := &fakeRegistry{negotiate: func(ctx context.Context) (*tracerypb.NegotiateResponse, error) {
		md, _ := metadata.FromIncomingContext(ctx)
		token = strings.Join(md.Get("authorization"), ",")
		return answerOf("secure"), nil
	}}
	server := registry.serve(t, grpc.Creds(credentials.NewTLS(config)))
	ask := func(options ...Option) error {
		_, err := connect(t, server, options...).Negotiate(context.Background(), someTool, someKernel)
		return err
	}
	if err := ask(WithCA(serverCert), WithClientCertificate(clientCert, clientKey), WithToken("secret")); err != nil {
		t.Error(err)
	}
	if token != "Bearer secret" {
		t.Errorf("the token came as %q", token)
	}
	if err := ask(WithCA(serverCert), WithTLS(nil), WithClientCertificate(clientCert, clientKey)); err != nil {
		t.Errorf("with TLS asked for after its CA: %v", err)
	}
	if _, err := Connect(server, WithCA(serverCert), WithTLS(&tls.Config{})); err == nil {
		t.Error("a CA was lost to a config behind it")
	}
	for name, options := range map[string][]Option{
		"no client's certificate": {WithCA(serverCert)},
		"another CA":              {WithCA(clientCert), WithClientCertificate(clientCert, clientKey)},
		"the system's roots":      {WithTLS(nil), WithClientCertificate(clientCert, clientKey)},
		"no TLS":                  nil,
	} {
		if err := ask(options...); err == nil {
			t.Errorf("with %s it was answered", name)
		}
	}
}

func TestFilesThatHaveNoCertificatesAreRefused(t *testing.T) {
	empty := filepath.Join(t.TempDir(), "empty.pem")
	writeFile(t, empty, nil)
	for name, option := range map[string]Option{
		"no file": WithCA(empty + "x"), "no certificate": WithCA(empty), "no key": WithClientCertificate(empty, empty)} {
		if _, err := Connect("localhost", option); err == nil || !strings.HasPrefix(err.Error(), "tracery: ") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}
