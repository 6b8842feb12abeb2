package tracery

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

const (
	defaultCacheBytes = 16 << 20
	// A file: this, the milliseconds since 1970 in 8 bytes, the SHA-256 of both and the answer, the answer.
	cacheMagic    = "tracery-answer 1\n"
	cacheHead     = len(cacheMagic) + 8 + sha256.Size
	cacheSuffix   = ".answer"
	partSuffix    = ".part"
	partAbandoned = time.Hour
)

// cache has answers as files, one for each question, under the question's hash. Any number of processes and languages use
// the folder: a file is whole or not there. What goes wrong with it costs the answer and nothing else.
type cache struct {
	folder   string
	maxBytes int64
	log      *slog.Logger
}

// kept is an answer with the time at which the registry gave it.
type kept struct {
	time   time.Time
	answer *tracerypb.NegotiateResponse
}

// defaultCacheDir is empty where there is no home. The XDG base directory specification ignores relative paths.
func defaultCacheDir() string {
	if xdg := os.Getenv("XDG_CACHE_HOME"); filepath.IsAbs(xdg) {
		return filepath.Join(xdg, "tracery", "negotiations")
	}
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, ".cache", "tracery", "negotiations")
}

// cacheKey is of what the answer depends on. Ids differ from boot to boot, and the answer does not.
func cacheKey(request *tracerypb.NegotiateRequest) (string, error) {
	content := proto.CloneOf(request)
	content.DryRun = false
	for _, event := range content.Events {
		event.Id = 0
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(content)
	hash := sha256.Sum256(b)
	return hex.EncodeToString(hash[:]), err
}

// get is nil if there is none. A damaged file is removed.
func (c *cache) get(key string) *kept {
	if c == nil {
		return nil
	}
	name := filepath.Join(c.folder, key+cacheSuffix)
	answer, err := c.read(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.log.Warn("tracery: cannot use a kept answer", "file", name, "error", err)
	}
	return answer
}

func (c *cache) read(name string) (*kept, error) {
	if err := checkOwner(c.folder); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(name, os.O_RDONLY|openFlags, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, min(c.maxBytes, maxAnswerBytes)+1))
	if err != nil {
		return nil, err
	}
	answer := parseKept(content)
	if answer == nil {
		return nil, errors.Join(errors.New("it is damaged and was removed"), os.Remove(name))
	}
	now := time.Now()
	// What was not used for longest goes first. Where it cannot be noted it goes sooner.
	_ = os.Chtimes(name, now, now)
	return answer, nil
}

// put keeps an answer, and drops what was not used for longest where there is too much.
func (c *cache) put(key string, when time.Time, answer *tracerypb.NegotiateResponse) {
	if c == nil {
		return
	}
	if err := c.write(key, when, answer); err != nil {
		c.log.Warn("tracery: cannot keep the registry's answer; without it the tool does not start while the registry cannot"+
			" be reached", "folder", c.folder, "error", err)
	}
}

func (c *cache) write(key string, when time.Time, answer *tracerypb.NegotiateResponse) error {
	message, err := proto.Marshal(answer)
	if err != nil {
		return err
	}
	content := formatKept(when, message)
	if int64(len(content)) > c.maxBytes {
		return nil
	}
	if err := os.MkdirAll(c.folder, 0o700); err != nil {
		return err
	}
	if err := checkOwner(c.folder); err != nil {
		return err
	}
	part, err := os.CreateTemp(c.folder, key+"*"+partSuffix)
	if err != nil {
		return err
	}
	_, err = part.Write(content)
	if err = cmp.Or(err, part.Close()); err == nil {
		err = os.Rename(part.Name(), filepath.Join(c.folder, key+cacheSuffix))
	}
	if err != nil {
		return errors.Join(err, os.Remove(part.Name()))
	}
	return c.trim()
}

func (c *cache) trim() error {
	entries, err := os.ReadDir(c.folder)
	if err != nil {
		return err
	}
	var files []fs.FileInfo
	var size int64
	for _, entry := range entries {
		// A file that another process has just removed has no info.
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() &&
			(strings.HasSuffix(info.Name(), cacheSuffix) || strings.HasSuffix(info.Name(), partSuffix)) {
			files = append(files, info)
			size += info.Size()
		}
	}
	slices.SortFunc(files, func(a, b fs.FileInfo) int { return a.ModTime().Compare(b.ModTime()) })
	for _, file := range files {
		if strings.HasSuffix(file.Name(), partSuffix) {
			if time.Since(file.ModTime()) < partAbandoned {
				continue
			}
		} else if size <= c.maxBytes {
			continue
		}
		if err := os.Remove(filepath.Join(c.folder, file.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		size -= file.Size()
	}
	return nil
}

func formatKept(when time.Time, answer []byte) []byte {
	moment := binary.BigEndian.AppendUint64(nil, uint64(when.UnixMilli()))
	hash := sha256.Sum256(append(bytes.Clone(moment), answer...))
	return slices.Concat([]byte(cacheMagic), moment, hash[:], answer)
}

// parseKept is nil if anything is not as it was written.
func parseKept(content []byte) *kept {
	if len(content) < cacheHead {
		return nil
	}
	when := time.UnixMilli(int64(binary.BigEndian.Uint64(content[len(cacheMagic):])))
	message := content[cacheHead:]
	if !bytes.Equal(content, formatKept(when, message)) {
		return nil
	}
	answer := &tracerypb.NegotiateResponse{}
	if proto.Unmarshal(message, answer) != nil {
		return nil
	}
	return &kept{when, answer}
}

// refusedMode says why a folder with these permissions is not used: others would tell the tool how to read the kernel.
func refusedMode(folder string, mode fs.FileMode) error {
	if mode.Perm()&0o022 != 0 {
		return fmt.Errorf("%s can be written to by others; chmod 700 it", folder)
	}
	return nil
}
