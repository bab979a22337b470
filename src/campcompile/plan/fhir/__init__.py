"""FHIR R4 as a practice's system exports it in bulk: NDJSON files become tables, through declared views."""
