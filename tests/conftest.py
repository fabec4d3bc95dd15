"""What all tests share. Fixtures of one floor live in that floor's own conftest.py."""
