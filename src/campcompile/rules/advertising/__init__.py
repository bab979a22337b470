"""Medical-advertising law and claims: the ADV rules."""
