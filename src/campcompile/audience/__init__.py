"""Who gets a campaign's e-mails, as one query: conditions become relations, relations SQL for three engines."""
