package tracery

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"google.golang.org/grpc/status"

	"tracery.dev/tracery/tracerypb"
)

// Source is where an answer comes from.
type Source uint8

const (
	// FromRegistry is from the registry, now.
	FromRegistry Source = iota
	// FromCache is kept from an earlier start, and not older than the registry allows.
	FromCache
	// FromCacheOffline is kept from an earlier start, however old: the registry cannot be reached.
	FromCacheOffline
)

// Negotiation says how a tool runs on a kernel.
type Negotiation struct {
	// The tool that asked.
	Tool *tracerypb.Consumer
	// The registry's answer.
	Answer *tracerypb.NegotiateResponse
	// Where the answer comes from.
	Source Source
	// How long ago the registry gave it; 0 if now.
	Age time.Duration
	// Why the registry could not be reached; nil if it was not asked, or answered.
	Offline error
}

// Outcome is whether the tool can run: ACCEPTED, DEGRADED, or UNKNOWN, where the registry cannot tell and the warnings say
// why.
func (n *Negotiation) Outcome() tracerypb.RunOutcome {
	return n.Answer.GetOutcome()
}

// Events are the events that can be decoded, `system/name`: those that a requirement chose, in their order.
func (n *Negotiation) Events() []string {
	var events []string
	for _, reading := range n.Answer.GetEvents() {
		events = append(events, reading.GetEvent())
	}
	return events
}

// Decoder reads the records of an event. An event that no requirement chose, or that the registry sent no right plan for,
// is an error.
func (n *Negotiation) Decoder(event string) (*Decoder, error) {
	for _, reading := range n.Answer.GetEvents() {
		if reading.GetEvent() == event {
			return NewDecoder(reading)
		}
	}
	return nil, fmt.Errorf("tracery: the registry did not say how %s reads %q", n.Tool.GetName(), event)
}

// Warnings are what the tool's user should know: that the answer is an old one, and the reasons.
func (n *Negotiation) Warnings() []string {
	if n.Source != FromCacheOffline {
		return n.Reasons()
	}
	return append([]string{fmt.Sprintf("the registry cannot be reached (%s); going by its answer of %s",
		whyUnreachable(n.Offline), ago(n.Age))}, n.Reasons()...)
}

// Reasons are why the tool is not accepted without reserve: a sentence for each requirement and field that is not as it
// would have it.
func (n *Negotiation) Reasons() []string {
	var reasons []string
	for i, fit := range n.Answer.GetRequirements() {
		if fit.GetOutcome() == tracerypb.RunOutcome_RUN_OUTCOME_ACCEPTED {
			continue
		}
		subject := n.subject(i, fit)
		var fields []string
		for _, field := range fit.GetFields() {
			if !field.GetUsable() {
				fields = append(fields,
					subject+"."+field.GetName()+": "+reasonText(field.GetReason(), field.GetExplanation()))
			}
		}
		if len(fields) == 0 || fit.GetExplanation() != "" {
			reasons = append(reasons, subject+": "+reasonText(fit.GetReason(), fit.GetExplanation()))
		}
		reasons = append(reasons, fields...)
	}
	return reasons
}

// Notes are what is not read as the kernel wrote it: a sentence for each field that a translator of the registry fills.
func (n *Negotiation) Notes() []string {
	var notes []string
	for i, fit := range n.Answer.GetRequirements() {
		for _, field := range fit.GetFields() {
			if field.GetReason() == tracerypb.FitReason_FIT_REASON_BRIDGED {
				notes = append(notes, n.subject(i, fit)+"."+field.GetName()+": "+field.GetExplanation())
			}
		}
	}
	return notes
}

func (n *Negotiation) subject(requirement int, fit *tracerypb.RequirementFit) string {
	requirements := n.Tool.GetRequirements()
	if requirement >= len(requirements) {
		return fmt.Sprintf("requirement %d", requirement)
	}
	uses := requirements[requirement].GetAnyOf()
	if chosen := int(fit.GetChosen()); chosen < len(uses) && uses[chosen].GetEvent() != "" {
		return uses[chosen].GetEvent()
	}
	return "the kernel"
}

func reasonText(reason tracerypb.FitReason, explanation string) string {
	if explanation != "" {
		return explanation
	}
	return strings.ToLower(strings.TrimPrefix(reason.String(), "FIT_REASON_"))
}

func ago(age time.Duration) string {
	minutes, hours := int(age.Minutes()), int(age.Hours())
	switch {
	case minutes < 1:
		return "less than a minute ago"
	case minutes == 1:
		return "1 minute ago"
	case minutes < 120:
		return fmt.Sprintf("%d minutes ago", minutes)
	case hours < 48:
		return fmt.Sprintf("%d hours ago", hours)
	}
	return fmt.Sprintf("%d days ago", hours/24)
}

// RefusedError says why a tool cannot run on a kernel.
type RefusedError struct {
	// The negotiation, with the registry's answer.
	Negotiation *Negotiation
}

// Error has each reason on a line of its own.
func (e *RefusedError) Error() string {
	n := e.Negotiation
	text := fmt.Sprintf("tracery: %s %s cannot run on this kernel", n.Tool.GetName(), n.Tool.GetVersion())
	return strings.Join(append([]string{text}, n.Warnings()...), "\n  ")
}

// UnreachableError says that the registry cannot be reached, and that no answer to an earlier start is kept.
type UnreachableError struct {
	// The tool that asked.
	Tool *tracerypb.Consumer
	// Why: an error with a gRPC status.
	Err error

	cache *cache
}

// Error says where an answer was looked for.
func (e *UnreachableError) Error() string {
	where := ", for none are kept"
	if e.cache != nil {
		where = " in " + e.cache.folder
	}
	return fmt.Sprintf("tracery: the registry cannot be reached (%s), and there is no answer to an earlier start of %s %s on"+
		" this kernel%s", whyUnreachable(e.Err), e.Tool.GetName(), e.Tool.GetVersion(), where)
}

// Unwrap is Err.
func (e *UnreachableError) Unwrap() error {
	return e.Err
}

// whyUnreachable is the status' message; for a connection that failed, the reason without gRPC's words around it.
func whyUnreachable(err error) string {
	message := status.Convert(err).Message()
	_, quoted, _ := strings.Cut(message, "connection error: desc = ")
	if reason, err := strconv.Unquote(quoted); err == nil {
		message = reason
	}
	return strings.TrimPrefix(strings.TrimPrefix(message, "transport: "), "Error while dialing: ")
}
