"""The command line: arguments, terminal, exit codes. One module per command, gathered by `main`."""
