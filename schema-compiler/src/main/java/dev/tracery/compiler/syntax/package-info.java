/// The text of a `format` file as a syntax tree: header, field lines with their columns, and where
/// the print format lies. What is wrong with a file is collected here, too.
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.syntax;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
