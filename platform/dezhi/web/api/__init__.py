"""The API for programs: each action of a screen is a call here, with the same services and the same reach."""
