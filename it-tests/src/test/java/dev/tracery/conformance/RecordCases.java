package dev.tracery.conformance;

import dev.tracery.conformance.v1.RecordVectors;
import dev.tracery.it.SampleKernel;
import java.util.List;

/// All plans, with their records.
final class RecordCases {

  private RecordCases() {}

  static RecordVectors make(List<SampleKernel> kernels) {
    return RecordVectors.newBuilder()
        .addAllPlans(SampleRecords.make(kernels))
        .addAllPlans(MadeRecords.make())
        .addAllPlans(RefusedPlans.make())
        .build();
  }
}
