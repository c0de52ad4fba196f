"""The program as an operator meets it: processes, exit codes, files and what is printed."""
