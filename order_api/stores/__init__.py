"""Order collections and their stores. The properties of a collection configure the service for its orders."""
