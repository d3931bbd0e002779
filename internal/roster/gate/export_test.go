package gate

// Digest is the lower hex of SHA-256.
func Digest(text string) string { return digest(text) }
