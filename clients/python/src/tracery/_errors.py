"""What can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import grpc

    from ._negotiated import Negotiated
    from .v1.compatibility_pb2 import CompatibilityReport
    from .v1.diagnostic_pb2 import Diagnostic


class TraceryError(Exception):
    """Every error of this library is one of these, but for wrong arguments and unreadable files."""


class PlanError(TraceryError, ValueError):
    """A decode plan, or a descriptor, is not as the registry's protocol says."""


class Refused(TraceryError):
    """The tool cannot run on this kernel."""

    def __init__(self, tool: str, negotiated: Negotiated) -> None:
        super().__init__(f"{tool} cannot run on this kernel: " + "; ".join(negotiated.reasons))
        self.reasons: tuple[str, ...] = negotiated.reasons
        """Why: one sentence for each requirement and field that is not as the tool needs it."""
        self.negotiated: Negotiated = negotiated
        """The whole answer."""


class Violation(NamedTuple):
    """A field of a request that is wrong."""

    field: str
    """Its path: `header.identity.page_size`."""
    description: str
    """What is wrong with it."""


class RegistryError(TraceryError):
    """The registry refused a call, or failed."""

    def __init__(
        self,
        code: grpc.StatusCode,
        message: str,
        *,
        reason: str = "",
        violations: tuple[Violation, ...] = (),
        diagnostics: tuple[Diagnostic, ...] = (),
        missing: tuple[str, str] | None = None,
        report: CompatibilityReport | None = None,
    ) -> None:
        super().__init__(message)
        self.code: grpc.StatusCode = code
        """The status code."""
        self.reason: str = reason
        """The reason within the code, as the registry names it: `STORE_FULL`. Empty if there is none."""
        self.violations: tuple[Violation, ...] = violations
        """Which fields of the request are wrong; for INVALID_ARGUMENT."""
        self.diagnostics: tuple[Diagnostic, ...] = diagnostics
        """What was found in the formats that were sent."""
        self.missing: tuple[str, str] | None = missing
        """What is not there; for NOT_FOUND: `("kernel", "6.1.0")`."""
        self.report: CompatibilityReport | None = report
        """What the kernel breaks whose registration was refused for that."""


class Unreachable(RegistryError):
    """The registry cannot be reached, and for a negotiation nothing is kept from an earlier start."""
