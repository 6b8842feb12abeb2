/// What people might write: these classes go into bundles of their own, which tests install.
@NullMarked
package dev.tracery.translate.people;

import org.jspecify.annotations.NullMarked;
