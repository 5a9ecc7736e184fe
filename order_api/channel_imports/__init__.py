"""Files of other systems, read as orders and sent over the API as their channel would."""
