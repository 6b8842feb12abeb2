/// Records become protobuf messages: the interpreter of decode plans, the generator of classes and
/// bundles, and the writer of translated traces.
///
/// Without a registry: [EventTypes] gives each event id its type, with [FreshSchemas] and
/// [GeneratedTranslators], and [TraceItemWriter] writes the stream. With bundles: [BundleWriter]
/// makes one for a kernel; who installs it finds it by the capability `tracery.translator`
/// ([BundleWriter#CAPABILITY]), reads the entry [TranslatorIndex#PATH], and registers `new
/// IndexedTranslators(index, bundle::loadClass)` as a [dev.tracery.translator.KernelTranslator].
@NullMarked
@Version("0.1.0")
package dev.tracery.translate;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
