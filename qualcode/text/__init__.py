"""Reading text: turns, blocks, sentences, words, and making it safe to show. No SQL, no files."""
