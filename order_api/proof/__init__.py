"""The arithmetic of a priced order: read it, prove it, split it. Pure; knows neither tables nor HTTP."""
