"""Use cases, one verb each: the only floor where host, store and core meet."""
