"""The student's doors: the start page, logging in and out, the overview."""
