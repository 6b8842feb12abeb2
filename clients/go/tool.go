package tracery

import "tracery.dev/tracery/tracerypb"

// NewTool says what a tool needs that finds fields by their names, as a [Decoder] does. Tools that read otherwise write a
// tracerypb.Consumer themselves.
func NewTool(name, version string, requirements ...*tracerypb.Requirement) *tracerypb.Consumer {
	return &tracerypb.Consumer{Name: name, Version: version, Requirements: requirements}
}

// Require needs an event, `system/name`, and of its fields these: the tool cannot run without them.
func Require(event string, fields ...string) *tracerypb.Requirement {
	use := &tracerypb.EventUse{Event: event, Access: tracerypb.AccessClass_ACCESS_CLASS_BY_NAME}
	for _, field := range fields {
		use.Fields = append(use.Fields, &tracerypb.FieldUse{Names: []string{field}})
	}
	return &tracerypb.Requirement{AnyOf: []*tracerypb.EventUse{use}}
}

// Like is a need with which, and with these fields of which, the tool does more, and which it runs without.
func Like(event string, fields ...string) *tracerypb.Requirement {
	requirement := Require(event, fields...)
	requirement.Optional = true
	return requirement
}

// AnyOf is a need that holds while one of these holds, the preferred one first: an event has had several names. The tool
// runs without it if one of them is only liked.
func AnyOf(requirements ...*tracerypb.Requirement) *tracerypb.Requirement {
	all := &tracerypb.Requirement{}
	for _, requirement := range requirements {
		all.AnyOf = append(all.AnyOf, requirement.GetAnyOf()...)
		all.Optional = all.Optional || requirement.GetOptional()
	}
	return all
}
