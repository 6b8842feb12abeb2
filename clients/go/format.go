package tracery

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"tracery.dev/tracery/tracerypb"
)

// formatFile is an event's format, as it was read, with its id and its layout's hash.
type formatFile struct {
	event string
	text  []byte
	id    uint32
	hash  []byte
}

// newFormat finds the format's id and hash: the SHA-256 of a line with word size and byte order, and of the file without its
// first `ID:` line, with one line feed at the end.
func newFormat(event string, text []byte, kernel *tracerypb.KernelIdentity) formatFile {
	body := bytes.TrimRight(text, "\n\x00")
	before, line, after := cutIDLine(body)
	hash := sha256.New()
	word, order := 8, "little"
	if kernel.GetWordSize() == tracerypb.WordSize_WORD_SIZE_32 {
		word = 4
	}
	if kernel.GetByteOrder() == tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN {
		order = "big"
	}
	fmt.Fprintf(hash, "tracery-layout 1 word=%d order=%s\n", word, order)
	hash.Write(bytes.TrimRight(append(bytes.Clone(before), after...), "\n\x00"))
	hash.Write([]byte{'\n'})
	return formatFile{event: event, text: text, id: idOf(line), hash: hash.Sum(nil)}
}

// cutIDLine finds the first line that begins with `ID:`, and what is before and after it.
func cutIDLine(body []byte) (before, line, after []byte) {
	at := 0
	if !bytes.HasPrefix(body, []byte("ID:")) {
		at = bytes.Index(body, []byte("\nID:")) + 1
		if at == 0 {
			return body, nil, nil
		}
	}
	line, after, _ = bytes.Cut(body[at:], []byte{'\n'})
	return body[:at], line, after
}

// idOf is the number of an `ID:` line, the first 9 digits of it; 0 if there is none.
func idOf(line []byte) uint32 {
	digits := bytes.TrimLeft(bytes.TrimPrefix(line, []byte("ID:")), " \t")
	var id uint32
	for i := 0; i < len(digits) && i < 9 && '0' <= digits[i] && digits[i] <= '9'; i++ {
		id = id*10 + uint32(digits[i]-'0')
	}
	return id
}
