"""What an application is and what may happen to it. Knows no web, no database, no clock."""
