# Sources of the rules in habits.def: sorted, one line a file.
LINT_HABITS =
