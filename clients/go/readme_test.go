package tracery

import (
	"os"
	"strings"
	"testing"
)

func TestTheReadmeShowsTheExampleToTheLetter(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	example, err := os.ReadFile("examples/switches/main.go")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(readme), "```go\n"+string(example)+"```\n") {
		t.Error("README.md does not have the text of examples/switches/main.go")
	}
	if lines := strings.Count(string(example), "\n"); lines >= 40 {
		t.Errorf("the example has %d lines, expected fewer than 40", lines)
	}
}
