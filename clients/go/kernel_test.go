package tracery

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"tracery.dev/tracery/tracerypb"
)

func TestTheRunningKernelSaysWhoItIs(t *testing.T) {
	root := t.TempDir()
	writeFile(t, filepath.Join(root, "proc/sys/kernel/osrelease"), []byte("6.1.0-56-amd64\n"))
	writeFile(t, filepath.Join(root, "proc/sys/kernel/version"), []byte("#1 SMP\n"))
	writeFile(t, filepath.Join(root, "proc/sys/kernel/arch"), []byte("armv7l\n"))
	events := filepath.Join(root, "sys/kernel/debug/tracing/events")
	writeFile(t, filepath.Join(events, "header_page"), []byte("\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;\n"+
		"\tfield: local_t commit;\toffset:8;\tsize:4;\tsigned:1;\n"))
	writeFile(t, filepath.Join(events, "a/b/format"), []byte("name: b\nID: 7\n"))
	kernel, err := runningKernel(root)
	if err != nil {
		t.Fatal(err)
	}
	identity := kernel.Identity
	if identity.Release != "6.1.0-56-amd64" || identity.Build != "#1 SMP" || identity.Machine != "armv7l" ||
		identity.WordSize != tracerypb.WordSize_WORD_SIZE_32 || identity.PageSize != uint32(os.Getpagesize()) ||
		identity.ByteOrder == tracerypb.ByteOrder_BYTE_ORDER_UNSPECIFIED {
		t.Errorf("it is %v", identity)
	}
	if format, ok, err := kernel.format("a/b"); err != nil || !ok || format.id != 7 {
		t.Errorf("its format is %v, %v, %v", format, ok, err)
	}
}

func TestWithoutATracefsTheErrorSaysWhatToDo(t *testing.T) {
	_, err := runningKernel(t.TempDir())
	if err == nil || !strings.Contains(err.Error(), "mount -t tracefs") {
		t.Errorf("the error is %v", err)
	}
}

func TestAFormatThatIsNotThereIsNoErrorAndOneThatCannotBeReadIs(t *testing.T) {
	texts := FormatTexts{"a/b": []byte("ID: 7\n")}
	for name, events := range map[string]fs.FS{
		"texts": texts, "map": fstest.MapFS{"a/b/format": &fstest.MapFile{Data: texts["a/b"]}}} {
		kernel := &Kernel{Events: events}
		if format, ok, err := kernel.format("a/b"); err != nil || !ok || format.id != 7 {
			t.Errorf("%s: the format is %v, %v, %v", name, format, ok, err)
		}
		for _, event := range []string{"a/c", "a", "", "../b", "a/../a/b", "a/b/format", "/a/b"} {
			if _, ok, err := kernel.format(event); ok || err != nil {
				t.Errorf("%s: %q is %v, %v", name, event, ok, err)
			}
		}
		if names, err := fs.Glob(events, "*/*/format"); err != nil || len(names) != 1 {
			t.Errorf("%s: all formats are %v, %v", name, names, err)
		}
	}
	for _, kernel := range []*Kernel{nil, {}} {
		if _, _, err := kernel.format("a/b"); err != errNoEvents {
			t.Errorf("of %v the error is %v", kernel, err)
		}
	}
	kernel := &Kernel{Events: FormatTexts{"a/b": make([]byte, maxFormatBytes+1)}}
	if _, _, err := kernel.format("a/b"); err == nil {
		t.Error("a format of more than a MiB was taken")
	}
	folder := t.TempDir()
	if err := os.MkdirAll(filepath.Join(folder, "a/b/format"), 0o777); err != nil {
		t.Fatal(err)
	}
	if _, _, err := (&Kernel{Events: os.DirFS(folder)}).format("a/b"); err == nil || !strings.Contains(err.Error(), "a/b") {
		t.Errorf("of a folder the error is %v", err)
	}
}

func TestAKernelIsReadFromArguments(t *testing.T) {
	folder := t.TempDir()
	kernel, err := ParseKernel(folder, "6.1", "#1", "s390x", "64", "big", "4096")
	if err != nil {
		t.Fatal(err)
	}
	if kernel.Identity.ByteOrder != tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN || kernel.Identity.PageSize != 4096 {
		t.Errorf("it is %v", kernel.Identity)
	}
	for _, args := range [][]string{
		{folder}, {folder, "6.1", "#1", "x", "65", "big", "4096"}, {folder, "6.1", "#1", "x", "64", "middle", "4096"},
		{folder, "6.1", "#1", "x", "64", "big", "-1"}, {folder + "/none", "6.1", "#1", "x", "64", "big", "4096"},
	} {
		if _, err := ParseKernel(args...); err == nil {
			t.Errorf("%q was taken", args)
		}
	}
}
