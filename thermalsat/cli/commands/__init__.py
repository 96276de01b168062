"""One module for each command, with ``run(args) -> Answer``, imported when it is asked for."""
