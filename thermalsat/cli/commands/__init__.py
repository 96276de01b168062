"""One module for each command; each has ``run(args) -> Answer``. They are imported when they are asked for."""
