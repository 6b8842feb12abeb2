package tracery

import (
	"fmt"

	"tracery.dev/tracery/tracerypb"
)

// No sub-buffer is larger, so no plan has a reason to look further (RB_WRITE_MASK, kernel/trace/ring_buffer.c).
const maxOffset = 1 << 20

const maxFieldNumber = 1<<29 - 1

// checkPlan says what is wrong with a plan, and with which of its operations.
func checkPlan(plan *tracerypb.DecodePlan) error {
	switch plan.GetByteOrder() {
	case tracerypb.ByteOrder_BYTE_ORDER_LITTLE_ENDIAN, tracerypb.ByteOrder_BYTE_ORDER_BIG_ENDIAN:
	default:
		return fmt.Errorf("tracery: the plan of %q: unknown byte order %v", plan.GetEvent(), plan.GetByteOrder())
	}
	switch plan.GetWordSize() {
	case tracerypb.WordSize_WORD_SIZE_32, tracerypb.WordSize_WORD_SIZE_64:
	default:
		return fmt.Errorf("tracery: the plan of %q: unknown word size %v", plan.GetEvent(), plan.GetWordSize())
	}
	numbers := make(map[int32]bool, len(plan.GetOperations()))
	for i, operation := range plan.GetOperations() {
		problem := operationProblem(operation)
		if problem == "" && numbers[operation.GetFieldNumber()] {
			problem = "an operation before it fills the same field"
		}
		if problem != "" {
			return fmt.Errorf("tracery: the plan of %q: operations[%d] (field %d): %s",
				plan.GetEvent(), i, operation.GetFieldNumber(), problem)
		}
		numbers[operation.GetFieldNumber()] = true
	}
	return nil
}

// operationProblem is empty if there is none.
func operationProblem(operation *tracerypb.DecodeOperation) string {
	if n := operation.GetFieldNumber(); n < 1 || n > maxFieldNumber {
		return fmt.Sprintf("expected a field number from 1 to %d", maxFieldNumber)
	}
	if offset := operation.GetOffset(); offset > maxOffset {
		return fmt.Sprintf("expected an offset of at most %d but found %d", maxOffset, offset)
	}
	if size := operation.GetSize(); size > maxOffset {
		return fmt.Sprintf("expected a size of at most %d but found %d", maxOffset, size)
	}
	switch operation.GetPlacement() {
	case tracerypb.Placement_PLACEMENT_FIXED, tracerypb.Placement_PLACEMENT_REST:
	case tracerypb.Placement_PLACEMENT_DATA_LOC, tracerypb.Placement_PLACEMENT_REL_LOC:
		if size := operation.GetSize(); size != 2 && size != 4 {
			return fmt.Sprintf("expected a location word of 2 or 4 bytes but found %d", size)
		}
	default:
		return fmt.Sprintf("unknown placement %v", operation.GetPlacement())
	}
	switch operation.GetConversion() {
	case tracerypb.Conversion_CONVERSION_STRING, tracerypb.Conversion_CONVERSION_BYTES:
	case tracerypb.Conversion_CONVERSION_INTEGER, tracerypb.Conversion_CONVERSION_BOOL,
		tracerypb.Conversion_CONVERSION_INTEGERS, tracerypb.Conversion_CONVERSION_BITMASK:
		switch size := operation.GetElementSize(); size {
		case 1, 2, 4, 8:
		default:
			return fmt.Sprintf("expected integers of 1, 2, 4 or 8 bytes but found %d", size)
		}
	default:
		return fmt.Sprintf("unknown conversion %v", operation.GetConversion())
	}
	if shift := operation.GetArithmetic().GetShiftRight(); shift > 63 {
		return fmt.Sprintf("expected a shift of at most 63 bits but found %d", shift)
	}
	return ""
}
