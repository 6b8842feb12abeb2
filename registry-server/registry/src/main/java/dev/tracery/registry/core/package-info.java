/// The registry itself: writes checked, appended and applied; reads answered from the index.
@NullMarked
package dev.tracery.registry.core;

import org.jspecify.annotations.NullMarked;
