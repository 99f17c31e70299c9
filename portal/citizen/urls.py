"""The addresses of the citizen's pages."""

from django.urls import path

from portal.citizen import (
    choosing,
    consenting,
    datasets,
    home,
    parcels,
    previewing,
    receipts,
    record,
    speaking,
    verifying,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("datasets", datasets.listing, name="datasets"),
    path("datasets/<slug:dataset_id>", datasets.dataset, name="dataset"),
    path("choose", choosing.choose, name="choose"),
    path("choose/add", choosing.add, name="choose_add"),
    path("choose/remove", choosing.remove, name="choose_remove"),
    path("identify", verifying.methods, name="verify"),
    path("identify/two_documents", verifying.two_documents, name="two_documents"),
    path("identify/citizen_certificate", verifying.citizen_certificate, name="citizen_certificate"),
    path("identify/citizen_certificate/<uuid:verification_id>", verifying.challenge, name="challenge"),
    path("language", speaking.speak, name="speak"),
    path("sign-out", verifying.sign_out, name="sign_out"),
    path("consent/<uuid:grant_id>", consenting.consent, name="consent"),
    path("consent/<uuid:grant_id>/give", consenting.give, name="consent_give"),
    path("consent/<uuid:grant_id>/refuse", consenting.refuse, name="consent_refuse"),
    path("grants/<uuid:grant_id>/withdraw", consenting.withdraw, name="withdraw"),
    path("grants/<uuid:grant_id>/receipt", receipts.consent, name="consent_receipt"),
    path("grants/<uuid:grant_id>/receipt.jws", receipts.consent_signed, name="consent_receipt_signed"),
    path("parcels", parcels.listing, name="parcels"),
    path("parcels/<uuid:parcel_id>", parcels.parcel, name="parcel"),
    path("parcels/<uuid:parcel_id>/progress", parcels.progress, name="progress"),
    path("parcels/<uuid:parcel_id>/claim", parcels.claim, name="claim"),
    path("parcels/<uuid:parcel_id>/file", parcels.file, name="file"),
    path("parcels/<uuid:parcel_id>/received", parcels.received, name="received"),
    path("parcels/<uuid:parcel_id>/items/<slug:dataset_id>", previewing.preview, name="preview"),
    path("parcels/<uuid:parcel_id>/deletion-receipt", receipts.deletion, name="deletion_receipt"),
    path("parcels/<uuid:parcel_id>/deletion-receipt.jws", receipts.deletion_signed, name="deletion_receipt_signed"),
    path("usage", record.usage, name="usage"),
    path("notices", record.notices, name="notices"),
]
