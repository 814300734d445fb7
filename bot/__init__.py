"""Everything that a person meets: Discord, the terminal, and the settings behind them."""

__all__ = ["__version__"]

__version__ = "0.1.0"
