"""The SHA-256 of catalogue-1.4.json. `python -m focus_validate.spec.build` writes this file."""

CATALOGUE_SHA256 = "98ac5147223194699f086c53d7e2afe093bc45bd62aac00c5e312bd6413791b0"
