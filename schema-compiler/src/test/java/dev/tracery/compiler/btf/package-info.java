@NullMarked
package dev.tracery.compiler.btf;

import org.jspecify.annotations.NullMarked;
