package tracery

import "testing"

func TestAddressesAreReadAndOthersRefused(t *testing.T) {
	for text, expected := range map[string]string{
		"host": "host:7411", "host:1": "host:1", "10.0.0.1:65535": "10.0.0.1:65535", "[::1]": "[::1]:7411",
		"[fe80::1%eth0]:80": "[fe80::1%eth0]:80", "a-b.c_d:7411": "a-b.c_d:7411",
	} {
		got, err := parseAddresses(text)
		if err != nil || len(got) != 1 || got[0].String() != expected {
			t.Errorf("%q is %v, %v, expected %v", text, got, err, expected)
		}
	}
	for _, text := range []string{":1", "host:", "host:0", "host:65536", "host:+1", "::1", "[::1", "[::1]x", "[]", "[host]:1", "a b", "a,", ",", "http://a"} {
		if got, err := parseAddresses(text); err == nil {
			t.Errorf("%q was taken for %v", text, got)
		}
	}
}

func TestSeveralAddressesAreReadInTheirOrderAndNoneIsTheEnvironments(t *testing.T) {
	t.Setenv("TRACERY_SERVER", "")
	for text, expected := range map[string][]string{"": {"localhost:7411"}, "a:1, b,[::1]:2": {"a:1", "b:7411", "[::1]:2"}} {
		got, err := parseAddresses(text)
		if err != nil || len(got) != len(expected) {
			t.Fatalf("%q is %v, %v", text, got, err)
		}
		for i := range got {
			if got[i].String() != expected[i] {
				t.Errorf("address %d of %q is %v, expected %v", i, text, got[i], expected[i])
			}
		}
	}
	t.Setenv("TRACERY_SERVER", "elsewhere:5")
	if got, err := parseAddresses(""); err != nil || got[0].String() != "elsewhere:5" {
		t.Errorf("the environment's address is %v, %v", got, err)
	}
}

func TestATokenGoesOverTLSOrToThisMachineOnly(t *testing.T) {
	for _, server := range []string{"localhost", "127.0.0.1:1", "[::1]:1"} {
		connect(t, server, WithToken("secret"))
	}
	connect(t, "registry.example", WithToken("secret"), WithTLS(nil))
	for _, server := range []string{"registry.example", "localhost,registry.example", "10.0.0.1"} {
		if _, err := Connect(server, WithToken("secret")); err == nil {
			t.Errorf("a token would be sent to %s in clear", server)
		}
	}
	for _, token := range []string{"", "two words", "line\nfeed", "é"} {
		if _, err := Connect("localhost", WithToken(token)); err == nil {
			t.Errorf("the token %q was taken", token)
		}
	}
}
