"""Events: what each one says, and in which order they may stand."""
