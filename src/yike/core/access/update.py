"""One outlet more or one less, without searching the city again."""
