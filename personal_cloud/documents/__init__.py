"""The papers in the citizen's zip: a certificate to read and print (PDF) and a table to calculate with (CSV)."""

from personal_cloud.documents.csv import render_csv
from personal_cloud.documents.pdf import Head, render_pdf

__all__ = ["Head", "render_csv", "render_pdf"]
