package tracery

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"tracery.dev/tracery/tracerypb"
)

// The longest format that is read. Kernels of 2025 write 40 KiB at most.
const maxFormatBytes = 1 << 20

// Kernel is a kernel as a tool sees it.
type Kernel struct {
	// What it says of itself.
	Identity *tracerypb.KernelIdentity
	// The folder `events` of its tracefs, or any that has the files SYSTEM/NAME/format: os.DirFS, a zip.Reader, or
	// [FormatTexts].
	Events fs.FS
	// What its BTF says, for [Client.Check] and [Client.Register]; may be nil.
	Types *tracerypb.KernelTypes
}

// RunningKernel is the kernel that the program runs on. It needs to read the tracefs, which is root's.
func RunningKernel() (*Kernel, error) {
	return runningKernel("/")
}

func runningKernel(root string) (*Kernel, error) {
	for _, place := range []string{"sys/kernel/tracing/events", "sys/kernel/debug/tracing/events"} {
		events := filepath.Join(root, place)
		if folder, err := os.Open(events); err == nil {
			folder.Close()
			return runningKernelAt(root, events)
		}
	}
	return nil, fmt.Errorf("tracery: %s is not there or not readable; run as root, and if there is no events folder, mount"+
		" it: mount -t tracefs nodev /sys/kernel/tracing", filepath.Join(root, "sys/kernel/tracing/events"))
}

func runningKernelAt(root, events string) (*Kernel, error) {
	var problems []error
	line := func(name string) string {
		content, err := os.ReadFile(filepath.Join(root, "proc/sys/kernel", name))
		problems = append(problems, err)
		return strings.TrimSpace(string(content))
	}
	identity := &tracerypb.KernelIdentity{
		Release:   line("osrelease"),
		Build:     line("version"),
		WordSize:  kernelWordSize(events),
		ByteOrder: tracerypb.ByteOrder_BYTE_ORDER_LITTLE_ENDIAN,
		PageSize:  uint32(os.Getpagesize()),
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("tracery: cannot tell which kernel this is: %w", err)
	}
	if identity.Machine = line("arch"); identity.Machine == "" {
		// Before Linux 6.1.
		identity.Machine = machineOf(runtime.GOARCH)
	}
	if binary.NativeEndian.Uint16([]byte{0, 1}) == 1 {
		identity.ByteOrder = tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN
	}
	return &Kernel{Identity: identity, Events: os.DirFS(events)}, nil
}

// machineOf is what `uname -m` says of Go's name of a machine.
func machineOf(goarch string) string {
	switch goarch {
	case "amd64":
		return "x86_64"
	case "386":
		return "i686"
	case "arm64":
		return "aarch64"
	case "arm":
		return "armv7l"
	case "loong64":
		return "loongarch64"
	}
	return goarch
}

// kernelWordSize is not that of this program where a 32-bit one runs on a 64-bit kernel: the `commit` of header_page is a
// long of the kernel's (kernel/trace/ring_buffer.c).
func kernelWordSize(events string) tracerypb.WordSize {
	header, _ := os.ReadFile(filepath.Join(events, "header_page"))
	commit := regexp.MustCompile(`\bcommit;\s*offset:\d+;\s*size:([48]);`).FindSubmatch(header)
	if commit != nil && commit[1][0] == '4' || commit == nil && strconv.IntSize == 32 {
		return tracerypb.WordSize_WORD_SIZE_32
	}
	return tracerypb.WordSize_WORD_SIZE_64
}

