package tracery

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"tracery.dev/tracery/tracerypb"
)

// testEnv is what clients/README.md calls the environment of the integration tests.
func testEnv(t *testing.T, name string) string {
	t.Helper()
	value := os.Getenv("TRACERY_TEST_" + name)
	if value == "" {
		t.Skipf("TRACERY_TEST_%s is not set", name)
	}
	return value
}

func testKernel(t *testing.T) *Kernel {
	t.Helper()
	var identity struct {
		Release, Build, Machine, Order string
		Bits                           json.Number
		PageSize                       json.Number `json:"page_size"`
	}
	if err := json.Unmarshal([]byte(testEnv(t, "IDENTITY")), &identity); err != nil {
		t.Fatal(err)
	}
	kernel, err := ParseKernel(testEnv(t, "TRACEFS"), identity.Release, identity.Build, identity.Machine,
		identity.Bits.String(), identity.Order, identity.PageSize.String())
	if err != nil {
		t.Fatal(err)
	}
	return kernel
}

func TestIntegrationAToolStartsAndStartsAgainFromWhatWasKept(t *testing.T) {
	kernel := testKernel(t)
	tool := NewTool("go-integration", "1.0", Require("sched/sched_switch", "prev_comm"), Like("sched/sched_switch", "no_such"))
	cache := WithCache(t.TempDir()+"/negotiations", 0)
	n, err := connect(t, testEnv(t, "SERVER"), cache).CanStart(context.Background(), tool, kernel)
	if err != nil {
		t.Fatal(err)
	}
	if n.Source != FromRegistry || n.Outcome() != tracerypb.RunOutcome_RUN_OUTCOME_DEGRADED || len(n.Warnings()) == 0 {
		t.Errorf("it started from %v, %v, with %q", n.Source, n.Outcome(), n.Warnings())
	}
	decoder, err := n.Decoder("sched/sched_switch")
	if err != nil {
		t.Fatal(err)
	}
	if decoder.Field("prev_comm").Kind() != KindText || decoder.Field("no_such") != nil {
		t.Errorf("its fields are %v", decoder.Fields())
	}
	n, err = connect(t, closedPort(t), cache).CanStart(context.Background(), tool, kernel)
	if err != nil || n.Source == FromRegistry {
		t.Errorf("without the registry it ended with %v, %v", n, err)
	}
}

func TestIntegrationAToolIsRefusedWithTheRegistrysReasons(t *testing.T) {
	tool := NewTool("go-integration", "1.0", Require("sched/sched_switch", "no_such_field"))
	_, err := connect(t, testEnv(t, "SERVER")).CanStart(context.Background(), tool, testKernel(t))
	var refused *RefusedError
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), "no_such_field") {
		t.Errorf("it ended with %v", err)
	}
}

func TestIntegrationTheRegistryTellsOfKernelsEventsSchemasAndUses(t *testing.T) {
	ctx := context.Background()
	client := connect(t, testEnv(t, "SERVER"))
	var kernels []*tracerypb.Kernel
	for kernel, err := range client.Kernels(ctx, nil) {
		if err != nil {
			t.Fatal(err)
		}
		kernels = append(kernels, kernel)
	}
	if len(kernels) < 2 {
		t.Fatalf("there are %d kernels", len(kernels))
	}
	first, last := kernels[0], kernels[len(kernels)-1]
	if kernel, err := client.Kernel(ctx, first.Id[:8]); err != nil || kernel.Id != first.Id {
		t.Errorf("the first kernel is %v, %v", kernel, err)
	}
	count := 0
	for _, err := range client.Events(ctx, &tracerypb.ListEventsRequest{Kernel: first.Id}) {
		if err != nil {
			t.Fatal(err)
		}
		count++
	}
	if count != int(first.EventCount) {
		t.Errorf("%d events, expected %d", count, first.EventCount)
	}
	schema, err := client.Schema(ctx, &tracerypb.GetSchemaRequest{Event: "sched/sched_switch"})
	if err != nil || schema.MessageName != "linux.sched.SchedSwitch" {
		t.Errorf("the schema is %v, %v", schema.GetMessageName(), err)
	}
	diff, err := client.DiffKernels(ctx, &tracerypb.DiffKernelsRequest{FromKernel: first.Id, ToKernel: last.Id, Filter: "sched/*"})
	if err != nil || diff.Unchanged == 0 && len(diff.Events) == 0 {
		t.Errorf("the difference is %v, %v", diff, err)
	}
	if _, err := client.DiffSchemas(ctx, &tracerypb.DiffSchemasRequest{Event: "sched/sched_switch", FromVersion: 1}); err != nil {
		t.Error(err)
	}
	if _, err := client.Uses(ctx, &tracerypb.FindUsesRequest{Event: "sched/sched_switch"}); err != nil {
		t.Error(err)
	}
	if _, err := client.Kernel(ctx, "no-such-kernel"); status.Code(err) != codes.NotFound {
		t.Errorf("a kernel that is not there is %v", err)
	}
}

