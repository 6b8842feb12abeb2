"""The registry's protocol: messages that protoc generated from `tracery/v1/*.proto`.

Each file is a module: `tracery.v1.kernel_pb2` has `KernelIdentity`, and so on.
"""
