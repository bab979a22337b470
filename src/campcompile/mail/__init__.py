"""Model to MJML to HTML and plain text."""
