"""What a change does to patients: two compiled programmes become one account. Printing it is the reporters' work."""
