"""A SIS that plays along (SIS-7): it takes a koppelpunt's messages over the API as any SIS does,
acknowledges them and answers with statuses. `python -m digistub.sis --help`."""
