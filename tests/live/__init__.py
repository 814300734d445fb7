"""What only a network can show: the services themselves, asked as Bobbin asks them."""
