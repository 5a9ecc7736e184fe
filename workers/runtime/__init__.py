"""How external tasks are fetched, kept, worked and reported, whatever their topic."""
