"""Turns the status of a failed call into an error, google.rpc's details included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from google.protobuf.message import DecodeError

from . import _status_pb2
from ._errors import RegistryError, Unreachable, Violation

if TYPE_CHECKING:
    import grpc

_DETAILS = "grpc-status-details-bin"
# The operating system's reason, in gRPC's words.
_CONNECTING = re.compile(r"Failed to connect to remote host: (?:connect: )?(.+?)(?: \(\d+\))?$")


def read_error(failure: grpc.RpcError) -> RegistryError:
    """What `failure` says."""
    import grpc

    call: grpc.Call = failure  # type: ignore[assignment] # Every RpcError of a call is one.
    code = call.code()
    message = call.details() or "no reason given"
    status = _status(call)
    if code is grpc.StatusCode.UNAVAILABLE:
        error: RegistryError = Unreachable(code, status.message or _connection_reason(message))
    else:
        error = RegistryError(code, status.message or message)
    for detail in status.details:
        try:
            _add(error, detail.type_url.rpartition("/")[2], detail.value)
        except DecodeError:
            continue  # A detail that cannot be read must not hide the status that it explains.
    return error


def _connection_reason(message: str) -> str:
    match = _CONNECTING.search(message)
    return match[1] if match else message


def _status(call: grpc.Call) -> _status_pb2.Status:
    for key, value in call.trailing_metadata() or ():
        if key == _DETAILS and isinstance(value, bytes):
            try:
                return _status_pb2.Status.FromString(value)
            except DecodeError:
                break
    return _status_pb2.Status()


def _add(error: RegistryError, name: str, value: bytes) -> None:
    if name == "google.rpc.ErrorInfo":
        error.reason = _status_pb2.ErrorInfo.FromString(value).reason
    elif name == "google.rpc.BadRequest":
        request = _status_pb2.BadRequest.FromString(value)
        error.violations += tuple(Violation(v.field, v.description) for v in request.field_violations)
    elif name == "google.rpc.ResourceInfo":
        resource = _status_pb2.ResourceInfo.FromString(value)
        error.missing = (resource.resource_type, resource.resource_name)
    elif name == "tracery.v1.Diagnostic":
        from .v1.diagnostic_pb2 import Diagnostic

        error.diagnostics += (Diagnostic.FromString(value),)
    elif name == "tracery.v1.CompatibilityReport":
        from .v1.compatibility_pb2 import CompatibilityReport

        error.report = CompatibilityReport.FromString(value)
