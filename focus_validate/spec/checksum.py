"""The SHA-256 of catalogue-1.4.json. `python -m focus_validate.spec.build` writes this file."""

CATALOGUE_SHA256 = "4913246e934aaac1f17125e429447b3d0bca53cf7c6de6bdf3d266df7f1666e5"
