"""The kit for authors of plugins: a township in memory and the promises every plugin keeps, as tests."""
