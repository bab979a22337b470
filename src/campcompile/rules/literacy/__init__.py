"""Health literacy and content: the LIT rules."""
