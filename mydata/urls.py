"""The roof: which face answers where. Every view names its gate."""

from django.urls import include, path

from portal.wellknown import views as wellknown

urlpatterns = [
    path("healthz", wellknown.healthz),
    path("readyz", wellknown.readyz),
    path(".well-known/jwks.json", wellknown.jwks),
    path(".well-known/portal-ca.pem", wellknown.portal_ca),
    path("connect/", include("portal.connect.urls")),
    path("api/v1/", include("portal.api.urls")),
    path("", include("portal.citizen.urls")),
]

handler400 = "portal.problems.malformed"
handler403 = "portal.problems.not_found"
handler404 = "portal.problems.not_found"
handler500 = "portal.problems.broken"
