package tracery

import (
	"encoding/binary"
	"fmt"
	"sync"
	"testing"

	"tracery.dev/tracery/internal/conformancepb"
)

// switches has a decoder of sched_switch (Linux 6.12, 64 bits) and records with 64 different commands, as a machine at work
// has them.
func switches(t testing.TB) (*Decoder, [][]byte) {
	t.Helper()
	for _, c := range readVectors(t, "records.json", &conformancepb.RecordVectors{}).Plans {
		if c.Name != "debian-trixie-6.12.117-amd64 sched/sched_switch" {
			continue
		}
		decoder, err := NewDecoder(readingOf(t, c))
		if err != nil {
			t.Fatal(err)
		}
		prev, next := decoder.Field("prev_comm").op, decoder.Field("next_comm").op
		prevPid, nextPid := decoder.Field("prev_pid").op, decoder.Field("next_pid").op
		var records [][]byte
		for i := range 1024 {
			record := append([]byte{}, c.Records[i%len(c.Records)].Record...)
			before, after := i*7%64, i*13%64
			copy(record[prev.from:prev.end], fmt.Sprintf("kworker/%d:%d\x00", before%4, before))
			copy(record[next.from:next.end], fmt.Sprintf("thread-%d\x00", after))
			binary.LittleEndian.PutUint32(record[prevPid.from:], uint32(1000+before))
			binary.LittleEndian.PutUint32(record[nextPid.from:], uint32(2000+after))
			records = append(records, record)
		}
		return decoder, records
	}
	t.Fatal("records.json has no sched_switch")
	return nil, nil
}

// switchFields are all seven of sched_switch, and switchValues their values in Go.
type (
	switchFields struct {
		prevComm, prevPid, prevPrio, prevState, nextComm, nextPid, nextPrio *Field
	}
	switchValues struct {
		prevComm, nextComm           string
		prevPid, prevPrio, prevState int64
		nextPid, nextPrio            int64
	}
)

func fieldsOf(decoder *Decoder) *switchFields {
	return &switchFields{
		prevComm: decoder.Field("prev_comm"), prevPid: decoder.Field("prev_pid"), prevPrio: decoder.Field("prev_prio"),
		prevState: decoder.Field("prev_state"), nextComm: decoder.Field("next_comm"), nextPid: decoder.Field("next_pid"),
		nextPrio: decoder.Field("next_prio"),
	}
}

func (f *switchFields) decode(v *switchValues, record []byte) {
	v.prevComm = f.prevComm.Text(record)
	v.prevPid = f.prevPid.Int(record)
	v.prevPrio = f.prevPrio.Int(record)
	v.prevState = f.prevState.Int(record)
	v.nextComm = f.nextComm.Text(record)
	v.nextPid = f.nextPid.Int(record)
	v.nextPrio = f.nextPrio.Int(record)
}

// What is counted: a record's seven fields as Go values, five int64 and two strings, in a struct.
func BenchmarkDecode(b *testing.B) {
	decoder, records := switches(b)
	fields := fieldsOf(decoder)
	b.ReportAllocs()
	var values switchValues
	for i := 0; b.Loop(); i++ {
		fields.decode(&values, records[i%len(records)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

// What is counted: the bytes of a record's protobuf message.
func BenchmarkMessage(b *testing.B) {
	decoder, records := switches(b)
	b.ReportAllocs()
	var message []byte
	for i := 0; b.Loop(); i++ {
		message = decoder.AppendMessage(message[:0], records[i%len(records)])
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func TestDecodingSwitchesAllocatesNothingOnceTheirTextsWereSeen(t *testing.T) {
	decoder, records := switches(t)
	fields := fieldsOf(decoder)
	var values switchValues
	var message []byte
	decode := func() {
		for _, record := range records {
			fields.decode(&values, record)
			message = decoder.AppendMessage(message[:0], record)
		}
	}
	decode()
	// Why not 0: of 64 names two may share the place where one is kept.
	if n := testing.AllocsPerRun(10, decode); n > float64(len(records)) {
		t.Errorf("%v allocations for %d records", n, len(records))
	}
}

func TestManyGoroutinesReadWithOneDecoder(t *testing.T) {
	decoder, records := switches(t)
	fields := fieldsOf(decoder)
	var expected []switchValues
	for _, record := range records {
		expected = append(expected, switchValues{
			prevComm: string(fields.prevComm.Bytes(record)), nextComm: string(fields.nextComm.Bytes(record)),
			prevPid: fields.prevPid.Int(record), prevPrio: fields.prevPrio.Int(record), prevState: fields.prevState.Int(record),
			nextPid: fields.nextPid.Int(record), nextPrio: fields.nextPrio.Int(record),
		})
	}
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i, record := range records {
				var values switchValues
				if fields.decode(&values, record); values != expected[i] {
					t.Errorf("record %d is %v, expected %v", i, values, expected[i])
				}
			}
		})
	}
	wait.Wait()
}
