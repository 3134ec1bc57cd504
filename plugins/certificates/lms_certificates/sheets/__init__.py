"""The printed sheet: its words, drawings and layout. Takes a document, knows no database."""
