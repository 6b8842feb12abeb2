package dev.tracery.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.fault.Fault.Kind;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  @Test
  void the_same_seed_gives_the_same_plan() {
    assertEquals(Setup.REPLICA.plan(7, 50), Setup.REPLICA.plan(7, 50));
    assertNotEquals(Setup.REPLICA.plan(7, 50).steps(), Setup.REPLICA.plan(8, 50).steps());
  }

  @Test
  void a_plan_has_as_many_faults_as_were_asked_for_and_each_kind_as_often() {
    FaultPlan plan = Setup.POSTGRES.plan(3, 26);
    assertEquals(26, plan.size());
    Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
    plan.steps()
        .forEach(
            step -> step.faults().forEach(fault -> counts.merge(fault.kind(), 1, Integer::sum)));
    assertEquals(13, counts.size());
    assertTrue(counts.values().stream().allMatch(count -> count == 2), counts::toString);
  }

  @Test
  void the_database_is_disturbed_by_one_fault_at_a_time() {
    Setup.REPLICA
        .plan(5, 2_000)
        .steps()
        .forEach(step ->
            assertFalse(
                step.faults().stream()
                        .filter(fault -> fault.kind().name().endsWith("_DATABASE"))
                        .filter(fault -> !fault.toString().contains("server"))
                        .count()
                    > 1,
                step::toString));
  }

  @Test
  void a_plan_is_printed_with_a_line_for_each_fault() {
    assertEquals(
        """
        seed 1, 2 faults
           1  after 0.6 s   kill -9 server 1, start it again, 0.0 s
           2  after 0.5 s   kill -9 server 1, start it again, 0.0 s
        """,
        Setup.SQLITE.plan(1, 2).toString());
  }
}
