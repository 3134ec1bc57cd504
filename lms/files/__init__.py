"""Documents: what people need to know about a file, over bytes kept under their SHA-256."""

from lms.files.blobs import BlobDamagedError, BlobMissingError, read
from lms.files.queries import DocumentFacts, document_facts, documents_about, visible
from lms.files.services import fetch, open_document, store

__all__ = [
    "BlobDamagedError",
    "BlobMissingError",
    "DocumentFacts",
    "document_facts",
    "documents_about",
    "fetch",
    "open_document",
    "read",
    "store",
    "visible",
]
