"""What a customer is told, once per event and recipient. No address or refused for good: the history says so."""
