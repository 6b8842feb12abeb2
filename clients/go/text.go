package tracery

import (
	"encoding/binary"
	"math/bits"
	"sync/atomic"
	"unicode/utf8"
)

// appendText appends text, with each maximal subpart of malformed UTF-8 (Unicode 16, section 3.9) replaced by U+FFFD.
// Go's own conversions replace each byte, or each run of them.
func appendText(dst, text []byte) []byte {
	if utf8.Valid(text) {
		return append(dst, text...)
	}
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
	maxKept = 32
	// Two texts for each hash.
	keptSets = 256
)

// texts makes strings of the bytes of one field, which are the same again and again: the names of a few commands. It keeps
// some hundred short ones, and gives them again without allocating. Any number of goroutines may use one.
type texts [keptSets][2]atomic.Pointer[string]

func (t *texts) of(b []byte) string {
	if len(b) == 0 {
		return ""
	}
	if len(b) > maxKept {
		return textOf(b)
	}
	set := &t[hashOf(b)%keptSets]
	if kept := set[0].Load(); kept != nil && *kept == string(b) {
		return *kept
	}
	if kept := set[1].Load(); kept != nil && *kept == string(b) {
		return *kept
	}
	text := textOf(b)
	if len(text) == len(b) {
		// Why only these: a text that was repaired is not what b is compared with.
		set[1].Store(set[0].Load())
		set[0].Store(&text)
	}
	return text
}

// hashOf spreads 1 to 32 bytes. It need not withstand anybody: texts of one hash cost an allocation.
func hashOf(b []byte) uint64 {
	var low, high uint64
	switch n := len(b); {
	case n > 16:
		low = binary.LittleEndian.Uint64(b) ^ binary.LittleEndian.Uint64(b[8:])*3
		high = binary.LittleEndian.Uint64(b[n-8:]) ^ binary.LittleEndian.Uint64(b[n-16:])*3
	case n >= 8:
		low, high = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		low, high = uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	default:
		low, high = uint64(b[0])|uint64(b[n/2])<<8, uint64(b[n-1])
	}
	upper, lower := bits.Mul64(low^0x9e3779b97f4a7c15, high^0xd1b54a32d192ed03^uint64(len(b)))
	return upper ^ lower
}

func textOf(b []byte) string {
	if utf8.Valid(b) {
		return string(b)
	}
	return string(appendText(nil, b))
}
