"""`make deploy` and `make rollback`: a release of this bundle goes out, and can be taken back."""
