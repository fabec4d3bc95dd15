"""What a deed gives: a row's own arithmetic, precedence, what was given before, and what limits leave."""
