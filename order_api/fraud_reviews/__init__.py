"""How likely it is that an order is fraudulent, and why. The DMN table and people decide what follows."""
