package tracery

import (
	"errors"
	"fmt"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc/status"

	"tracery.dev/tracery/tracerypb"
)

// effect is what a call does to a registry.
type effect int

const (
	reads effect = iota
	// writesAgain does no harm where it is done twice.
	writesAgain
	// writesOnce is not sent again where nobody knows whether it was done.
	writesOnce
)

func (e effect) isWrite() bool { return e != reads }

func effectOf(method string) effect {
	switch method {
	case tracerypb.RegistryService_RegisterKernel_FullMethodName, tracerypb.ConsumerService_DeclareConsumer_FullMethodName,
		tracerypb.CompatibilityService_UpdatePolicy_FullMethodName:
		return writesAgain
	case tracerypb.ConsumerService_WithdrawConsumer_FullMethodName, tracerypb.CompatibilityService_GiveWaiver_FullMethodName,
		tracerypb.AdminService_Import_FullMethodName, tracerypb.TranslatorService_InstallTranslator_FullMethodName,
		tracerypb.TranslatorService_RemoveTranslator_FullMethodName:
		return writesOnce
	}
	return reads
}

// LostError says that the registry went away in the middle of a write.
type LostError struct {
	// Why; has a gRPC status.
	Err    error
	what   string
	effect effect
}

// Error says whether doing it again is safe.
func (e *LostError) Error() string {
	again := ", and doing it again is safe"
	if e.effect == writesOnce {
		again = ""
	}
	return fmt.Sprintf("tracery: the connection to the registry was lost (%s); %s may or may not have been done%s",
		whyUnreachable(e.Err), e.what, again)
}

// Unwrap is Err.
func (e *LostError) Unwrap() error {
	return e.Err
}

// Reason is why the registry refused a call, within the status code: STORE_UNAVAILABLE, REVISION_NOT_HERE, WRITE_UNCERTAIN and
// others; CONNECTION_LOST for a [LostError]; empty if the error has none.
func Reason(err error) string {
	if errors.As(err, new(*LostError)) {
		return "CONNECTION_LOST"
	}
	for _, detail := range status.Convert(err).Details() {
		if info, ok := detail.(*errdetails.ErrorInfo); ok {
			return info.GetReason()
		}
	}
	return ""
}
