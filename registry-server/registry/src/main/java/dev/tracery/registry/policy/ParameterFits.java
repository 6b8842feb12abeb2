package dev.tracery.registry.policy;

import dev.tracery.consumer.EventUse;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/// The parameters that a raw tracepoint hands over. They are internal: this tells a tool before it
/// loads whether they are the ones that it expects, and locks nothing.
final class ParameterFits {

  private ParameterFits() {}

  static UseFit fit(EventUse use, KernelView kernel) {
    EventName event = Objects.requireNonNull(use.event());
    if (!kernel.hasTypes()) {
      return kernel.layoutHash(event).isPresent()
          ? UseFit.unknown(FitReason.NO_BTF, "the kernel's BTF is not known")
          : UseFit.rejected(FitReason.MISSING, "there is no event " + event);
    }
    Optional<ParameterList> parameters = kernel.parameters(event.name());
    if (parameters.isEmpty()) {
      return kernel.layoutHash(event).isPresent()
          ? UseFit.unknown(
              FitReason.NO_BTF,
              "the kernel's own BTF has no tracepoint "
                  + event.name()
                  + "; if it is a module's, it is in the module's")
          : UseFit.rejected(FitReason.MISSING, "there is no tracepoint " + event.name());
    }
    List<Parameter> now = parameters.get().getParametersList();
    for (int i = 0; i < use.parameters().size(); i++) {
      EventUse.Parameter expected = use.parameters().get(i);
      if (i >= now.size() || !sameType(expected.type(), now.get(i).getType())) {
        return UseFit.rejected(
            FitReason.PARAMETERS_CHANGED,
            "parameter "
                + (i + 1)
                + ": "
                + text(expected.type(), expected.name())
                + " → "
                + (i >= now.size() ? "none" : text(now.get(i).getType(), now.get(i).getName())));
      }
    }
    return UseFit.exact();
  }

  /// All parameters of a tracepoint: `(bool preempt, struct task_struct *prev)`; empty if it is not
  /// known.
  static String text(KernelView kernel, EventName event) {
    return kernel
        .parameters(event.name())
        .map(list ->
            list.getParametersList().stream()
                .map(parameter -> text(parameter.getType(), parameter.getName()))
                .collect(Collectors.joining(", ", "(", ")")))
        .orElse("");
  }

  private static String text(String type, String name) {
    return name.isEmpty() ? type : type.endsWith("*") ? type + name : type + " " + name;
  }

  /// Whether two types are spelled the same but for blanks: `struct page *` and `struct page*`.
  static boolean sameType(String one, String other) {
    return one.equals(other) || squeezed(one).equals(squeezed(other));
  }

  private static String squeezed(String type) {
    StringBuilder out = new StringBuilder(type.length());
    boolean blank = false;
    for (int i = 0; i < type.length(); i++) {
      char c = type.charAt(i);
      if (Character.isWhitespace(c)) {
        blank = true;
        continue;
      }
      if (blank && isWord(c) && !out.isEmpty() && isWord(out.charAt(out.length() - 1))) {
        out.append(' ');
      }
      out.append(c);
      blank = false;
    }
    return out.toString();
  }

  private static boolean isWord(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }
}
