/// Tests that run commands as the shell would, but within this process, against a server that is
/// made of a few lambdas. What they print is compared with files under `src/test/resources/golden`,
/// which `-Dgolden.rewrite=true` writes anew.
@NullMarked
package dev.tracery.cli;

import org.jspecify.annotations.NullMarked;
