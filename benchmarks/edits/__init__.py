"""What an edit saves: the characters of search-and-replace blocks against those of the whole artifact."""
