"""The portal's side of the provider wire."""

from django.urls import path

from portal.connect import views

urlpatterns = [
    path("introspect", views.introspect),
    path("userinfo", views.userinfo),
    path("remarks/<uuid:remark_id>", views.remark),
]
