/// Who may talk to the server, and how: TLS, client certificates and tokens, out of files that are
/// read again when they change (`docs/decisions/1511`, `1512`).
@NullMarked
package dev.tracery.grpc.security;

import org.jspecify.annotations.NullMarked;
