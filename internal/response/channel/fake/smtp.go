package fake

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strings"
	"sync"

	"muster/internal/response/channel"
)

func openEmail(c *Carrier) {
	c.doors = append(c.doors, &Door{Name: "smtp/email", Label: "电子邮件", Kind: channel.Email})
}

// ServeSMTP takes mail on a listener until ctx ends (RFC 5321, as much of it as a
// sender needs). With a TLS configuration it offers STARTTLS. Boxes are mail
// addresses; one scripted as Nobody does not exist, one as Off is over its quota.
func (c *Carrier) ServeSMTP(ctx context.Context, l net.Listener, encrypt *tls.Config) error {
	defer context.AfterFunc(ctx, func() { _ = l.Close() })()
	var open sync.WaitGroup
	defer open.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		open.Go(func() {
			defer func() { _ = conn.Close() }()
			defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
			s := &smtpTalk{carrier: c, ctx: ctx, conn: conn, text: textproto.NewConn(conn), encrypt: encrypt, door: c.door("smtp/email")}
			s.serve()
		})
	}
}

// smtpTalk is one connection.
type smtpTalk struct {
	carrier *Carrier
	ctx     context.Context
	conn    net.Conn
	text    *textproto.Conn
	encrypt *tls.Config
	door    *Door
	user    *customer // who signed in
	from    string
	to      []string
	fate    Fate
}

func (s *smtpTalk) serve() {
	s.say("220 fake.carrier ESMTP")
	for {
		line, err := s.text.ReadLine()
		if err != nil || !s.obey(line) {
			return
		}
	}
}

func (s *smtpTalk) say(lines ...string) bool {
	for _, line := range lines {
		if s.text.PrintfLine("%s", line) != nil {
			return false
		}
	}
	return true
}

// obey does one command; false: the talk is over.
func (s *smtpTalk) obey(line string) bool {
	verb, rest, _ := strings.Cut(line, " ")
	switch strings.ToUpper(verb) {
	case "EHLO", "HELO":
		return s.hello()
	case "STARTTLS":
		return s.startTLS()
	case "AUTH":
		return s.signIn(rest)
	case "MAIL":
		return s.begin(address(rest))
	case "RCPT":
		return s.receiver(address(rest))
	case "DATA":
		return s.data()
	case "RSET", "NOOP":
		return s.say("250 2.0.0 OK")
	case "QUIT":
		s.say("221 2.0.0 Bye")
		return false
	}
	return s.say("502 5.5.1 Command not implemented")
}

func (s *smtpTalk) hello() bool {
	able := []string{"fake.carrier", "8BITMIME", "ENHANCEDSTATUSCODES"}
	if s.encrypt != nil {
		able = append(able, "STARTTLS")
	}
	if s.asksSignIn() {
		able = append(able, "AUTH PLAIN LOGIN")
	}
	for i := range able {
		able[i] = map[bool]string{true: "250 ", false: "250-"}[i == len(able)-1] + able[i]
	}
	return s.say(able...)
}

func (s *smtpTalk) startTLS() bool {
	if s.encrypt == nil || !s.say("220 2.0.0 Ready") {
		return false
	}
	encrypted := tls.Server(s.conn, s.encrypt)
	s.conn, s.encrypt, s.text = encrypted, nil, textproto.NewConn(encrypted)
	return encrypted.HandshakeContext(s.ctx) == nil
}

// asksSignIn says whether an account has a user.
func (s *smtpTalk) asksSignIn() bool {
	return s.account(func(a channel.Account) bool { return a.Settings["user"] != "" }) != nil
}

func (s *smtpTalk) account(fits func(channel.Account) bool) *customer {
	return s.carrier.customerWhere(channel.Email, "smtp", fits)
}

// signIn is AUTH PLAIN with an initial response (RFC 4616).
func (s *smtpTalk) signIn(rest string) bool {
	_, encoded, _ := strings.Cut(rest, " ")
	raw, _ := base64.StdEncoding.DecodeString(encoded)
	parts := strings.Split(string(raw), "\x00")
	s.user = s.account(func(a channel.Account) bool {
		return len(parts) == 3 && parts[1] != "" && parts[1] == a.Settings["user"] && parts[2] == a.Secrets["password"]
	})
	if s.user == nil {
		return s.say("535 5.7.8 Authentication credentials invalid")
	}
	return s.say("235 2.7.0 Accepted")
}

// begin starts a letter; here the door's conditions are met.
func (s *smtpTalk) begin(from string) bool {
	if s.asksSignIn() && s.user == nil {
		return s.say("530 5.7.0 Authentication required")
	}
	s.from, s.to = from, nil
	switch s.fate = s.carrier.Fate(s.ctx, s.door); s.fate {
	case Away:
		s.say("421 4.3.2 Service not available")
		return false
	case Busy:
		return s.say("451 4.3.0 Try again later")
	case Closed:
		return false
	case Lost:
		_, _ = io.Copy(io.Discard, s.conn) // until the other side gives up
		return false
	}
	return s.say("250 2.1.0 OK")
}

func (s *smtpTalk) receiver(to string) bool {
	if p, ok := s.carrier.persons.Load(to); ok {
		switch p.(Person).Text {
		case Nobody:
			return s.say("550 5.1.1 User unknown")
		case Off:
			return s.say("452 4.2.2 Mailbox full")
		}
	}
	s.to = append(s.to, to)
	return s.say("250 2.1.5 OK")
}

func (s *smtpTalk) data() bool {
	if len(s.to) == 0 {
		return s.say("503 5.5.1 No valid recipients")
	}
	if !s.say("354 Go ahead") {
		return false
	}
	raw, err := io.ReadAll(io.LimitReader(s.text.DotReader(), 1<<20))
	if err != nil {
		return false
	}
	it, err := readLetter(raw)
	if err != nil {
		return s.say("554 5.6.0 Unreadable")
	}
	owner := s.user
	if owner == nil {
		owner = s.account(func(a channel.Account) bool { return a.Settings["from"] == s.from })
	}
	for _, to := range slices.Compact(s.to) {
		s.carrier.Deliver(s.door, owner, Box{Mailbox, to}, it)
	}
	switch s.fate {
	case Unheard:
		return false
	case Nonsense:
		return s.say("<html>It works!</html>")
	}
	return s.say("250 2.0.0 Queued")
}

// address is what stands between < and > of MAIL and RCPT.
func address(rest string) string {
	_, after, _ := strings.Cut(rest, "<")
	inside, _, _ := strings.Cut(after, ">")
	return inside
}
