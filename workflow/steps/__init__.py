"""The workflow, one verb a file: ingest, translate, settle, publish."""
