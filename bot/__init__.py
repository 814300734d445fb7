"""Everything that a person meets: Discord, the terminal, and the settings behind them."""
