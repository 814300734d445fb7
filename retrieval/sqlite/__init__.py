"""What the store is made of: connections, migrations, rows, and the transaction of one import."""
