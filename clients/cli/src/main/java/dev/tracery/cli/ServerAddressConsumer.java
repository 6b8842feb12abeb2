package dev.tracery.cli;

import java.util.Stack;
import java.util.regex.Pattern;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/// Takes the address after `--server`, if one stands there: what follows may be the file.
final class ServerAddressConsumer implements IParameterConsumer {

  private static final Pattern ADDRESS = Pattern.compile("[^/]+:\\d{1,5}");

  // Why Stack: picocli's interface has it.
  @SuppressWarnings("JdkObsolete")
  @Override
  public void consumeParameters(Stack<String> args, ArgSpec option, CommandSpec command) {
    boolean isAddress = !args.isEmpty() && ADDRESS.matcher(args.peek()).matches();
    option.setValue(isAddress ? args.pop() : "");
  }
}
