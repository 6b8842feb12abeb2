package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"tracery.dev/tracery"
)

func main() {
	if len(os.Args) < 3 {
		log.Fatal("usage: switches SERVER RECORDS [TRACEFS RELEASE BUILD MACHINE BITS ORDER PAGE_SIZE]")
	}
	tool := tracery.NewTool("switches", "1.0", tracery.Like("sched/sched_switch", "prev_state"),
		tracery.Require("sched/sched_switch", "prev_comm", "prev_pid", "next_comm", "next_pid"))
	start := must(must(tracery.Connect(os.Args[1])).Negotiate(context.Background(), tool, must(tracery.ParseKernel(os.Args[3:]...))))
	fmt.Fprint(os.Stderr, strings.Join(append(start.Warnings(), append(start.Notes(), "")...), "\n"))
	field := must(start.Decoder("sched/sched_switch")).Field
	prevComm, prevPid, state, nextComm, nextPid := field("prev_comm"), field("prev_pid"), field("prev_state"), field("next_comm"), field("next_pid")
	for data := bytes.NewBuffer(must(os.ReadFile(os.Args[2]))); data.Len() >= 4; {
		record := data.Next(int(binary.LittleEndian.Uint32(data.Next(4))))
		fmt.Printf("%s:%d [%s] ==> %s:%d\n", prevComm.Text(record), prevPid.Int(record),
			cmp.Or(strings.Join(state.Names(record), "|"), "R"), nextComm.Text(record), nextPid.Int(record))
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Print(err)
		os.Exit(map[bool]int{true: 3, false: 1}[errors.As(err, new(*tracery.UnreachableError))])
	}
	return value
}
