package dev.tracery.registry.claims;

import java.util.List;

/// What one commit says of tools: checked, and not yet in the fold.
///
/// @param steps what happened to which version, in the log's order
public record ClaimDelta(List<Step> steps) {

  /// Of a commit that says nothing of tools.
  public static final ClaimDelta NONE = new ClaimDelta(List.of());

  /// What happened to which version.
  record Step(ToolVersion tool, ClaimStep step) {}

  public ClaimDelta {
    steps = List.copyOf(steps);
  }

  /// The same for those who watch.
  public ClaimChanges toChanges() {
    return steps.isEmpty()
        ? ClaimChanges.NONE
        : new ClaimChanges(
            steps.stream()
                .map(step ->
                    new ClaimChanges.Told(
                        step.tool(),
                        switch (step.step()) {
                          case ClaimStep.Declared _ -> ClaimChanges.Kind.DECLARED;
                          case ClaimStep.Observed _ -> ClaimChanges.Kind.OBSERVED;
                          case ClaimStep.Ended _ -> ClaimChanges.Kind.ENDED;
                        }))
                .toList());
  }
}
