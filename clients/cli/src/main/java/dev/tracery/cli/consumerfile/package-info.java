/// Consumer files: what a tool needs, written in YAML by hand. `docs/consumers.md` describes them.
@NullMarked
package dev.tracery.cli.consumerfile;

import org.jspecify.annotations.NullMarked;
