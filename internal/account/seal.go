package account

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"sort"
	"strings"

	"muster/internal/errs"
)

// Sealer seals single values of personal data (AES-256-GCM, NIST SP 800-38D)
// and makes keyed hashes (HMAC-SHA-256) by which the same value is found again.
//
// A sealed value reads `1.key-id.a256gcm.nonce.bytes`; the place it stands in
// (table, column, row) is authenticated with it, so that it opens nowhere else.
// A hash reads `1.key-id.hs256.bytes`. Old keys stay for opening; the newest
// seals.
type Sealer struct {
	keys    map[string]sealKey
	current string
	oldest  string
}

// PhonePurpose is what the hashes of phone numbers are made for.
const PhonePurpose = "phone"

type sealKey struct {
	aead   cipher.AEAD
	hashes []byte
}

// NewSealer reads a key ring of the form `id:base64,id:base64`, each key 32
// bytes; the id that sorts last is the current one. Errors name the id, never
// the key.
func NewSealer(ring string) (*Sealer, error) {
	s := &Sealer{keys: map[string]sealKey{}}
	for entry := range strings.SplitSeq(strings.TrimSpace(ring), ",") {
		id, encoded, _ := strings.Cut(strings.TrimSpace(entry), ":")
		key, err := base64.StdEncoding.DecodeString(encoded)
		if id == "" || strings.Contains(id, ".") || err != nil || len(key) != 32 {
			return nil, errs.New(errs.Fix, "seal_key", "密钥 %q 不对：应为 编号:32字节的base64", id)
		}
		if s.keys[id], err = newSealKey(key); err != nil {
			return nil, err
		}
	}
	ids := make([]string, 0, len(s.keys))
	for id := range s.keys {
		ids = append(ids, id)
	}
	sort.Strings(ids)
	s.oldest, s.current = ids[0], ids[len(ids)-1]
	return s, nil
}

// NewKeyRing makes a ring with one fresh key.
func NewKeyRing(id string) string {
	var key [32]byte
	_, _ = rand.Read(key[:])
	return id + ":" + base64.StdEncoding.EncodeToString(key[:])
}

func newSealKey(key []byte) (sealKey, error) {
	block, err := aes.NewCipher(derive(key, "seal"))
	if err != nil {
		return sealKey{}, err
	}
	aead, err := cipher.NewGCM(block)
	return sealKey{aead: aead, hashes: derive(key, "hash")}, err
}

func derive(key []byte, purpose string) []byte {
	m := hmac.New(sha256.New, key)
	m.Write([]byte("muster/" + purpose))
	return m.Sum(nil)
}

// CurrentKey is the id of the key that seals.
func (s *Sealer) CurrentKey() string { return s.current }

// Seal seals plain for its place: table, column and row id.
func (s *Sealer) Seal(table, column, row, plain string) string {
	k := s.keys[s.current]
	nonce := make([]byte, k.aead.NonceSize())
	_, _ = rand.Read(nonce)
	sealed := k.aead.Seal(nil, nonce, []byte(plain), place(table, column, row))
	return strings.Join([]string{"1", s.current, "a256gcm", b64(nonce), b64(sealed)}, ".")
}

// Open opens a sealed value in its place. The error says which key is missing
// or that the value was moved or changed; never what it holds.
func (s *Sealer) Open(table, column, row, sealed string) (string, error) {
	part := strings.Split(sealed, ".")
	if len(part) != 5 || part[0] != "1" || part[2] != "a256gcm" {
		return "", errs.New(errs.Internal, "seal_form", "%s.%s 的密文格式不认识", table, column)
	}
	k, known := s.keys[part[1]]
	if !known {
		return "", errs.New(errs.Internal, "seal_key_missing", "缺少密钥 %q", part[1])
	}
	nonce, err1 := base64.RawURLEncoding.DecodeString(part[3])
	bytes, err2 := base64.RawURLEncoding.DecodeString(part[4])
	if err1 != nil || err2 != nil || len(nonce) != k.aead.NonceSize() {
		return "", errs.New(errs.Internal, "seal_form", "%s.%s 的密文格式不认识", table, column)
	}
	plain, err := k.aead.Open(nil, nonce, bytes, place(table, column, row))
	if err != nil {
		return "", errs.New(errs.Internal, "seal_broken", "%s.%s 的密文打不开：密钥不同，或被移动、改动过", table, column)
	}
	return string(plain), nil
}

// Hash is the keyed hash of a value under the current key; purpose keeps the
// hashes of phones and ID numbers apart.
func (s *Sealer) Hash(purpose, value string) string { return s.hash(s.current, purpose, value) }

// Lasting is a keyed hash that stays the same when a key is added to the ring: it
// is made with the oldest key, which stays for opening. For what has to be
// recognised again, and is only ever compared with itself; it changes when that key
// is taken off.
func (s *Sealer) Lasting(purpose, value string) string { return s.hash(s.oldest, purpose, value) }

// Hashes is the hash under every key of the ring, for finding a value that was
// stored under an older one.
func (s *Sealer) Hashes(purpose, value string) []string {
	var all []string
	for id := range s.keys {
		all = append(all, s.hash(id, purpose, value))
	}
	sort.Strings(all)
	return all
}

func (s *Sealer) hash(id, purpose, value string) string {
	m := hmac.New(sha256.New, s.keys[id].hashes)
	fmt.Fprintf(m, "%s\x00%s", purpose, value)
	return "1." + id + ".hs256." + b64(m.Sum(nil))
}

func place(table, column, row string) []byte {
	return []byte(table + "\x00" + column + "\x00" + row)
}

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
