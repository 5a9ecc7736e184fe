"""How likely an order is fraud, and why. What follows from it is decided by the DMN and by people."""
