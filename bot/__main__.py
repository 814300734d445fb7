"""Run ``python -m bot`` as the command ``bobbin``."""

from bot.cli import main

if __name__ == "__main__":
    main()
