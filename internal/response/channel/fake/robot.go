package fake

import (
	"io"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"muster/internal/response/channel"
)

// openRobots opens the doors of the three providers of group robots. A group is a box
// named by the token in its robot's address; only robots of accounts exist.
func openRobots(c *Carrier) {
	wecomDoor(c)
	dingTalkDoor(c)
	feishuDoor(c)
}

// robotPost is one message to a robot, as far as the providers agree.
type robotPost struct {
	token    string
	customer *customer
	body     []byte
	query    url.Values
	now      time.Time
}

// robotPost reads a request; false: no account has a robot of this token.
func (c *Carrier) robotPost(provider, token string, r *http.Request) (robotPost, bool) {
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err != nil {
		return robotPost{}, false
	}
	owner := c.customerWhere(channel.Robot, provider, func(a channel.Account) bool {
		return token != "" && robotToken(a.Secrets["url"]) == token
	})
	return robotPost{token, owner, body, r.URL.Query(), c.Now()}, owner != nil
}

// robotToken is what identifies a robot in its address: the key, the access token or
// the last part of the path.
func robotToken(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	for _, name := range []string{"key", "access_token"} {
		if v := u.Query().Get(name); v != "" {
			return v
		}
	}
	return path.Base(u.Path)
}

func errcode(w http.ResponseWriter, code int, text string) {
	writeJSON(w, http.StatusOK, map[string]any{"errcode": code, "errmsg": text})
}

// withinHour is how far the time of a signature may be off.
func withinHour(at, now time.Time) bool { return at.Sub(now).Abs() <= time.Hour }

// headline is the first line of a card without its markup.
func headline(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	return strings.Trim(first, "*# ")
}
