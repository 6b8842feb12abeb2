package dev.tracery.translate.server;

import dev.tracery.registry.Registry;
import dev.tracery.trace.TraceLimits;
import dev.tracery.translate.guard.ForeignThreads;

/// What all streams share.
record Parts(
    Registry registry,
    TranslatorPool pool,
    GeneratedBundles generated,
    ForeignThreads threads,
    TraceLimits limits) {}
