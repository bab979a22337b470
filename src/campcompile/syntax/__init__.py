"""What was written: spans, findings, suggestions; YAML, templates, Markdown, MJML and schemas as trees."""
