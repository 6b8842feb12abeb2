/// Who depends on what, through all revisions: the fold of what was declared, observed and ended.
@NullMarked
package dev.tracery.registry.claims;

import org.jspecify.annotations.NullMarked;
