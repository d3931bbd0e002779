package account

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"

	"github.com/google/uuid"

	"muster/internal/errs"
)

// Token makes a signed token for one purpose and one thing, good until an
// instant (to the second): what a link carries instead of a session. It is
// `key-id.bytes.mac`; nothing is stored.
func (s *Sealer) Token(purpose string, id uuid.UUID, until time.Time) string {
	body := binary.BigEndian.AppendUint64(id[:], uint64(until.Unix()))
	return s.current + "." + b64(body) + "." + s.tokenMAC(s.current, purpose, body)
}

// OpenToken reads a token back. One that was changed, made for another purpose
// or is over is refused; over says so.
func (s *Sealer) OpenToken(purpose, token string, at time.Time) (uuid.UUID, error) {
	part := strings.Split(token, ".")
	invalid := errs.New(errs.Forbidden, "link_invalid", "链接无效，请使用最近收到的链接或签收码")
	if len(part) != 3 {
		return uuid.Nil, invalid
	}
	body, err := base64.RawURLEncoding.DecodeString(part[1])
	if _, known := s.keys[part[0]]; !known || err != nil || len(body) != 24 {
		return uuid.Nil, invalid
	}
	if !hmac.Equal([]byte(part[2]), []byte(s.tokenMAC(part[0], purpose, body))) {
		return uuid.Nil, invalid
	}
	if at.Unix() > int64(binary.BigEndian.Uint64(body[16:])) {
		return uuid.Nil, errs.New(errs.Gone, "link_over", "链接已过期")
	}
	return uuid.UUID(body[:16]), nil
}

func (s *Sealer) tokenMAC(key, purpose string, body []byte) string {
	_, mac, _ := strings.Cut(strings.TrimPrefix(s.hash(key, "token/"+purpose, string(body)), "1."+key+"."), ".")
	return mac
}
