"""The methods on offer; a second one of the same name fails at import."""

from identity.methods.base import Method
from identity.methods.citizen_certificate import CitizenCertificate
from identity.methods.two_documents import TwoDocuments
from mydata.core.errors import Malformed


class Registry:
    """Methods by name."""

    def __init__(self, *methods: Method) -> None:
        self._methods: dict[str, Method] = {}
        for method in methods:
            self.register(method)

    def register(self, method: Method) -> None:
        """Add a method. Raises ValueError for a name that is taken."""
        if method.name in self._methods:
            message = f"there is a method {method.name!r} already"
            raise ValueError(message)
        self._methods[method.name] = method

    def find(self, name: str) -> Method:
        """Return the method. Raises Malformed."""
        if name not in self._methods:
            raise Malformed(path="method")
        return self._methods[name]

    def offered(self) -> list[Method]:
        """List the methods, the strongest first."""
        return sorted(self._methods.values(), key=lambda method: method.level.value)


methods = Registry(CitizenCertificate(), TwoDocuments())
offered = methods.offered
find = methods.find
