// Package tracery lets a tool that reads Linux trace events run on any kernel.
//
// When it starts, the tool asks a Tracery registry whether it can run on the kernel that it is on, and how the records of
// each event are read there ([Client.Negotiate]). The answer is kept on disk, so that the tool also starts while the
// registry cannot be reached. Then the tool decodes raw records itself:
//
//	client, err := tracery.Connect("localhost:7411")
//	...
//	kernel, err := tracery.RunningKernel()
//	...
//	tool := tracery.NewTool("mytool", "1.0", tracery.Require("sched/sched_switch", "next_pid"))
//	start, err := client.Negotiate(ctx, tool, kernel)
//	...
//	decoder, err := start.Decoder("sched/sched_switch")
//	...
//	pid := decoder.Field("next_pid")
//	for record := range records {
//		fmt.Println(pid.Int(record))
//	}
//
// A [Client] has the registry's other calls, too. Messages of the protocol are in the package tracerypb. Errors of calls
// keep their gRPC status: status.FromError and status.Code find it, and its details are what the registry said
// (google.rpc.BadRequest, tracerypb.Diagnostic and others).
package tracery

// Made by a program of this repository that needs no protoc; see tools/generate.
//
//go:generate sh -c "GOBIN=$PWD/target/bin go -C tools install tool ./generate && target/bin/generate target/bin ."
