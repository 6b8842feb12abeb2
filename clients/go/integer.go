package tracery

import (
	"encoding/binary"

	"tracery.dev/tracery/tracerypb"
)

// form is how an integer is written: its size, sign and byte order.
type form uint8

const (
	formU8 form = iota
	formS8
	formU16Little
	formS16Little
	formU32Little
	formS32Little
	form64Little
	formU16Big
	formS16Big
	formU32Big
	formS32Big
	form64Big
)

// formOf is the form of an integer of 1, 2, 4 or 8 bytes; any, where an operation has no integers.
func formOf(size int, signed, big bool) form {
	f := formU8
	switch size {
	case 2:
		f = formU16Little
	case 4:
		f = formU32Little
	case 8:
		f = form64Little
	}
	if signed && size < 8 {
		f++
	}
	if big && size > 1 {
		f += formU16Big - formU16Little
	}
	return f
}

// load reads the integer at the beginning of b, which must be long enough, and extends it to 64 bits.
func (f form) load(b []byte) int64 {
	switch f {
	case formU32Little:
		return int64(binary.LittleEndian.Uint32(b))
	case formS32Little:
		return int64(int32(binary.LittleEndian.Uint32(b)))
	case form64Little:
		return int64(binary.LittleEndian.Uint64(b))
	case formU16Little:
		return int64(binary.LittleEndian.Uint16(b))
	case formS16Little:
		return int64(int16(binary.LittleEndian.Uint16(b)))
	case formU8:
		return int64(b[0])
	case formS8:
		return int64(int8(b[0]))
	case formU32Big:
		return int64(binary.BigEndian.Uint32(b))
	case formS32Big:
		return int64(int32(binary.BigEndian.Uint32(b)))
	case form64Big:
		return int64(binary.BigEndian.Uint64(b))
	case formU16Big:
		return int64(binary.BigEndian.Uint16(b))
	default:
		return int64(int16(binary.BigEndian.Uint16(b)))
	}
}

// arithmetic is how an integer of another meaning or unit becomes the field's, as decode.proto defines it.
type arithmetic struct {
	signed                bool
	shift                 uint32
	mask                  uint64
	multiply, divide, add int64
}

func arithmeticOf(operation *tracerypb.DecodeOperation) *arithmetic {
	a := operation.GetArithmetic()
	if a == nil {
		return nil
	}
	return &arithmetic{
		signed: operation.GetSigned(), shift: a.GetShiftRight(), mask: a.GetMask(),
		multiply: a.GetMultiply(), divide: a.GetDivide(), add: a.GetAdd(),
	}
}

func (a *arithmetic) apply(v int64) int64 {
	v = shiftRight(v, a.shift, a.signed)
	if a.mask != 0 {
		v &= int64(a.mask)
	}
	if a.multiply != 0 {
		v *= a.multiply
	}
	if a.divide != 0 {
		if a.signed {
			v /= a.divide
		} else {
			v = int64(uint64(v) / uint64(a.divide))
		}
	}
	return v + a.add
}

func shiftRight(v int64, bits uint32, signed bool) int64 {
	if signed {
		return v >> bits
	}
	return int64(uint64(v) >> bits)
}
