"""Addresses of the API, below `/api/v1/`; each goes by an `operationId` of the contract."""

from django.urls import path

from portal.api import account, catalogue, codes, document, grants, parcels, remarks, session, usage, verifications

app_name = "api"
urlpatterns = [
    path("openapi.json", document.Document.as_view(), name="openapi"),
    path("session", session.Session.as_view(), name="getSession"),
    path("datasets", catalogue.Datasets.as_view(), name="listDatasets"),
    path("services", catalogue.Services.as_view(), name="listServices"),
    path("verifications", verifications.Verifications.as_view(), name="startVerification"),
    path("verifications/<uuid:id>/answer", verifications.Answer.as_view(), name="answerVerification"),
    path("grants", grants.Grants.as_view(), name="draftGrant"),
    path("grants/<uuid:id>/give", grants.Give.as_view(), name="giveGrant"),
    path("grants/<uuid:id>/refuse", grants.Refuse.as_view(), name="refuseGrant"),
    path("grants/<uuid:id>/withdraw", grants.Withdraw.as_view(), name="withdrawGrant"),
    path("grants/<uuid:id>/receipt", grants.Receipt.as_view(), name="getReceipt"),
    path("parcels", parcels.Parcels.as_view(), name="listParcels"),
    path("parcels/<uuid:id>", parcels.Parcel.as_view(), name="getParcel"),
    path("parcels/<uuid:id>/items/<slug:dataset>", parcels.Item.as_view(), name="previewItem"),
    path("parcels/<uuid:id>/items/<slug:dataset>/remarks", remarks.OfItem.as_view(), name="makeRemark"),
    path("parcels/<uuid:id>/claim", parcels.Claim.as_view(), name="claimParcel"),
    path("parcels/<uuid:id>/file", parcels.File.as_view(), name="downloadParcel"),
    path("parcels/<uuid:id>/received", parcels.Received.as_view(), name="acknowledgeParcel"),
    path("account", account.Account.as_view(), name="getAccount"),
    path("remarks", remarks.Remarks.as_view(), name="listRemarks"),
    path("parcels/<uuid:id>/codes", codes.Codes.as_view(), name="createCode"),
    path("codes/<uuid:id>", codes.Code.as_view(), name="revokeCode"),
    path("pickups", codes.PickUps.as_view(), name="pickUp"),
    path("usage", usage.Usage.as_view(), name="listUsage"),
    path("notices", usage.Notices.as_view(), name="listNotices"),
]
