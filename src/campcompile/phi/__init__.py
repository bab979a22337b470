"""What health privacy asks of words: who is told apart by them, and what they say of somebody."""
