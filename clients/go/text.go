package tracery

import (
	"hash/maphash"
	"sync/atomic"
	"unicode/utf8"
)

// appendText appends text, with each maximal subpart of malformed UTF-8 (Unicode 16, section 3.9) replaced by U+FFFD.
// Go's own conversions replace each byte, or each run of them.
func appendText(dst, text []byte) []byte {
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			dst = append(dst, "\uFFFD"...)
			size = subpart(text)
		} else {
			dst = append(dst, text[:size]...)
		}
		text = text[size:]
	}
	return dst
}

// subpart is the length of the longest beginning of text, which is malformed, that a well-formed sequence begins with; 1 if
// there is none.
func subpart(text []byte) int {
	low, high, need := byte(0x80), byte(0xbf), 0
	switch lead := text[0]; {
	case lead < 0xc2 || lead > 0xf4:
		return 1
	case lead < 0xe0:
		need = 1
	case lead < 0xf0:
		need = 2
		if lead == 0xe0 {
			low = 0xa0
		}
		if lead == 0xed {
			high = 0x9f
		}
	default:
		need = 3
		if lead == 0xf0 {
			low = 0x90
		}
		if lead == 0xf4 {
			high = 0x8f
		}
	}
	n := 1
	for n <= need && n < len(text) && low <= text[n] && text[n] <= high {
		low, high = 0x80, 0xbf
		n++
	}
	return n
}

const (
	// Command names have 15 bytes; names of devices, drivers and files in a folder are short, too.
	maxKept   = 32
	keptTexts = 512
)

// texts makes strings of the bytes of one field, which are the same again and again: the names of a few commands. It keeps
// the last few hundred short ones, and gives them again without allocating. Any number of goroutines may use one.
type texts struct {
	seed maphash.Seed
	kept [keptTexts]atomic.Pointer[string]
}

func newTexts() *texts {
	return &texts{seed: maphash.MakeSeed()}
}

func (t *texts) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > maxKept {
		return textOf(b)
	}
	slot := &t.kept[maphash.Bytes(t.seed, b)%keptTexts]
	if kept := slot.Load(); kept != nil && *kept == string(b) {
		return *kept
	}
	text := textOf(b)
	if len(text) == len(b) {
		// Why only these: a text that was repaired is not what b is compared with.
		slot.Store(&text)
	}
	return text
}

func textOf(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string(appendText(nil, b))
}
