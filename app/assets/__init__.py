"""The portal's own CSS and JavaScript, and the command that builds them for the browser."""
