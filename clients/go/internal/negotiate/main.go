// Command negotiate starts as a tool does: it negotiates five events and builds their decoders. How long that takes, from
// the beginning of the process to its end, is measured.
//
//	negotiate SERVER TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE
package main

import (
	"context"
	"log"
	"os"

	"tracery.dev/tracery"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 9 {
		log.Fatal("usage: negotiate SERVER TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE")
	}
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

func run(server string, args []string) error {
	kernel, err := tracery.ParseKernel(args...)
	if err != nil {
		return err
	}
	client, err := tracery.Connect(server, tracery.WithoutCache())
	if err != nil {
		return err
	}
	defer client.Close()
	start, err := client.Negotiate(context.Background(), tracery.NewTool("cold-start", "1.0",
		tracery.Require("sched/sched_switch"), tracery.Require("sched/sched_waking"),
		tracery.Require("sched/sched_process_exit"), tracery.Require("irq/irq_handler_entry"),
		tracery.Require("irq/softirq_entry")), kernel)
	if err != nil {
		return err
	}
	for _, event := range start.Events() {
		if _, err := start.Decoder(event); err != nil {
			return err
		}
	}
	return nil
}
