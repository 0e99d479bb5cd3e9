"""The student's way to an application: one question a page."""
