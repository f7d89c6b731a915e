"""The library of sittings on disk: the only place with SQL."""
