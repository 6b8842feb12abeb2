/// Decode plans as they are run: checked ([Move]), field by field ([FieldReader]), and record by
/// record into messages ([PlanInterpreter]). The Java client, the command and the server read
/// records with these and no others; generated classes are tested against them.
@NullMarked
@Version("0.1.0")
package dev.tracery.decode;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
