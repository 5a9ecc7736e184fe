"""Order collections and their stores: which properties steer the service for a set of orders."""
