"""The contract: all that a plugin's author imports. It knows msgspec, pluggy and the standard library, nothing else."""
