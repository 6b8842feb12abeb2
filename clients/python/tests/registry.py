"""A registry on loopback whose answers a test gives."""

from __future__ import annotations

from collections.abc import Callable
from concurrent import futures
from typing import Any

import grpc

from tracery.v1 import (
    admin_service_pb2,
    compatibility_service_pb2,
    consumer_service_pb2,
    negotiation_service_pb2,
    registry_service_pb2,
    translation_service_pb2,
)

_FILES = (
    admin_service_pb2,
    compatibility_service_pb2,
    consumer_service_pb2,
    negotiation_service_pb2,
    registry_service_pb2,
    translation_service_pb2,
)


class Registry(grpc.GenericRpcHandler):
    """Answers each method that `answers` has, by its name, and GetStatus."""

    def __init__(
        self,
        answers: dict[str, Callable[..., Any]],
        port: int = 0,
        host: str = "127.0.0.1",
        credentials: grpc.ServerCredentials | None = None,
    ) -> None:
        self.answers = {"GetStatus": lambda *_: admin_service_pb2.GetStatusResponse(), **answers}
        self.calls: list[str] = []
        self.metadata: list[dict[str, Any]] = []
        self._server = grpc.server(futures.ThreadPoolExecutor(8), handlers=[self])
        address = f"{host}:{port}"
        if credentials:
            self.port = self._server.add_secure_port(address, credentials)
        else:
            self.port = self._server.add_insecure_port(address)
        self._server.start()
        self.address = f"{host}:{self.port}"

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        _, service, name = handler_call_details.method.split("/")
        if name not in self.answers:
            return None
        self.calls.append(name)
        self.metadata.append(dict(handler_call_details.invocation_metadata))
        for file in _FILES:
            described = file.DESCRIPTOR.services_by_name.get(service.rpartition(".")[2])
            if described is not None:
                method = described.methods_by_name[name]
                request = getattr(file, method.input_type.name)
                make = {
                    (False, False): grpc.unary_unary_rpc_method_handler,
                    (False, True): grpc.unary_stream_rpc_method_handler,
                    (True, False): grpc.stream_unary_rpc_method_handler,
                    (True, True): grpc.stream_stream_rpc_method_handler,
                }[method.client_streaming, method.server_streaming]
                return make(self.answers[name], request.FromString, lambda message: message.SerializeToString())
        return None

    def stop(self) -> None:
        self._server.stop(None).wait()

    def __enter__(self) -> Registry:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