func TestIntegrationAKernelIsCheckedAndRegisteringItAgainChangesNothing(t *testing.T) {
	ctx := context.Background()
	client, kernel, series := connect(t, testEnv(t, "SERVER")), testKernel(t), testEnv(t, "SERIES")
	checked, err := client.Check(ctx, kernel, series)
	if err != nil {
		t.Fatal(err)
	}
	if checked.Report.GetCandidate().GetIdentity().GetRelease() != kernel.Identity.Release {
		t.Errorf("checked was %v", checked.Report.GetCandidate())
	}
	registered, err := client.Register(ctx, kernel, series)
	if err != nil {
		t.Fatal(err)
	}
	if registered.Created || registered.Kernel.GetId() != checked.Report.GetCandidate().GetId() {
		t.Errorf("registered was %v, created: %v", registered.Kernel, registered.Created)
	}
	fresh, ok := client.Freshness()
	if !ok || fresh.Revision < registered.Revision || fresh.StoreUnreachable {
		t.Errorf("after revision %d the answer was of %v, %v", registered.Revision, fresh, ok)
	}
	if wanted := client.conns.freshness.atLeast.Load(); wanted != fresh.Revision {
		t.Errorf("after revision %d at least %d is wanted", fresh.Revision, wanted)
	}
	if _, err := client.Kernel(ctx, registered.Kernel.GetId()); err != nil {
		t.Error(err)
	}
}

func TestIntegrationAWatchTellsEveryRevisionInOrder(t *testing.T) {
	client := connect(t, testEnv(t, "SERVER"))
	last, kernels := uint64(0), 0
	for revision, err := range client.Watch(context.Background(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if revision.Revision <= last || revision.More {
			t.Fatalf("after the revision %d came %d, more: %v", last, revision.Revision, revision.More)
		}
		last = revision.Revision
		for _, change := range revision.Changes {
			if change.GetKernelRegistered() != nil {
				kernels++
			}
		}
		if kernels == 2 {
			return
		}
	}
}

func TestIntegrationATraceIsTranslated(t *testing.T) {
	client := connect(t, testEnv(t, "SERVER"))
	expected, err := strconv.ParseUint(testEnv(t, "TRACE_EVENTS"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(testEnv(t, "TRACE"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var events, atEnd uint64
	for item, err := range client.TranslateFile(context.Background(), nil, file) {
		if err != nil {
			t.Fatal(err)
		}
		events += uint64(len(item.GetEvents().GetEvents()))
		atEnd = item.GetEnd().GetEvents()
	}
	if events != expected || atEnd != expected {
		t.Errorf("%d events and %d at the end, expected %d", events, atEnd, expected)
	}
}

func TestIntegrationTLSWantsTheTokenAndTheRightCertificate(t *testing.T) {
	server, ca, token := testEnv(t, "TLS_SERVER"), testEnv(t, "CA"), testEnv(t, "TOKEN")
	kernel := testKernel(t)
	tool := NewTool("go-integration", "1.0", Require("sched/sched_switch"))
	ask := func(options ...Option) error {
		_, err := connect(t, server, options...).CanStart(context.Background(), tool, kernel)
		return err
	}
	if err := ask(WithCA(ca), WithToken(token)); err != nil {
		t.Error(err)
	}
	for name, options := range map[string][]Option{
		"no token": {WithCA(ca)}, "another token": {WithCA(ca), WithToken("another")}} {
		if err := ask(options...); status.Code(err) != codes.Unauthenticated {
			t.Errorf("%s ended with %v", name, err)
		}
	}
	var unreachable *UnreachableError
	if err := ask(WithTLS(nil), WithToken(token)); !errors.As(err, &unreachable) || !strings.Contains(err.Error(), "certificate") {
		t.Errorf("another root ended with %v", err)
	}
}
