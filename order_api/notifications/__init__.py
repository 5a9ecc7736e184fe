"""What a customer is told, once per event and recipient. No address, no mail, and the history says so."""
