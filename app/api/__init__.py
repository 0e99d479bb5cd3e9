"""The door for systems: a school's SIS reads its applications and sends statuses back."""