// ParseKernel is the kernel that a tool's arguments name: none is the running kernel; seven are a folder as [TracefsKernel]
// takes it, the release, build and machine as `uname -r`, `-v` and `-m` print them, the bits of a word (32 or 64), the byte
// order (little or big), and the bytes of a page.
func ParseKernel(args ...string) (*Kernel, error) {
	if len(args) == 0 {
		return RunningKernel()
	}
	if len(args) != 7 {
		return nil, fmt.Errorf("tracery: expected TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE but found %q", args)
	}
	words := map[string]tracerypb.WordSize{
		"32": tracerypb.WordSize_WORD_SIZE_32, "64": tracerypb.WordSize_WORD_SIZE_64}
	orders := map[string]tracerypb.ByteOrder{
		"little": tracerypb.ByteOrder_BYTE_ORDER_LITTLE_ENDIAN, "big": tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN}
	word, isWord := words[args[4]]
	order, isOrder := orders[args[5]]
	page, err := strconv.ParseUint(args[6], 10, 32)
	switch {
	case !isWord:
		return nil, fmt.Errorf("tracery: expected 32 or 64 bits but found %q", args[4])
	case !isOrder:
		return nil, fmt.Errorf("tracery: expected the byte order little or big but found %q", args[5])
	case err != nil:
		return nil, fmt.Errorf("tracery: expected the bytes of a page but found %q", args[6])
	}
	return TracefsKernel(args[0], &tracerypb.KernelIdentity{Release: args[1], Build: args[2], Machine: args[3],
		WordSize: word, ByteOrder: order, PageSize: uint32(page)})
}

// TracefsKernel is a kernel whose formats are in a folder: a tracefs or a copy of one, or its `events`.
func TracefsKernel(folder string, identity *tracerypb.KernelIdentity) (*Kernel, error) {
	for _, events := range []string{filepath.Join(folder, "events"), folder} {
		if info, err := os.Stat(events); err == nil && info.IsDir() {
			return &Kernel{Identity: identity, Events: os.DirFS(events)}, nil
		}
	}
	return nil, fmt.Errorf("tracery: %s is not a folder that can be read", folder)
}

var errNoEvents = errors.New("tracery: the kernel has no Events to read formats from; use RunningKernel or TracefsKernel")

// format reads an event's format; false if there is none.
func (k *Kernel) format(event string) (formatFile, bool, error) {
	name := event + "/format"
	if k == nil || k.Events == nil {
		return formatFile{}, false, errNoEvents
	}
	if strings.Count(event, "/") != 1 || !fs.ValidPath(name) {
		// The registry says what is wrong with the name.
		return formatFile{}, false, nil
	}
	file, err := k.Events.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return formatFile{}, false, nil
	}
	if err != nil {
		return formatFile{}, false, fmt.Errorf("tracery: cannot read the format of %s: %w", event, err)
	}
	defer file.Close()
	// Why no size first: a tracefs file has none.
	text, err := io.ReadAll(io.LimitReader(file, maxFormatBytes+1))
	if err != nil {
		return formatFile{}, false, fmt.Errorf("tracery: cannot read the format of %s: %w", event, err)
	}
	if len(text) > maxFormatBytes {
		return formatFile{}, false, fmt.Errorf("tracery: the format of %s has more than %d bytes", event, maxFormatBytes)
	}
	return newFormat(event, text, k.Identity), true, nil
}

// FormatTexts are formats that a tool has in memory, under `system/name`, for [Kernel.Events].
type FormatTexts map[string][]byte

// Open opens SYSTEM/NAME/format.
func (t FormatTexts) Open(name string) (fs.File, error) {
	event, isFormat := strings.CutSuffix(name, "/format")
	text, ok := t[event]
	if !isFormat || !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return textFile{bytes.NewReader(text)}, nil
}

// Glob finds all formats, whatever the pattern is: only they are files.
func (t FormatTexts) Glob(string) ([]string, error) {
	var names []string
	for event := range t {
		names = append(names, event+"/format")
	}
	slices.Sort(names)
	return names, nil
}

// textFile is a file and what is known about it.
type textFile struct{ *bytes.Reader }

func (f textFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f textFile) Close() error               { return nil }
func (f textFile) Name() string               { return "format" }
func (f textFile) Mode() fs.FileMode          { return 0o444 }
func (f textFile) ModTime() time.Time         { return time.Time{} }
func (f textFile) IsDir() bool                { return false }
func (f textFile) Sys() any                   { return nil }
