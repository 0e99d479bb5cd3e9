"""How fast the portal is: `python -m bench`."""
