"""Run ``python -m bot`` as the command ``bobbin``."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
