package dev.tracery.compiler.print;

import dev.tracery.compiler.print.Expression.Call;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.Expression.Identifier;
import dev.tracery.compiler.print.Expression.Initializer;
import dev.tracery.compiler.print.Expression.InitializerList;
import dev.tracery.compiler.print.Expression.NamedValue;
import dev.tracery.compiler.print.Statement.Declaration;
import dev.tracery.compiler.print.Statement.Evaluation;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives 32-bit kernels' print formats back the helper that they had in the source. There the
/// macros `__print_flags_u64` and `__print_symbolic_u64` stand in the text as what they expand to
/// (include/trace/stages/stage3_trace_output.h, Linux 6.1, seen on i386 and armhf):
///
/// ```c
/// ({ static const struct trace_print_flags_u64 symbols[] = { {1, "A"}, { -1, ((void *)0) } };
///    trace_print_symbols_seq_u64(p, REC->x, symbols); })
/// ```
final class UnrolledTable {

  private UnrolledTable() {}

  /// @return null if the statements are something else
  static @Nullable HelperCall read(List<Statement> statements) {
    if (statements.size() != 2
        || !(statements.get(0) instanceof Declaration table)
        || !(table.value().orElse(null) instanceof InitializerList(List<Initializer> entries))
        || !(statements.get(1) instanceof Evaluation(Call(Identifier(String function), var given)))
        || !(given.getLast().equals(new Identifier(table.name())))) {
      return null;
    }
    Helper helper =
        switch (function) {
          case "trace_print_symbols_seq_u64", "ftrace_print_symbols_seq_u64" ->
              Helper.PRINT_SYMBOLIC_U64;
          case "trace_print_flags_seq_u64", "ftrace_print_flags_seq_u64" -> Helper.PRINT_FLAGS_U64;
          case "trace_print_symbols_seq", "ftrace_print_symbols_seq" -> Helper.PRINT_SYMBOLIC;
          case "trace_print_flags_seq", "ftrace_print_flags_seq" -> Helper.PRINT_FLAGS;
          default -> null;
        };
    List<NamedValue> names = names(entries);
    if (helper == null || names == null || !helper.accepts(given.size() - 2)) {
      return null;
    }
    // Why: the functions take the flags' delimiter before the value, the macros after it.
    List<Expression> arguments = new ArrayList<>(given.subList(1, given.size() - 1).reversed());
    return new HelperCall(helper, arguments, names);
  }

  /// The pairs without the last one, which ends the table.
  private static @Nullable List<NamedValue> names(List<Initializer> entries) {
    List<NamedValue> names = new ArrayList<>();
    for (Initializer entry : entries) {
      if (!(entry.value() instanceof InitializerList(List<Initializer> pair)) || pair.size() != 2) {
        return null;
      }
      names.add(new NamedValue(pair.get(0).value(), pair.get(1).value()));
    }
    return names.isEmpty() ? null : names.subList(0, names.size() - 1);
  }
}
