package tracery

import (
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"tracery.dev/tracery/tracerypb"
)

func newCache(t *testing.T, maxBytes int64) (*cache, *strings.Builder) {
	var log strings.Builder
	return &cache{
		folder:   filepath.Join(t.TempDir(), "tracery", "negotiations"),
		maxBytes: maxBytes,
		log:      slog.New(slog.NewTextHandler(&log, nil)),
	}, &log
}

func answerOf(kernel string) *tracerypb.NegotiateResponse {
	return &tracerypb.NegotiateResponse{Kernel: kernel}
}

func TestAnAnswerIsKeptWithItsTimeForThisUserOnly(t *testing.T) {
	c, log := newCache(t, defaultCacheBytes)
	when := time.UnixMilli(1_700_000_000_123)
	if c.get("one") != nil {
		t.Error("there is an answer before any was kept")
	}
	c.put("one", when, answerOf("k"))
	kept := c.get("one")
	if kept == nil || !kept.time.Equal(when) || !proto.Equal(kept.answer, answerOf("k")) {
		t.Errorf("kept is %v", kept)
	}
	for _, folder := range []string{c.folder, filepath.Dir(c.folder)} {
		if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s is %v, %v", folder, info.Mode(), err)
		}
	}
	if log.Len() > 0 {
		t.Error(log)
	}
}

func TestADamagedFileIsRemovedAndCostsNothingElse(t *testing.T) {
	c, log := newCache(t, defaultCacheBytes)
	c.put("one", time.Now(), answerOf("k"))
	name := filepath.Join(c.folder, "one.answer")
	whole, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for i := range whole {
		damaged := append([]byte{}, whole...)
		damaged[i] ^= 1
		for _, content := range [][]byte{damaged, whole[:i]} {
			writeFile(t, name, content)
			if kept := c.get("one"); kept != nil {
				t.Fatalf("%x was taken", content)
			}
			if _, err := os.Stat(name); !os.IsNotExist(err) {
				t.Fatalf("the damaged file was not removed: %v", err)
			}
		}
	}
	if !strings.Contains(log.String(), "damaged") {
		t.Errorf("the log says %q", log)
	}
}

func TestAFolderThatOthersWriteToIsNotUsed(t *testing.T) {
	c, log := newCache(t, defaultCacheBytes)
	c.put("one", time.Now(), answerOf("k"))
	if err := os.Chmod(c.folder, 0o770); err != nil {
		t.Fatal(err)
	}
	if c.get("one") != nil {
		t.Error("an answer was taken from it")
	}
	c.put("two", time.Now(), answerOf("k"))
	if _, err := os.Stat(filepath.Join(c.folder, "two.answer")); !os.IsNotExist(err) {
		t.Errorf("an answer was put into it: %v", err)
	}
	if !strings.Contains(log.String(), "chmod 700") {
		t.Errorf("the log says %q", log)
	}
}

func TestALinkIsNotFollowed(t *testing.T) {
	c, log := newCache(t, defaultCacheBytes)
	c.put("one", time.Now(), answerOf("k"))
	if err := os.Symlink("one.answer", filepath.Join(c.folder, "two.answer")); err != nil {
		t.Fatal(err)
	}
	if c.get("two") != nil {
		t.Error("an answer was read through a link")
	}
	folder := c.folder
	c.folder += "-link"
	if err := os.Symlink(folder, c.folder); err != nil {
		t.Fatal(err)
	}
	if c.get("one") != nil || !strings.Contains(log.String(), "is no folder") {
		t.Errorf("an answer was read through a link to the folder; the log says %q", log)
	}
}

func TestACacheMayHaveAnySize(t *testing.T) {
	c, log := newCache(t, math.MaxInt64)
	c.put("one", time.Now(), answerOf("k"))
	if c.get("one") == nil {
		t.Errorf("the answer is not there; the log says %q", log)
	}
}

func TestWhatWasNotUsedForLongestGoesWhenThereIsTooMuch(t *testing.T) {
	size := int64(len(formatKept(time.Now(), []byte{10, 1, 'k'})) + 2)
	c, _ := newCache(t, 3*size)
	for i, key := range []string{"a", "b", "c"} {
		c.put(key, time.Now(), answerOf("k"))
		old := time.Now().Add(time.Duration(i-10) * time.Minute)
		if err := os.Chtimes(filepath.Join(c.folder, key+".answer"), old, old); err != nil {
			t.Fatal(err)
		}
	}
	stale := filepath.Join(c.folder, "x.part")
	writeFile(t, stale, nil)
	if err := os.Chtimes(stale, time.Now(), time.Now().Add(-2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(c.folder, "y.part"), nil)
	if c.get("a") == nil {
		t.Fatal("there is no a")
	}
	c.put("d", time.Now(), answerOf("k"))
	var left []string
	entries, err := os.ReadDir(c.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		left = append(left, entry.Name())
	}
	if got := strings.Join(left, " "); got != "a.answer c.answer d.answer y.part" {
		t.Errorf("left are %s", got)
	}
}

func TestAnAnswerThatIsTooLargeIsNotKept(t *testing.T) {
	c, log := newCache(t, 10)
	c.put("one", time.Now(), answerOf("k"))
	if c.get("one") != nil || log.Len() > 0 {
		t.Errorf("it was kept, or %q", log)
	}
}

func TestACacheThatCannotBeWrittenCostsAWarningOnly(t *testing.T) {
	c, log := newCache(t, defaultCacheBytes)
	writeFile(t, filepath.Dir(c.folder), nil)
	c.put("one", time.Now(), answerOf("k"))
	if c.get("one") != nil || !strings.Contains(log.String(), "cannot keep") {
		t.Errorf("the log says %q", log)
	}
}

func TestTheFolderIsTheOneThatXDGNamesOrHomes(t *testing.T) {
	t.Setenv("HOME", "/home/me")
	for xdg, expected := range map[string]string{
		"/x": "/x/tracery/negotiations", "relative": "/home/me/.cache/tracery/negotiations", "": "/home/me/.cache/tracery/negotiations",
	} {
		t.Setenv("XDG_CACHE_HOME", xdg)
		if got := defaultCacheDir(); got != expected {
			t.Errorf("with %q it is %s, expected %s", xdg, got, expected)
		}
	}
	t.Setenv("XDG_CACHE_HOME", "")
	t.Setenv("HOME", "")
	if got := defaultCacheDir(); got != "" {
		t.Errorf("without a home it is %s", got)
	}
}
