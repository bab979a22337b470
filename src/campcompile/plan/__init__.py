"""Who is due: the bundles' queries on a practice's data. The only room that knows a database."""
