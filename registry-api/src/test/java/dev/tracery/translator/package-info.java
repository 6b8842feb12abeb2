/// What generated translators call.
@NullMarked
package dev.tracery.translator;

import org.jspecify.annotations.NullMarked;
