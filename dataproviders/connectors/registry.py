"""The wire formats on offer; a second one of the same name fails at import."""

from dataproviders.connectors.base import Connector
from dataproviders.connectors.signed_json import SignedJson
from dataproviders.connectors.signed_zip import SignedZip


class Registry:
    """Connectors by the name of their wire format."""

    def __init__(self, *connectors: Connector) -> None:
        self._connectors: dict[str, Connector] = {}
        for connector in connectors:
            self.register(connector)

    def register(self, connector: Connector) -> None:
        """Add a connector. Raises ValueError for a name that is taken."""
        if connector.wire in self._connectors:
            message = f"there is a connector {connector.wire!r} already"
            raise ValueError(message)
        self._connectors[connector.wire] = connector

    def of(self, wire: str) -> Connector:
        """Return the connector of a wire format. Raises KeyError."""
        return self._connectors[wire]


connectors = Registry(SignedZip(), SignedJson())
of = connectors.of
