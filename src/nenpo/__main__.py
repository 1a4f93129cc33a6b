"""The command line as ``python -m nenpo``, where no script is on the path."""

from nenpo.cli import main

if __name__ == "__main__":
    main()
