"""How likely an order is fraud, and why. The DMN table and people decide what follows."""
