/// Makes the data of `clients/conformance`, with which every client library is tested, from the
/// sample kernels, and checks that it is not stale.
@org.jspecify.annotations.NullMarked
package dev.tracery.conformance;
